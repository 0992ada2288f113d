/**
 * Every page at the top of a window registers the service worker when it has loaded and is at rest: what that takes is fetched then.
 * In a frame nothing is registered: an embed is a guest. Nor while one writes: there the worker would show old pages.
 */
import { siteBuild } from '../site.ts';

/** Where it does not work, everything works as without it. */
function later(): void {
  import('./keep.ts').then(({ start }) => start()).catch(() => {});
}

if (window.top === window && siteBuild() !== undefined) {
  const idle = (): void => void ('requestIdleCallback' in window ? requestIdleCallback(later, { timeout: 4000 }) : setTimeout(later, 500));
  if (document.readyState === 'complete') idle();
  else addEventListener('load', idle, { once: true });
}
