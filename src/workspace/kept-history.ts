/** Lines that were entered in the shells of a lesson, kept over visits where the browser allows it. */
import type { KeptTexts } from './drafts.ts';
import { HISTORY_LENGTH } from './line-editor.ts';

/** Characters of a line that is worth keeping. */
const LONGEST = 2000;

export class KeptHistory {
  readonly #key: string;
  readonly #storage: KeptTexts | null;
  #lines: readonly string[];

  constructor(slug: string, storage: KeptTexts | null) {
    this.#key = `ftr:history:${slug}`;
    this.#storage = storage;
    this.#lines = this.#read();
  }

  /** The oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  add(line: string): void {
    if (line.trim() === '' || line.length > LONGEST || line === this.#lines.at(-1)) return;
    // another tab may have kept lines since
    const kept = this.#storage ? this.#read() : this.#lines;
    this.#lines = [...kept, line].slice(-HISTORY_LENGTH);
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(this.#lines));
    } catch {
      // a full storage: the lines then last as long as the page
    }
  }

  forget(): void {
    this.#lines = [];
    try {
      this.#storage?.removeItem(this.#key);
    } catch {
      // storage that cannot be written keeps nothing new either
    }
  }

  /** Whatever stands in storage may be from another version or another hand. */
  #read(): readonly string[] {
    try {
      const value: unknown = JSON.parse(this.#storage?.getItem(this.#key) ?? '[]');
      const lines = Array.isArray(value) ? value.filter((line) => typeof line === 'string' && !/[\n\r]/.test(line)) : [];
      return lines.slice(-HISTORY_LENGTH);
    } catch {
      return [];
    }
  }
}
