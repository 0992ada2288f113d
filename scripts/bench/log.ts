/**
 * A log of 100,000 events: how fast it opens, how fast the figure finds any moment in it, and what a live one costs as it
 * goes on. The log is a simulated run, the same every time; no browser has a part in it.
 */
import { performance } from 'node:perf_hooks';
import type { TraceEvent, TraceHeader } from '../../sandboxes/host/events.ts';
import { random, randomLog } from '../../src/trace/fixtures/random.ts';
import { frameAt } from '../../src/trace/frame.ts';
import { TraceLog } from '../../src/trace/log.ts';
import { markersOf } from '../../src/trace/markers.ts';
import { ringOf } from '../../src/trace/ring.ts';
import { Story } from '../../src/trace/story.ts';
import { account } from '../../src/trace/text.ts';
import { indexOf } from '../../src/trace/trace-index.ts';
import { REAL } from '../../src/trace/vocabulary.ts';
import { type Figure, over, percentile } from '../lib/figures.ts';

const EVENTS = 100_000;
const WORKERS = 4;
/** So many make more than EVENTS. */
const REQUESTS = 10_000;
const LOADS = 9;
const BATCH = 50;
const BATCHES = 200;
/** What a page has in sight of the account. */
const LINES = 400;
const HEADER: TraceHeader = { v: 1, kind: 'recording', lesson: 'bench', scenario: 'random', inputs: '', made: '2026-01-01T00:00:00Z' };

function timed(what: () => void): number {
  const from = performance.now();
  what();
  return performance.now() - from;
}

/** The rest of the run, live: each batch is read at once, as by a figure that plays. */
function appended(log: TraceLog, rest: readonly TraceEvent[]): number[] {
  const story = new Story(log);
  return Array.from({ length: BATCHES }, (_, i) =>
    timed(() => {
      log.add(rest.slice(i * BATCH, (i + 1) * BATCH));
      story.update();
      markersOf(log, REAL);
      frameAt(log, log.end);
    }),
  );
}

export default async function log(): Promise<Figure[]> {
  const events = randomLog(7, REQUESTS, WORKERS);
  const first = events.slice(0, EVENTS);
  const rest = events.slice(EVENTS, EVENTS + BATCH * BATCHES);
  const stored = new TraceLog(first).serialise(HEADER);
  const loads = Array.from({ length: LOADS }, () => timed(() => void new Story(TraceLog.parse(stored))));

  const recording = TraceLog.parse(stored);
  const next = random(1);
  const frames = Array.from({ length: 1000 }, () => {
    const t = next() * recording.end;
    return timed(() => void frameAt(recording, t));
  });
  const { moments } = indexOf(recording);
  const lines = Array.from({ length: 20 }, () => {
    const to = LINES + Math.floor(next() * (moments.length - LINES));
    return timed(() => void account(recording, REAL, to - LINES, to));
  });
  const growing = appended(new TraceLog(first), rest);
  const ring = appended(new TraceLog(first, null, ringOf()), rest);
  return [
    { name: 'log: 100,000 events from text to story', ...over(loads), unit: 'ms', max: 300 },
    { name: 'log: a frame at any time, p95', value: percentile(frames, 0.95), unit: 'ms', max: 16 },
    { name: `log: account of ${LINES} moments`, ...over(lines), unit: 'ms', max: 16 },
    { name: `log: ${BATCH} events more, p95`, value: percentile(growing, 0.95), unit: 'ms', max: 16 },
    { name: `log: ${BATCH} events more in a full ring, p95`, value: percentile(ring, 0.95), unit: 'ms', max: 16 },
    { name: 'log: dropping a tenth of a full ring', value: Math.max(...ring), unit: 'ms', max: 100 },
  ];
}
