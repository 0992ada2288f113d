/**
 * The browser's small storage, and the drafts of files that the site kept there before it kept the learner's whole work (see kept/).
 * In a frame of opaque origin or with storage switched off, `localStorage` throws.
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

const keyOf = (slug: string): string => `ftr:files:${slug}`;

/** Drafts of a lesson by path. Whatever stands in storage may be from another hand: only texts by absolute path are taken. */
export function oldDrafts(slug: string, storage = openStorage()): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(keyOf(slug)) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter(([path, text]) => path.startsWith('/') && typeof text === 'string'));
  } catch {
    return {};
  }
}

/** They are kept otherwise now. */
export function forgetOldDrafts(slug: string, storage = openStorage()): void {
  storage?.removeItem(keyOf(slug));
}
