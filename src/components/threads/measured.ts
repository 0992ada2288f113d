/** What scripts/record-threads.ts measured of the real uWSGI, as it lies beside the lesson, and what its figure needs of it. Pure. */

import { z } from 'astro/zod';

/** Milliseconds since the first request began. */
const ms = z.number();
/** From and to. */
const span = z.tuple([ms, ms]);

const request = z.object({
  worker: z.number().describe('Number of the worker process, from 1.'),
  thread: z.number().describe('Number of the thread in it, from 0.'),
  from: ms,
  to: ms,
  cpu: ms.describe('Processor time of its thread.'),
});

/** The run of the middle length, of several. */
const run = z.object({
  requests: z.array(request),
  wall: ms.describe('From the first request’s start to the last one’s end.'),
  cores: z.number().describe('Processor time of all, divided by that.'),
  walls: span.describe('Shortest and longest of all runs.'),
  allCores: span.describe('Least and most of all runs, in cores.'),
});

/** Some milliseconds from the middle of a run that computes: when each of its requests, in their order, was at it. */
const close = z.object({ from: ms, to: ms, turns: z.array(z.array(span)) });

export const measured = z.object({
  made: z.string(),
  uwsgi: z.string(),
  python: z.string(),
  machine: z.string(),
  cores: z.number().describe('How many processors it had.'),
  inputs: z.string().describe('Hash of what it was made from, see scripts/lib/threads-inputs.ts.'),
  runs: z.number(),
  switchInterval: z.number().describe('After so long (s) the thread that has the lock is asked to give it up.'),
  urls: z.object({ wait: z.string(), burn: z.string() }),
  setups: z.array(z.object({ processes: z.number(), threads: z.number(), wait: run, burn: run, close })),
});

export type Span = z.infer<typeof span>;
export type MeasuredRun = z.infer<typeof run>;
export type Measured = z.infer<typeof measured>;
export type MeasuredSetup = Measured['setups'][number];
export type Close = z.infer<typeof close>;

/** The most of them that computed at the same moment: counted where one of them begins. */
export function mostAtOnce({ turns }: Close): number {
  const starts = turns.flatMap((spans) => spans.map(([from]) => from));
  const at = (t: number): number => turns.filter((spans) => spans.some(([from, to]) => from <= t && t < to)).length;
  return Math.max(0, ...starts.map(at));
}
