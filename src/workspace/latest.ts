/** Work of which only the last wish counts: a new one calls off the one under way and begins when that has ended. */

export class Latest<T> {
  #work: Promise<T> | null = null;
  #result: Promise<T> | null = null;
  #callOff = new AbortController();

  /** What is under way; it ends with the result of the last wish. */
  get current(): Promise<T> | null {
    return this.#result;
  }

  /**
   * Begins `work` as soon as what is under way has ended, which must be soon after its `signal` is aborted. `instead`: it
   * took the place of something unfinished. Whoever waits for that gets the new result. `work` must not throw.
   */
  run(work: (signal: AbortSignal, instead: boolean) => Promise<T>): Promise<T> {
    this.#callOff.abort(new Error('Something else is wanted now.'));
    this.#callOff = new AbortController();
    const { signal } = this.#callOff;
    const before = this.#work;
    const mine = before ? before.then(() => work(signal, true)) : work(signal, false);
    this.#work = mine;
    const result = mine.then((value) => {
      // the one that took this one's place waits for it, so it is still under way
      if (this.#work !== mine) return this.#result ?? value;
      this.#work = null;
      this.#result = null;
      return value;
    });
    this.#result = result;
    return result;
  }
}
