/** What the recording of real threads is made from: who is asked for what, in which setups, and the code that is run and that watches it. */
import { at, fingerprint, shortHash } from './paths.ts';

export const THREADS_LESSON = at('lessons/en/06-gil');
export const THREADS_APP = at('lessons/en/06-gil/files/srv/shop/app');
export const URLS = { wait: '/wait?ms=1000', burn: '/burn?n=2000000' };
export const SETUPS = [
  { processes: 1, threads: 1 },
  { processes: 1, threads: 4 },
  { processes: 4, threads: 1 },
];
export const AT_ONCE = 4;
/** Runs of each kind; what lies in the middle is kept. */
export const RUNS = 11;

/** A test fails when this is another one than that of the recording. A lesson's number is no part of it: its folder may be renamed. */
export const threadsInputs = (): string =>
  shortHash(
    JSON.stringify([URLS, SETUPS, AT_ONCE, RUNS]),
    fingerprint([THREADS_APP], THREADS_LESSON),
    fingerprint([at('scripts/record-threads.py')]),
  );
