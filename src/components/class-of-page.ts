/** Does this page belong to a class? Then what follows it is fetched; otherwise this is all there is. `?room=` is kept for the tab, so that links do not lead out of it. */

const KEPT = 'ftr:room';

function roomOfTab(): string | null {
  const given = new URLSearchParams(location.search).get('room');
  try {
    if (given) sessionStorage.setItem(KEPT, given);
    return given ?? sessionStorage.getItem(KEPT);
  } catch {
    return given;
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // nothing was kept
  }
  history.replaceState(history.state, '', location.pathname + location.hash);
}

const room = roomOfTab();
const lesson = document.querySelector<HTMLElement>('[data-lesson]')?.dataset['lesson'] ?? '';
// without the script the page is a lesson like any other
if (room && /^[a-z0-9]{4,16}$/.test(room))
  import('../classroom/follow.ts').then(({ follow }) => follow(room, lesson, forget)).catch(() => {});
