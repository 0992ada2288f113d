/** What a process printed and its reader has not taken yet. With too much of it whoever prints has to wait. */

/** Bytes. Between a fast program and a page that draws slowly no more than that is on its way. */
const MOST = 256 * 1024;

export class Unread {
  #bytes = 0;
  #waiting: (() => void)[] = [];

  /** So much was printed. Resolves when there is room for more; undefined when there is at once. */
  printed(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes;
    return this.#bytes < MOST ? undefined : new Promise((resolve) => this.#waiting.push(resolve));
  }

  taken(bytes: number): void {
    this.#bytes = Math.max(0, this.#bytes - bytes);
    if (this.#bytes < MOST) for (const goOn of this.#waiting.splice(0)) goOn();
  }
}
