/** Does something again and again, whenever it is wanted, but never twice at once nor sooner than it can be borne. */

/** From the end of one time to the next it takes this many times what that took, and this long at least, in milliseconds. */
const PAUSE = { times: 4, least: 300 };

export class Soon {
  readonly #work: () => Promise<void>;
  #busy = false;
  #wanted = false;

  /** `work` may fail: then it is done no more until it is wanted again. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  async want(): Promise<void> {
    this.#wanted = true;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#wanted) {
        this.#wanted = false;
        const from = performance.now();
        await this.#work();
        await new Promise((resolve) => setTimeout(resolve, Math.max(PAUSE.least, PAUSE.times * (performance.now() - from))));
      }
    } catch {
      // whoever is asked says so itself
    } finally {
      this.#busy = false;
    }
  }
}
