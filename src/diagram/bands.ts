/**
 * Flow bands: a line with too many dots on it to tell them apart is drawn as a band whose width says how many, with the rate
 * per second beside it. The rate is counted in the log, in the last second of trace time, and never guessed from the crowd.
 */
import type { Frame } from '../trace/frame.ts';
import type { Stage } from '../trace/hops.ts';
import type { TraceLog } from '../trace/log.ts';
import { countUntil } from '../trace/search.ts';
import { indexOf } from '../trace/trace-index.ts';
import { edgeOf } from './dots.ts';
import type { Edge, Layout } from './layout.ts';
import { EDGES } from './layout.ts';

/** More dots than this on one line become a band. */
export const CROWD = 300;

export interface Band {
  readonly edge: Edge;
  /** How many requests are on the line now. */
  readonly count: number;
  /** How many came onto it in the last second; null when there is no log to count in. */
  readonly rate: number | null;
  /** Stroke width in the units of the layout. */
  readonly width: number;
}

/** What a request does when it comes onto a line. */
const COMES: Record<Edge, Stage> = { arrive: 'sent', answer: 'response', shelf: 'shelf', corridor: 'upstream', back: 'returned' };
const SECOND = 1000;
const WIDTH = { least: 9, most: 22 };

/** The bands of a frame of `log`. */
export function bandsOf(frame: Frame, log: TraceLog | null): Band[] {
  // Most frames have few requests: then there is nothing to count.
  if (frame.requests.length <= CROWD) return [];
  const counts = new Map<Edge, number>();
  for (const request of frame.requests) {
    const edge = edgeOf(request);
    if (edge) counts.set(edge, (counts.get(edge) ?? 0) + 1);
  }
  return EDGES.flatMap((edge) => {
    const count = counts.get(edge) ?? 0;
    if (count <= CROWD) return [];
    return [{ edge, count, rate: log ? passing(log, frame.t, COMES[edge]) : null, width: widthOf(count) }];
  });
}

/** How many requests came to `stage` in the second before `t`. */
export function passing(log: TraceLog, t: number, stage: Stage): number {
  const { requests } = indexOf(log);
  const from = t - SECOND;
  let passed = 0;
  for (let i = requests.begun(t) - 1; i >= 0; i--) {
    const request = requests.list[i];
    if (!request || request.end <= from) continue;
    const until = countUntil(request.hops, t, (hop) => hop.t);
    for (let at = until - 1; at >= 0; at--) {
      const hop = request.hops[at];
      if (!hop || hop.t <= from) break;
      if (hop.stage === stage) passed++;
    }
  }
  return passed;
}

/** Twice as many are so much wider, up to what the map has space for. */
function widthOf(count: number): number {
  return Math.round(Math.min(WIDTH.most, WIDTH.least + 3.5 * Math.log2(count / CROWD)) * 10) / 10;
}

/** The lines that a band runs along, as path text. */
export function pathOfBand(edge: Edge, layout: Layout): string {
  if (edge === 'back') return layout.rooms.map((room) => room.back.d).join('');
  return (edge === 'shelf' ? layout.fetch : layout[edge]).d;
}

/** `→ 412/s`: the arrow says where it flows; `tight` without a space. */
export function bandText({ edge, rate, count }: Band, tight: boolean): string {
  const arrow = edge === 'arrive' || edge === 'corridor' ? '→' : edge === 'shelf' ? '↓' : '←';
  return `${arrow}${tight ? '' : ' '}${rate === null ? count : `${rate}/s`}`;
}

const SPOKEN: Record<Edge, string> = {
  arrive: 'on their way to the gate',
  answer: 'on their way back',
  shelf: 'at the shelf',
  corridor: 'on their way into the queue',
  back: 'on their way back to the gate',
};

/** What the bands on `edges` say to who cannot see them, each as the end of a sentence. */
export function bandsAloud(bands: readonly Band[], ...edges: readonly Edge[]): string {
  return bands
    .filter((band) => edges.includes(band.edge))
    .map(({ edge, count, rate }) => `, ${count} ${SPOKEN[edge]}${rate === null ? '' : `, ${rate} a second`}`)
    .join('');
}
