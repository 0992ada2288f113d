/** Does this page belong to a class? Then what follows it is fetched; otherwise this is all there is. `?room=` is kept for the tab, so that links do not lead out of it. */

import { inTab } from '../storage.ts';

const KEPT = 'ftr:room';

function roomOfTab(): string | null {
  const given = new URLSearchParams(location.search).get('room');
  if (given) inTab.keep(KEPT, given);
  return given ?? inTab.recall(KEPT);
}

function forget(): void {
  inTab.keep(KEPT, null);
  history.replaceState(history.state, '', location.pathname + location.hash);
}

const room = roomOfTab();
const lesson = document.querySelector<HTMLElement>('[data-lesson]')?.dataset['lesson'] ?? '';
// without the script the page is a lesson like any other
if (room && /^[a-z0-9]{4,16}$/.test(room))
  import('../classroom/follow.ts').then(({ follow }) => follow(room, lesson, forget)).catch(() => {});
