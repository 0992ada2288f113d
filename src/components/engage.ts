/**
 * The directive `client:engage`: an island's script is fetched when the visitor turns to it (pointer over it, touch,
 * focus) or when a button in the text wants something of it. Whoever only reads pays nothing for it. What was clicked
 * or asked for while the script was on its way happens as soon as it is there.
 */
import type { ClientDirective } from 'astro';

const SIGNS = ['pointerover', 'pointerdown', 'focusin', 'keydown', 'click'] as const;
/** Wishes from the text, see Do.astro. */
const WISHES = ['ftr:send', 'ftr:run'] as const;

const engage: ClientDirective = (load, _options, island) => {
  const waiting: (() => void)[] = [];
  let loading = false;

  const onSign = (event: Event): void => {
    const { target } = event;
    if (event.type === 'click' && target instanceof HTMLElement) waiting.push(() => target.isConnected && target.click());
    void start();
  };
  const onWish = (event: Event): void => {
    const { detail }: { detail?: unknown } = event instanceof CustomEvent ? event : {};
    waiting.push(() => window.dispatchEvent(new CustomEvent(event.type, { detail })));
    void start();
  };

  async function start(): Promise<void> {
    if (loading) return;
    loading = true;
    island.setAttribute('aria-busy', 'true');
    try {
      const hydrate = await load();
      await hydrate();
    } catch (error) {
      // no network just now: the next sign tries again
      loading = false;
      waiting.length = 0;
      throw error;
    } finally {
      island.removeAttribute('aria-busy');
    }
    for (const type of SIGNS) island.removeEventListener(type, onSign, true);
    for (const type of WISHES) window.removeEventListener(type, onWish);
    // the island's own listeners are in place one task later
    setTimeout(() => {
      for (const act of waiting) act();
    });
  }

  for (const type of SIGNS) island.addEventListener(type, onSign, { capture: true, passive: true });
  for (const type of WISHES) window.addEventListener(type, onWish);
  // a browser that can run nothing is told so without being asked
  if (typeof Worker === 'undefined' || typeof WebAssembly === 'undefined') void start();
};

export default engage;
