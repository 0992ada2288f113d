/**
 * A reload that goes on with what was wanted: only a new page can be isolated, and WebContainer needs that. Edited files
 * are kept by the drafts.
 */
import { inTab } from '../storage.ts';
import { AFTER_RELOAD } from './after-reload-key.ts';

/** `run`: the server starts by itself; `compare`: the comparison of the engines opens again. */
export type Wish = 'run' | 'compare';

let wish: Wish | null | undefined;

/** Does not return when it works. Errors: an Error in words for the learner; the page was not reloaded then. */
export async function reloadIsolatedAnd(what: Wish): Promise<never> {
  const { reloadIsolated } = await import('../runtime/isolation.ts');
  try {
    // where the tab keeps nothing, the new page just waits
    inTab.keep(AFTER_RELOAD, what);
    return await reloadIsolated();
  } catch (error) {
    inTab.keep(AFTER_RELOAD, null);
    throw error;
  }
}

/** What this page was loaded anew for, or null. The next reload knows nothing of it. */
export function wishOfReload(): Wish | null {
  if (wish === undefined) wish = take();
  return wish;
}

function take(): Wish | null {
  const kept = inTab.recall(AFTER_RELOAD);
  inTab.keep(AFTER_RELOAD, null);
  return kept === 'run' || kept === 'compare' ? kept : null;
}
