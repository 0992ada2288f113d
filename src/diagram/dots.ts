/** Requests as dots: where each one is in a layout (pure), and as SVG. How they get into a page is in dot-layer.ts. */
import type { Frame, RequestFrame } from '../trace/frame.ts';
import { outcomeOf } from '../trace/trace-index.ts';
import type { Edge, Layout, Room } from './layout.ts';
import { placesFor, standing } from './layout.ts';
import type { Point } from './route.ts';
import { mix, round } from './route.ts';
import type { Shape } from './shapes.ts';
import { OUTCOME_SHAPE, sealPath, shapePath } from './shapes.ts';

export type Tone = 'travel' | 'wait' | 'busy' | 'ok' | 'redirect' | 'client-error' | 'server-error' | 'failed' | 'follow';

export interface Dot {
  readonly key: string;
  readonly number: number;
  readonly x: number;
  readonly y: number;
  readonly shape: Shape;
  readonly tone: Tone;
  readonly followed: boolean;
  /** On a connection with TLS, outside the wall: nobody can look into it. */
  readonly sealed: boolean;
}

/** With more dots than this they are small and without numbers. */
export const NUMBERED = 60;

const NONE: ReadonlySet<Edge> = new Set();

/** How high above the number of the rest the followed request stands, when it is one of them. */
const ABOVE = 18;

/**
 * Dots of a frame: one for each request that is not part of a flow band (`banded`) or of the number behind the last place.
 * The followed one is always a dot. With `still` nothing is drawn between two places (reduced motion).
 */
export function dotsOf(frame: Frame, layout: Layout, followed: string | null, still = false, banded = NONE): Dot[] {
  let leaving = 0;
  for (const request of frame.requests) if (request.stage === 'accepted') leaving += 1 - way(request, still);
  const socket = frame.listeners.find((listener) => listener.server === 'uwsgi');
  const waiting = socket?.waiting.length ?? 0;
  const drawn = placesFor(layout, waiting);
  let coming = waiting + leaving;
  const dots: Dot[] = [];
  for (const request of frame.requests) {
    if (request.stage === 'upstream') coming++;
    const mine = request.key === followed;
    const waits = request.stage === 'queued';
    const folded = waits && (request.place ?? 0) > drawn;
    if (!mine && (folded || (banded.size > 0 && banded.has(edgeOf(request) as Edge)))) continue;
    let [x, y] = pointOf(request, layout, { leaving, coming, waiting, seen: frame.queueSeen }, still);
    if (folded) y -= ABOVE;
    const known = request.status !== null && request.status > 0;
    const outcome = outcomeOf(request.status ?? 0);
    dots.push({
      key: request.key,
      number: request.number,
      x,
      y,
      shape: waits ? 'ring' : known ? OUTCOME_SHAPE[outcome] : 'disc',
      tone: mine ? 'follow' : waits ? 'wait' : known ? outcome : request.stage === 'room' ? 'busy' : 'travel',
      followed: mine,
      sealed: request.trace.url.startsWith('https:') && (layout.kind === 'narrow' ? y < layout.lock[1] : x < layout.lock[0]),
    });
  }
  return dots;
}

/** The line that a request is on, when it is one that can carry a crowd. */
export function edgeOf(request: RequestFrame): Edge | null {
  switch (request.stage) {
    case 'sent':
      return 'arrive';
    case 'shelf':
      return 'shelf';
    case 'upstream':
      return 'corridor';
    case 'returned':
      return 'back';
    case 'response':
      return 'answer';
    default:
      return null;
  }
}

/** Would both lists be drawn the same? */
export function sameDots(a: readonly Dot[], b: readonly Dot[]): boolean {
  return a.length === b.length && a.every((dot, i) => sameDot(dot, b[i] as Dot));
}

const sameDot = (a: Dot, b: Dot): boolean =>
  a.x === b.x &&
  a.y === b.y &&
  a.number === b.number &&
  a.shape === b.shape &&
  a.tone === b.tone &&
  a.followed === b.followed &&
  a.sealed === b.sealed;

/** How the line is: who leaves it, who comes to it up to this one, who stands in it; and whether anybody can see that. */
interface Line {
  readonly leaving: number;
  readonly coming: number;
  readonly waiting: number;
  readonly seen: boolean;
}

function pointOf(request: RequestFrame, layout: Layout, { leaving, coming, waiting, seen }: Line, still: boolean): Point {
  const p = way(request, still);
  const room: Room | undefined = layout.rooms[(request.worker ?? 0) - 1];
  const { entry } = layout;
  const place = (number: number): Point => standing(layout, number, waiting);
  switch (request.stage) {
    case 'gate':
      return layout.arrive.at(1);
    case 'shelf':
      return layout.fetch.at(Math.min(1, p * 2));
    case 'upstream':
      // where it waits is not known then: it comes into the corridor and stands there
      return mix(entry, place(coming), seen ? p : 1 - (1 - p) ** 8);
    case 'queued':
      return place((request.place ?? 1) + leaving);
    case 'accepted':
      return room ? room.take.at(p) : place(1);
    case 'room':
      return room ? room.seat : place(1);
    case 'returned':
      return room ? room.back.at(p) : layout.arrive.at(1);
    case 'failed':
      if (request.stageBefore === 'returned') return layout.answer.at(0);
      // It could not even join the line: a step into the corridor and back.
      if (request.stageBefore === 'gate') return mix(entry, place(1), Math.min(p, 1 - p));
      return room ? room.back.at(p) : mix(entry, place(1), 1 - p);
    case 'response':
      if (request.stageBefore === 'shelf') return layout.serve.at(p);
      return request.stageBefore === 'gate' ? layout.turn.at(p) : layout.answer.at(p);
    default:
      return layout.arrive.at(p);
  }
}

/** Eased share of the way to the next hop. */
function way(request: RequestFrame, still: boolean): number {
  const p = request.progress;
  return still ? 0 : p * p * (3 - 2 * p);
}

export const radiusOf = (count: number): number => (count > NUMBERED ? 4 : 9);

/** Dots as SVG: for the first paint, for print and export, for the element of a single dot, and for a crowd in forced colours. */
export function dotsSvg(dots: readonly Dot[]): string {
  const r = radiusOf(dots.length);
  const paths = new Map<Tone, string>();
  for (const dot of dots) {
    const seal = dot.sealed ? sealPath(dot.x, dot.y, r) : '';
    paths.set(dot.tone, (paths.get(dot.tone) ?? '') + shapePath(dot.shape, dot.x, dot.y, r) + seal);
  }
  let svg = `<path class="dot-halo" d="${dots.map((dot) => shapePath('disc', dot.x, dot.y, r + (dot.sealed ? 4.5 : 2))).join('')}"/>`;
  for (const [tone, d] of paths) svg += `<path class="dot" data-tone="${tone}" d="${d}"/>`;
  if (r > 5) {
    for (const dot of dots)
      svg += `<text class="dot-number${dot.shape === 'ring' ? ' hollow' : ''}${dot.number > 99 ? ' long' : ''}" x="${round(dot.x)}" y="${round(dot.y + 3.5)}">${dot.number}</text>`;
  }
  for (const { followed, sealed, x, y } of dots)
    if (followed) svg += `<circle class="dot-ring" cx="${round(x)}" cy="${round(y)}" r="${r + (sealed ? 6.5 : 4)}"/>`;
  return svg;
}
