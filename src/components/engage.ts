/**
 * The directive `client:engage`: an island's script is fetched when the visitor turns to it (pointer over it, touch,
 * focus) or when a button in the text wants something of it. Whoever only reads pays nothing for it. What was clicked,
 * typed or asked for while the script was on its way happens as soon as it is there. If it cannot be had, the page says so.
 * Where a server has run before, it is fetched once the page is at rest.
 * `client:engage="now"` fetches it at once: for what is the page's main part, with the rest as above.
 */
import type { ClientDirective } from 'astro';
import { ENGINE_CACHE, SNAPSHOTS } from '../offline/list.ts';
import { inTab } from '../storage.ts';
import { AFTER_RELOAD } from '../workspace/after-reload-key.ts';
import { hasWork } from '../workspace/share/hash.ts';

const SIGNS = ['pointerover', 'pointerdown', 'focusin', 'keydown', 'click'] as const;
/** Wishes from the text, see Do.astro and Task.astro, and from the page around an embed, see ../embed/wishes.ts. */
const WISHES = [
  'ftr:start',
  'ftr:send',
  'ftr:run',
  'ftr:open',
  'ftr:restart',
  'ftr:checks',
  'ftr:figure',
  'ftr:move',
  'ftr:outcome',
] as const;

const engage: ClientDirective = (load, { value }, island) => {
  const waiting: (() => void)[] = [];
  let loading = false;
  /** The island is alive, and may hear wishes by itself: what comes now has to wait behind what came before. */
  let hydrated = false;
  let note: HTMLElement | null = null;

  const onSign = (event: Event): void => {
    const act = replay(island, event);
    if (act) waiting.push(act);
    // after a failure the pointer on its way to the button must not take the button away
    if (act || !note) void start();
  };
  const onWish = (event: Event): void => {
    const { detail }: { detail?: unknown } = event instanceof CustomEvent ? event : {};
    if (hydrated) event.stopImmediatePropagation();
    waiting.push(() => window.dispatchEvent(new CustomEvent(event.type, { detail })));
    void start();
  };

  /** `asked`: somebody wants it, and is told when it does not come. */
  async function start(asked = true): Promise<void> {
    if (loading || hydrated) return;
    loading = true;
    note?.remove();
    island.setAttribute('aria-busy', 'true');
    const hydrate = await load();
    await hydrate();
    island.removeAttribute('aria-busy');
    loading = false;
    // Astro reports a script that did not come to the console only; the island then still bears the build's mark
    if (island.hasAttribute('ssr')) {
      if (!asked && waiting.length === 0) return;
      note = noteWith(() => void start());
      island.before(note);
      return;
    }
    hydrated = true;
    for (const type of SIGNS) island.removeEventListener(type, onSign, true);
    // the island's own listeners are in place one task later
    setTimeout(() => {
      for (const type of WISHES) window.removeEventListener(type, onWish);
      for (const act of waiting) act();
    });
  }

  for (const type of SIGNS) island.addEventListener(type, onSign, { capture: true, passive: true });
  for (const type of WISHES) window.addEventListener(type, onWish);
  if (value === 'now' || goesOn() || hasWork(location.hash)) void start();
  else void whenRunBefore(() => void start(false));
  // a browser that can run nothing is told so without being asked
  if (typeof Worker === 'undefined' || typeof WebAssembly === 'undefined') void start();
};

/** What does the event once more, or null when there is nothing to do again: the browser itself has done what links and fields do. */
function replay(island: HTMLElement, event: Event): (() => void) | null {
  const { target } = event;
  if (!(target instanceof Element)) return null;
  if (event instanceof KeyboardEvent) {
    const again = new KeyboardEvent(event.type, event);
    const stayInside = (one: Event): void => one.stopPropagation();
    return () => {
      // what listens outside the island has heard it already, as the lines between the page's parts do
      island.addEventListener(again.type, stayInside);
      target.dispatchEvent(again);
      island.removeEventListener(again.type, stayInside);
    };
  }
  // what was hit may be the icon in the button
  const button = target.closest('button');
  if (event.type !== 'click' || !button) return null;
  const place = [...island.querySelectorAll('button')].indexOf(button);
  // an island whose markup did not fit was drawn anew: then the button in the same place is meant
  return () => (button.isConnected ? button : island.querySelectorAll('button')[place])?.click();
}

/** Was the page loaded anew to go on with something? See src/workspace/after-reload.ts. */
const goesOn = (): boolean => inTab.recall(AFTER_RELOAD) !== null;

/**
 * Whoever has run a server here is likely to again: then the script comes once the page is at rest, so that the first press need not wait for
 * it. Such a run leaves Python's base snapshot behind; nothing else does.
 */
async function whenRunBefore(then: () => void): Promise<void> {
  try {
    if (!(await caches.has(ENGINE_CACHE))) return;
    const kept = await (await caches.open(ENGINE_CACHE)).keys();
    if (!kept.some(({ url }) => url.includes(SNAPSHOTS))) return;
  } catch {
    // an insecure page has no caches, and a sandboxed one may not ask for them
    return;
  }
  // not in every browser
  if (typeof requestIdleCallback === 'undefined') setTimeout(then, 200);
  else requestIdleCallback(then);
}

function noteWith(tryAgain: () => void): HTMLElement {
  const note = document.createElement('p');
  note.className = 'not-loaded';
  note.setAttribute('role', 'alert');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = 'Try again';
  button.addEventListener('click', tryAgain);
  note.append('This part of the page could not be loaded. Check the connection; what you have pressed happens once it is there. ', button);
  return note;
}

export default engage;
