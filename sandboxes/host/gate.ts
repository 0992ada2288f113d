/** Holds up what is to happen, in order, while a process is stopped. */
export class Gate {
  #waiting: (() => void)[] | null = null;

  /** Now, or when it opens. */
  pass(work: () => void): void {
    if (this.#waiting === null) work();
    else this.#waiting.push(work);
  }

  close(): void {
    this.#waiting ??= [];
  }

  open(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const work of waiting) work();
  }
}
