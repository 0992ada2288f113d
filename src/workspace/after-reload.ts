/**
 * A reload that goes on with what was wanted: only a new page can be isolated, and WebContainer needs that. Edited files
 * are kept by the drafts.
 */

/** The island is woken by it, too, see src/components/engage.ts. */
const KEY = 'ftr:after-reload';

/** `run`: the server starts by itself; `compare`: the comparison of the engines opens again. */
export type Wish = 'run' | 'compare';

let wish: Wish | null | undefined;

/** Where the tab keeps nothing, the new page just waits. */
export function reloadAnd(what: Wish): void {
  try {
    sessionStorage.setItem(KEY, what);
  } catch {
    // the reload is what matters
  }
  location.reload();
}

/** What this page was loaded anew for, or null. The next reload knows nothing of it. */
export function wishOfReload(): Wish | null {
  if (wish === undefined) wish = take();
  return wish;
}

function take(): Wish | null {
  try {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return kept === 'run' || kept === 'compare' ? kept : null;
  } catch {
    return null;
  }
}
