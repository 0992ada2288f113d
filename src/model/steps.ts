/** What the model of IIS does next: the one step that comes first of all that could. */
import type { PoolSettings } from './application-host.ts';
import type { Arrival, Deed } from './arrivals.ts';
import type { ProcessRecord, RequestRecord, State } from './records.ts';
import { NEVER } from './records.ts';

/** Cores of the modelled machine: so many threads a process starts without waiting. */
export const CORES = 4;
/** A pool that is out of threads, and in which none becomes free for so long (ms), gets one more. */
const THREAD_EVERY = 500;
const MOST_THREADS = 100 * CORES;
/** From the start of a worker process until it takes requests (ms). */
export const START_TIME = 300;

/** What may happen next; in this order when several fall together. */
type Kind = 'finish' | 'up' | 'limit' | 'thread' | 'idle' | 'age' | 'deed' | 'arrive';

export interface Step {
  readonly t: number;
  readonly kind: Kind;
  /** A request's or a process's position. */
  readonly of: number;
}

export interface Parts {
  readonly settings: PoolSettings;
  readonly state: State;
  readonly requests: readonly RequestRecord[];
  readonly processes: readonly ProcessRecord[];
  /** Those that come next. */
  readonly arrival: Arrival | undefined;
  readonly deed: Deed | undefined;
}

/** What happens next, or null when nothing ever does. */
export function nextStep({ settings, requests, processes, state, arrival, deed }: Parts): Step | null {
  let t = NEVER;
  let kind: Kind = 'arrive';
  let of = -1;
  const consider = (at: number, what: Kind, which: number): void => {
    if (at < t) {
      t = at;
      kind = what;
      of = which;
    }
  };
  const alive = state.alive.map((id) => processes[id - 1] as ProcessRecord);
  for (const process of alive) for (const place of process.running) consider(finishOf(requests[place] as RequestRecord), 'finish', place);
  for (const process of alive) {
    const { id, up, ready, drain, running, idleSince, recycling } = process;
    if (!up) consider(ready, 'up', id);
    if (drain !== NEVER) consider(drain + settings.shutdownTimeLimit, 'limit', id);
    if (process.fullSince !== NEVER && process.threads < MOST_THREADS) consider(process.fullSince + THREAD_EVERY, 'thread', id);
    if (up && running.length === 0 && settings.idleTimeout > 0) consider(idleSince + settings.idleTimeout, 'idle', id);
    if (!recycling && settings.recycleAfterTime > 0) consider(process.start + settings.recycleAfterTime, 'age', id);
  }
  if (deed) consider(deed.t, 'deed', 0);
  if (arrival) consider(arrival.t, 'arrive', 0);
  return t === NEVER ? null : { t, kind, of };
}

const finishOf = ({ start, arrival }: RequestRecord): number => start + arrival.service;
