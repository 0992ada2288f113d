/** Back-pressure of one process's output to the page: so much may be on its way, then the process waits. */

/** Bytes that the page has not dealt with yet. */
const WINDOW = 256 * 1024;

export class Flow {
  #unheard = 0;
  #waiting: (() => void)[] = [];

  /** So many bytes went to the page. The promise, if there is one, resolves when more may follow. */
  sent(bytes: number): Promise<void> | undefined {
    this.#unheard += bytes;
    return this.#unheard < WINDOW ? undefined : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The page has dealt with so many. */
  heard(bytes: number): void {
    this.#unheard -= bytes;
    if (this.#unheard < WINDOW) for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
