import { afterEach, expect, test, vi } from 'vitest';
import { inBrowser, inTab } from './storage.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('what is kept is there again, and gone when it is forgotten; a tab has its own', () => {
  const shelf = () => {
    const texts = new Map<string, string>();
    return { getItem: (name: string) => texts.get(name) ?? null, setItem: texts.set.bind(texts), removeItem: texts.delete.bind(texts) };
  };
  vi.stubGlobal('window', { localStorage: shelf(), sessionStorage: shelf() });
  inBrowser.keep('a', '1');
  expect([inBrowser.recall('a'), inTab.recall('a')]).toEqual(['1', null]);
  inBrowser.keep('a', null);
  expect(inBrowser.recall('a')).toBeNull();
});

test('where the browser refuses, in whatever way, nothing is kept and nothing fails', () => {
  const refuse = (): never => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  for (const window of [
    {},
    Object.defineProperty({}, 'localStorage', { get: refuse }),
    { localStorage: { getItem: refuse, setItem: refuse } },
  ]) {
    vi.stubGlobal('window', window);
    inBrowser.keep('a', '1');
    expect(inBrowser.recall('a')).toBeNull();
  }
});
