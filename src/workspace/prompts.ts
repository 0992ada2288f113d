/** Knows from what a shell prints whether it waits for a command. */

/** `root@shop:~# ` at the end of the output. */
const PROMPT = /[#$] $/;

export class Prompts {
  #waiting = false;
  #tail = '';
  #listeners: (() => void)[] = [];

  /** The shell printed something. */
  see(text: string): void {
    this.#tail = (this.#tail + text).slice(-2);
    if (PROMPT.test(this.#tail)) this.free();
  }

  /** The shell got a command, or is being started. */
  busy(): void {
    this.#waiting = false;
    this.#tail = '';
  }

  /** Nobody needs to wait any longer. */
  free(): void {
    this.#waiting = true;
    for (const tell of this.#listeners.splice(0)) tell();
  }

  /** Resolves when the shell waits for a command, or after `ms`. */
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
