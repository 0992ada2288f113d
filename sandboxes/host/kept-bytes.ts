/**
 * How many real bytes a process may put into the trace: enough to take any request apart that a person sends, and nothing
 * to speak of under load.
 */
import { MOST_IN_A_SECOND } from './events.ts';

export class KeptBytes {
  #now: () => number;
  #left = MOST_IN_A_SECOND;
  #since = 0;

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** May so many bytes more be kept? Then they count. */
  take(bytes: number): boolean {
    if (bytes > this.#left) {
      const now = this.#now();
      if (now - this.#since < 1000) return false;
      this.#since = now;
      this.#left = MOST_IN_A_SECOND;
    }
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}
