/** Knows from what is printed whether a shell, or Python, waits for a line. */

/** `root@shop:~# `, or Python's `>>> ` and `... `, at the end of the output. */
const PROMPT = /([#$]|(^|\n)(>>>|\.\.\.)) $/;
/** As much of the output as a prompt can be told by. */
const TAIL = 5;

export class Prompts {
  #waiting = false;
  #tail = '';
  #listeners: (() => void)[] = [];

  /** Something was printed. */
  see(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL);
    if (PROMPT.test(this.#tail)) this.free();
  }

  /** A line was given, or a shell is being started. */
  busy(): void {
    this.#waiting = false;
    this.#tail = '';
  }

  /** Nobody needs to wait any longer. */
  free(): void {
    this.#waiting = true;
    for (const tell of this.#listeners.splice(0)) tell();
  }

  /** Resolves when a line is waited for, or after `ms`. */
  next(ms: number): Promise<void> {
    if (this.#waiting) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#listeners.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
