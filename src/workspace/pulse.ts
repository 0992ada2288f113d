/**
 * Notices a sandbox that is gone without a word: a browser that is short of memory ends its frame's process, and then nothing in
 * there can say so. It is asked now and then whether it is there, and only while somebody looks at the page.
 */

/** From one tick to the next, in milliseconds. */
const TICK_MS = 2_000;
/** It is asked at every third tick, and is gone when it says nothing for so many. Ticks are counted, as they stop where a machine sleeps. */
const ASK_EVERY = 3;
const SILENT_TICKS = 5;

export const SILENT = 'It does not answer any more. Most likely the browser has ended it to save memory.';

export interface Pulse {
  /** Any answer is a sign of life, also an error. */
  readonly ask: () => Promise<unknown>;
  /** False when nobody needs to know any more. */
  readonly lives: () => boolean;
  readonly page: { readonly hidden: boolean };
  readonly gone: () => void;
}

/** Asks until the sandbox is gone, or is not wanted any more. */
export function watchPulse({ ask, lives, page, gone }: Pulse): void {
  let ticks = 0;
  let silent = 0;
  let asked = false;
  const heard = () => {
    asked = false;
    silent = 0;
  };
  const timer = setInterval(() => {
    if (!lives()) {
      clearInterval(timer);
      return;
    }
    if (page.hidden) return;
    if (asked && ++silent >= SILENT_TICKS) {
      clearInterval(timer);
      gone();
    } else if (!asked && ++ticks % ASK_EVERY === 0) {
      asked = true;
      ask().then(heard, heard);
    }
  }, TICK_MS);
}
