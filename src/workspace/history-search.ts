/** Ctrl-R: looks for a line that was entered before, from the newest back, while it is being typed what is in it. */

export class HistorySearch {
  readonly #history: readonly string[];
  #query = '';
  /** Which line is shown; the length of the history before anything was found. */
  #at: number;
  #failed = false;

  constructor(history: readonly string[]) {
    this.#history = history;
    this.#at = history.length;
  }

  /** The line that was found, or an empty one. */
  get found(): string {
    return this.#history[this.#at] ?? '';
  }

  /** As bash shows it in the place of the line. */
  get text(): string {
    return `(${this.#failed ? 'failed ' : ''}reverse-i-search)\`${this.#query}': ${this.found}`;
  }

  type(characters: string): void {
    this.#query += characters;
    this.#look(Math.min(this.#at, this.#history.length - 1));
  }

  /** Ctrl-R again: an older one. */
  older(): void {
    if (this.#query !== '') this.#look(this.#at - 1);
  }

  backspace(): void {
    this.#query = Array.from(this.#query).slice(0, -1).join('');
    this.#at = this.#history.length;
    this.#failed = false;
    if (this.#query !== '') this.#look(this.#history.length - 1);
  }

  #look(from: number): void {
    const found = from < 0 ? -1 : this.#history.findLastIndex((line, index) => index <= from && line.includes(this.#query));
    this.#failed = found < 0;
    if (found >= 0) this.#at = found;
  }
}
