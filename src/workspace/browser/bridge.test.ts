import { expect, test, vi } from 'vitest';
import { BRIDGE, isFromPage } from './bridge.ts';

/** The script in a page of which nothing else is looked at; returns how a key is pressed there, and what comes out. */
function bridge() {
  const hears: Record<string, (event: object) => void> = {};
  const postMessage = vi.fn<(message: unknown, origin: string) => void>();
  const globals = {
    Element: class {},
    document: { getElementById: () => null },
    parent: { postMessage },
    addEventListener: (type: string, hear: (event: object) => void) => (hears[type] = hear),
  };
  new Function(...Object.keys(globals), BRIDGE)(...Object.values(globals));
  const press = (key: string, held: object = {}): boolean => {
    let stopped = false;
    hears['keydown']?.({
      isTrusted: true,
      altKey: false,
      ctrlKey: false,
      metaKey: false,
      key,
      preventDefault: () => (stopped = true),
      ...held,
    });
    return stopped;
  };
  return { press, told: () => postMessage.mock.calls.map(([message]) => message) };
}

test('a clicker is heard through a page that has the focus, and the page scrolls by it as any page', () => {
  const { press, told } = bridge();
  expect([press('PageDown'), press('PageUp')]).toEqual([false, false]);
  expect(told()).toEqual([
    { ftr: 'turn', key: 'PageDown' },
    { ftr: 'turn', key: 'PageUp' },
  ]);
  expect(told().every(isFromPage)).toBe(true);
  expect(isFromPage({ ftr: 'turn', key: 'b' })).toBe(false);
});

test('what is typed in the page, held with another key, or made by a script, stays there', () => {
  const { press, told } = bridge();
  for (const [key, held] of [['b'], ['PageDown', { ctrlKey: true }], ['PageDown', { isTrusted: false }], ['ArrowLeft']] as const)
    press(key, held);
  expect(told()).toEqual([]);
  expect(press('ArrowLeft', { altKey: true })).toBe(true);
  expect(told()).toEqual([{ ftr: 'key', key: 'ArrowLeft' }]);
});
