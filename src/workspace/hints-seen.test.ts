import { expect, it } from 'vitest';
import type { KeptTexts } from './drafts.ts';
import { HintsSeen } from './hints-seen.ts';

function shelf(start: Record<string, string> = {}): KeptTexts & { all: Record<string, string> } {
  const all = start;
  return {
    all,
    getItem: (key) => all[key] ?? null,
    setItem: (key, text) => {
      all[key] = text;
    },
    removeItem: (key) => {
      delete all[key];
    },
  };
}

it('keeps what was revealed per lesson', () => {
  const kept = shelf();
  new HintsSeen('one', kept).set('workers', 2);
  expect(new HintsSeen('one', kept).of('workers')).toBe(2);
  expect(new HintsSeen('two', kept).of('workers')).toBe(0);
});

it.each(['', 'null', '[]', '"x"', '{"workers":"3"}', '{"workers":-1}', '{', '{"__proto__":{"workers":3}}'])(
  'takes nothing from %j',
  (text) => {
    expect(new HintsSeen('one', shelf({ 'ftr:hints:one': text })).of('workers')).toBe(0);
  },
);

it('works without a storage, and with one that is full', () => {
  const full = {
    ...shelf(),
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  };
  for (const storage of [null, full]) {
    const seen = new HintsSeen('one', storage);
    seen.set('workers', 3);
    expect(seen.of('workers')).toBe(3);
    expect(seen.of('constructor')).toBe(0);
  }
});
