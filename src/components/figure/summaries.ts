/** When a figure that plays is heard: now and then while things move, and once more when they have come to rest. */

/** Between two summaries there are so many ms at least. */
const EVERY = 3000;

export class Summaries {
  readonly #say: () => void;
  #saidAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `say` reads the summary of the present moment aloud, as long as anybody looks. */
  constructor(say: () => void) {
    this.#say = say;
  }

  /** Things move. */
  moving(): void {
    clearTimeout(this.#timer);
    if (performance.now() - this.#saidAt > EVERY) this.#speak();
  }

  /** Things have come to rest: what is so now is said as soon as it may be. */
  resting(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#speak(), Math.max(0, this.#saidAt + EVERY - performance.now()));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #speak(): void {
    this.#saidAt = performance.now();
    this.#say();
  }
}
