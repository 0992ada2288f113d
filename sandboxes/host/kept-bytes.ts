/**
 * How many real bytes a process may put into the trace: enough to take any request apart that a person sends, and nothing
 * to speak of under load.
 */

/** Of what one end of a connection says before the other end speaks again, at most so many bytes are kept. */
export const MOST_OF_A_TURN = 4 * 1024;
/** And of all that a process says, at most so many in a second. */
const MOST_IN_A_SECOND = 64 * 1024;

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
