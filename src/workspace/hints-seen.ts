/** How many levels of help the learner has revealed, by check: kept per lesson in the browser, where it keeps anything. */
import { type KeptTexts, openStorage } from './drafts.ts';

export class HintsSeen {
  readonly #key: string;
  readonly #storage: KeptTexts | null;
  #levels: Readonly<Record<string, number>>;

  constructor(slug: string, storage: KeptTexts | null = openStorage()) {
    this.#key = `ftr:hints:${slug}`;
    this.#storage = storage;
    this.#levels = read(storage, this.#key);
  }

  of(check: string): number {
    return (Object.hasOwn(this.#levels, check) && this.#levels[check]) || 0;
  }

  set(check: string, levels: number): void {
    this.#levels = { ...this.#levels, [check]: levels };
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(this.#levels));
    } catch {
      // a full storage: they stay revealed as long as the page
    }
  }
}

/** What is no count is not taken over. */
function read(storage: KeptTexts | null, key: string): Readonly<Record<string, number>> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(key) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter(([, levels]) => Number.isInteger(levels) && levels > 0));
  } catch {
    return {};
  }
}
