/** Keeps a lesson's work while its page is open: when the page is hidden or left, nothing waits to be kept. */
import { sameWork } from './states.ts';
import type { Work } from './work.ts';

/** From here on. What was kept is looked for. Call the result when the workspace goes. */
export function beginVisit(work: Work): () => void {
  const onShow = () => void (document.visibilityState === 'hidden' ? keepNow(work) : work.keeper.wake());
  const onLeave = () => void work.keeper.flush();
  document.addEventListener('visibilitychange', onShow);
  window.addEventListener('pagehide', onLeave);
  void work.load();
  return () => {
    document.removeEventListener('visibilitychange', onShow);
    window.removeEventListener('pagehide', onLeave);
    work.keeper.close();
  };
}

/** Keeps at once what there is, then what the sandbox has that nobody has heard of yet. Never throws; a sandbox that hangs is waited for. */
export async function keepNow(work: Pick<Work, 'keeper' | 'soFar' | 'now'>): Promise<void> {
  void work.keeper.flush();
  const before = work.soFar;
  // one that breaks says so itself
  const now = await work.now().catch(() => before);
  if (!sameWork(before, now)) work.keeper.touch();
  await work.keeper.flush();
}
