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

const OURS = 'https://site.example/service-worker.js';
const THEIRS = 'https://site.example/their-worker.js';

/** A page with a service worker in charge of `scope`, and in control of the page when `controls`. */
function withWorker(scriptURL: string, { scope = 'https://site.example/', controls = true } = {}) {
  const registration = { active: { scriptURL }, scope, unregister: vi.fn(async () => true) };
  const register = vi.fn(async () => registration);
  const reload = vi.fn();
  const controller = controls ? registration.active : null;
  const serviceWorker = { controller, getRegistration: async () => registration, register, ready: Promise.resolve(registration) };
  inPage({ navigator: { serviceWorker } });
  vi.stubGlobal('location', { href: 'https://site.example/lessons/which-worker/', reload });
  return { registration, register, reload };
}

test('our own worker has tried in vain: that is said, and nothing is loaded again', async () => {
  const { reload } = withWorker(OURS);
  await expect(reloadIsolated()).rejects.toThrow('this browser does not isolate it');
  expect(reload).not.toHaveBeenCalled();
});

test('another site’s worker in our place is left alone, and named as what it is', async () => {
  const { registration, register } = withWorker(THEIRS);
  await expect(reloadIsolated()).rejects.toThrow('Another service worker is in charge of this address');
  expect(register).not.toHaveBeenCalled();
  expect(registration.unregister).not.toHaveBeenCalled();
});

// the scope stands for a wider one: above the base of these tests, which is the root, there is none
test('beside another site’s worker of a wider scope ours takes its place', async () => {
  const { registration, register, reload } = withWorker(THEIRS, { scope: 'https://site.example' });
  void reloadIsolated();
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  expect(register).toHaveBeenCalledWith('https://site.example/service-worker.js', expect.objectContaining({ scope: '/' }));
  expect(registration.unregister).not.toHaveBeenCalled();
});
