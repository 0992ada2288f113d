/**
 * What uWSGI counts about a worker, for its stats server. In the real one it stands in memory that master and workers
 * share and so survives a respawn; here the worker counts, tells the master, and a new worker gets it back.
 */

export interface Tally {
  /** Requests that the app has begun. */
  begun: number;
  /** Requests that are over, with those that no app was called for. */
  requests: number;
  exceptions: number;
  /** Answers that could not be written. */
  writeErrors: number;
  /** Bytes of headers and bodies sent. */
  tx: number;
  /** Time spent in requests, and uWSGI's moving mean of it, in microseconds. */
  runningTime: number;
  averageTime: number;
  /** Of this life: requests that are over, and bytes of memory at the end of the last one, when anybody asked for them. */
  delta: number;
  rss: number;
  vsz: number;
}

export function newTally(): Tally {
  return { begun: 0, requests: 0, exceptions: 0, writeErrors: 0, tx: 0, runningTime: 0, averageTime: 0, delta: 0, rss: 0, vsz: 0 };
}

/** The tally of a worker that takes the place of one with this tally. */
export const nextLife = (tally: Tally): Tally => ({ ...tally, delta: 0, rss: 0, vsz: 0 });

/** A request is over that took `ms` and sent so many bytes. */
export function countRequest(tally: Tally, ms: number, bytes: number): void {
  const time = Math.round(ms * 1000);
  tally.requests++;
  tally.delta++;
  tally.tx += bytes;
  tally.runningTime += time;
  tally.averageTime = Math.floor((tally.averageTime + time) / 2);
}
