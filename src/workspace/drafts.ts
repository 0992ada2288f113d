/**
 * The learner's edits, kept per lesson over visits where the browser allows it. In a frame of opaque origin
 * or with storage switched off, `localStorage` throws: then they live as long as the page.
 */

/** What of the browser's Storage is used. */
export type KeptTexts = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The browser's storage, or null where there is none to be had. */
export function openStorage(): KeptTexts | null {
  try {
    const storage = window.localStorage;
    storage.getItem('');
    return storage;
  } catch {
    return null;
  }
}

/** Edited files of one lesson by path. */
export class Drafts {
  readonly #key: string;
  readonly #storage: KeptTexts | null;
  #texts: Record<string, string>;
  /** False when edits will be gone with the page. */
  lasting: boolean;

  constructor(slug: string, storage: KeptTexts | null) {
    this.#key = `ftr:files:${slug}`;
    this.#storage = storage;
    this.lasting = storage !== null;
    this.#texts = read(storage, this.#key);
  }

  /** All files edited in this tab or before it was opened. */
  get all(): Readonly<Record<string, string>> {
    return this.#texts;
  }

  /** Keeps an edit; one that equals the `original` is no edit any more. Null: no such file, which cannot be kept. */
  set(path: string, text: string | null, original: string | null): void {
    const kept = text === original ? null : text;
    this.#texts = changed(this.#texts, path, kept);
    // another tab may have kept edits of other files since
    const all = changed(read(this.#storage, this.#key), path, kept);
    try {
      if (Object.keys(all).length) this.#storage?.setItem(this.#key, JSON.stringify(all));
      else this.#storage?.removeItem(this.#key);
    } catch {
      this.lasting = false;
    }
  }
}

function changed(texts: Readonly<Record<string, string>>, path: string, text: string | null): Record<string, string> {
  const { [path]: _before, ...others } = texts;
  return text === null ? others : { ...others, [path]: text };
}

/** Whatever stands in storage may be from another version or another hand: only texts by absolute path are taken. */
function read(storage: KeptTexts | null, key: string): Record<string, string> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(key) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter(([path, text]) => path.startsWith('/') && typeof text === 'string'));
  } catch {
    return {};
  }
}
