/** Nginx in front of uWSGI, wherever they run, as this benchmark handles them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from '../../../src/numbers/measured.ts';
import type { Asked, Asking, Watched, Watching } from './client.ts';
import type { Way } from './setting.ts';

export type AskOptions = Pick<Asking, 'kept' | 'clients' | 'warmUp' | 'measured'>;
export type WatchOptions = Pick<Watching, 'lasts' | 'untilFirst'>;

export interface Stand {
  /** Milliseconds from the start of uWSGI to the first good answer through nginx, which was there before. */
  readonly started: number;
  ask(way: Way, options: AskOptions): Promise<Asked>;
  watch(way: Way, options: WatchOptions): Promise<Watched>;
  /** Starts uWSGI at the other addresses, too, with a worker each. */
  openDoors(): Promise<void>;
  /** SIGHUP to uWSGI's master. */
  reload(): Promise<void>;
  /** SIGKILL to one of its workers. */
  kill(): Promise<void>;
  /** Processor time of the servers so far, in milliseconds; null where nobody tells. */
  work(): number | null;
  /** Megabytes; null where nobody tells. */
  memory(): Promise<Memory>;
  close(): Promise<void>;
}

export interface Memory {
  /** What a worker is said to have by those who look at it alone: `ps` and uWSGI's own report. */
  readonly worker: number | null;
  /** What the processes take together, shared pages once: uWSGI's, the sandbox's, or the tab's. */
  readonly all: number | null;
}

export interface Stands {
  readonly place: Place;
  open(workers: number): Promise<Stand>;
}

/** A watcher is told to begin this long before what it is to see. */
export const LEAD_MS = 300;
export const START_WITHIN_MS = 30_000;

/** What a watcher saw of `what`. Errors: it may have begun only after that, and then it saw less than there was. */
export async function seenBy(watch: () => Promise<Watched>, what: () => Promise<void>): Promise<Watched> {
  const told = performance.now();
  const watched = watch();
  await sleep(LEAD_MS);
  const lead = performance.now() - told;
  await what();
  const seen = await watched;
  const late = performance.now() - told - seen.lasted;
  if (late > lead) throw new Error(`the watcher needed up to ${Math.round(late)} ms to begin, and was given ${Math.round(lead)}`);
  return seen;
}

/** Of what the system says of each process; null where it does not tell. */
export const sum = (values: readonly number[]): number | null => {
  const total = values.reduce((all, value) => all + value, 0);
  return values.length === 0 || Number.isNaN(total) ? null : total;
};
