/** What scripts/record-threads.ts measured of the real uWSGI, as it lies beside the lesson, and what its figure needs of it. Pure. */

/** Milliseconds since the first request began. */
type Ms = number;
/** From and to. */
export type Span = readonly [Ms, Ms];

export interface MeasuredRequest {
  /** Number of the worker process, from 1. */
  readonly worker: number;
  /** Number of the thread in it, from 0. */
  readonly thread: number;
  readonly from: Ms;
  readonly to: Ms;
  /** Processor time of its thread. */
  readonly cpu: Ms;
}

/** The run of the middle length, of several. */
export interface MeasuredRun {
  readonly requests: readonly MeasuredRequest[];
  /** From the first request's start to the last one's end. */
  readonly wall: Ms;
  /** Processor time of all, divided by that. */
  readonly cores: number;
  /** Shortest and longest of all runs, in the same two measures. */
  readonly walls: Span;
  readonly allCores: readonly [number, number];
}

/** Some milliseconds from the middle of a run that computes: when each of its requests, in their order, was at it. */
export interface Close {
  readonly from: Ms;
  readonly to: Ms;
  readonly turns: readonly (readonly Span[])[];
}

export interface MeasuredSetup {
  readonly processes: number;
  readonly threads: number;
  readonly wait: MeasuredRun;
  readonly burn: MeasuredRun;
  readonly close: Close;
}

export interface Measured {
  readonly made: string;
  readonly uwsgi: string;
  readonly python: string;
  readonly machine: string;
  /** How many processors it had. */
  readonly cores: number;
  /** Hash of what it was made from, see scripts/lib/threads-inputs.ts. */
  readonly inputs: string;
  readonly runs: number;
  /** After so long (s) the thread that has the lock is asked to give it up. */
  readonly switchInterval: number;
  readonly urls: { readonly wait: string; readonly burn: string };
  readonly setups: readonly MeasuredSetup[];
}

/** The most of them that computed at the same moment: counted where one of them begins. */
export function mostAtOnce({ turns }: Close): number {
  const starts = turns.flatMap((spans) => spans.map(([from]) => from));
  const at = (t: number): number => turns.filter((spans) => spans.some(([from, to]) => from <= t && t < to)).length;
  return Math.max(0, ...starts.map(at));
}
