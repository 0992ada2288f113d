/** How a link with work in it is told from others: apart from the rest, so that every page can ask at no cost. */

/** What its hash begins with. */
export const HASH = '#work=';

export function hasWork(hash: string): boolean {
  return hash.startsWith(HASH);
}
