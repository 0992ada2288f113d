/** Knows from what is printed whether a shell, or Python, waits for a line. */

/** `root@shop:~# `, `> ` for a command that goes on, or Python's `>>> ` and `... `, at the end of the output. */
const PROMPT = /([#$]|(^|\n)(>|>>>|\.\.\.)) $/;
/** As much of the output as a prompt can be told by. */
const TAIL = 5;

/** Who waits for a line: the shell, or Python. */
export type Asking = 'shell' | 'python';

export class Prompts {
  #waiting = false;
  #asking: Asking | null = null;
  #asked: Asking | null = null;
  #tail = '';
  #listeners: (() => void)[] = [];

  /** Something was printed. */
  see(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL);
    const [, end] = PROMPT.exec(this.#tail) ?? [];
    if (end === undefined) return;
    this.#asking = /^[#$]|^\n?>$/.test(end) ? 'shell' : 'python';
    this.free();
  }

  /** Whose prompt was the last thing printed; null when a program runs that has none. */
  get asking(): Asking | null {
    return this.#asking;
  }

  /** Who was given the last line. */
  get asked(): Asking | null {
    return this.#asked;
  }

  /** A line was given, or a shell is being started. */
  busy(): void {
    this.#waiting = false;
    this.#asked = this.#asking;
    this.#asking = null;
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
