/** Does something at most every so often, and never leaves out the last time it was asked to. */
export class Paced {
  readonly #every: number;
  readonly #act: () => void;
  #doneAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `every`: in milliseconds. */
  constructor(every: number, act: () => void) {
    this.#every = every;
    this.#act = act;
  }

  /** At once, or as soon as it may be done again. */
  ask(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#doneAt + this.#every - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#do(), wait);
    else this.#do();
  }

  /** What was asked for and not done yet is not done any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #do(): void {
    this.#timer = undefined;
    this.#doneAt = performance.now();
    this.#act();
  }
}
