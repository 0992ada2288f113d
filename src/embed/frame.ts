/** What an embed tells of itself as a frame: how high it is, and the keys that it has no use for. */
import type { Port } from './port.ts';

/** What clickers and slide shows turn pages with. */
const PAGE_KEYS = new Set(['PageUp', 'PageDown', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);
/** What has a use of its own for these keys, although it leaves the event as it is. */
const USES_KEYS = 'input, select, textarea, [contenteditable], [role="tab"], [role="separator"], dialog, .xterm';

/** Tells the height whenever it changes. Canvas has a word of its own for it, which other hosts do not mind. */
export function tellHeight(port: Port): () => void {
  const height = (): number => Math.ceil(document.documentElement.getBoundingClientRect().height);
  let told = 0;
  const tell = (): void => {
    told = height();
    port.tell('resize', { height: told });
    if (!port.connected && parent !== window) parent.postMessage({ subject: 'lti.frameResize', height: told }, '*');
  };
  new ResizeObserver(() => {
    if (height() !== told) tell();
  }).observe(document.documentElement);
  return tell;
}

/** Without this, the presenter's clicker is dead after a click into the frame. */
export function forwardKeys(port: Port): void {
  window.addEventListener('keydown', ({ key, target, defaultPrevented, ctrlKey, metaKey, altKey }) => {
    if (defaultPrevented || ctrlKey || metaKey || altKey || !PAGE_KEYS.has(key)) return;
    if (target instanceof Element && target.closest(USES_KEYS)) return;
    port.tell('key', { key });
  });
}
