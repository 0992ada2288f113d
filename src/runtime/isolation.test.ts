// What a page can have, from what the browser says of it; the reload itself is in e2e/isolation.spec.ts.
import { afterEach, expect, test, vi } from 'vitest';
import { isolation, reloadIsolated } from './isolation.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A page in this state; a window that is its own `top` stands in no frame. */
function inPage({ isolated = false, framed = false, secure = true, navigator = {} as object }): void {
  const window: { top?: unknown; isSecureContext: boolean } = { isSecureContext: secure };
  window.top = framed ? {} : window;
  vi.stubGlobal('window', window);
  vi.stubGlobal('navigator', navigator);
  vi.stubGlobal('crossOriginIsolated', isolated);
}

const serviceWorker = {};
const refusing = Object.defineProperty({}, 'serviceWorker', {
  get() {
    throw new DOMException('The document is sandboxed', 'SecurityError');
  },
});

test.each([
  ['isolated', { isolated: true, navigator: { serviceWorker } }],
  ['reload', { navigator: { serviceWorker } }],
  ['framed', { framed: true, navigator: { serviceWorker } }],
  ['insecure', { secure: false }],
  ['no-service-worker', {}],
  ['no-service-worker', { navigator: refusing }],
] as const)('%s: %o', async (expected, page) => {
  inPage(page);
  expect(isolation()).toBe(expected);
  if (expected !== 'reload') await expect(reloadIsolated()).rejects.toThrow('cannot be loaded in isolation');
});
