import { expect, test } from 'vitest';
import { KeptBytes } from './kept-bytes.ts';

test('so much in a second, and as much again in the next', () => {
  let now = 5000;
  const kept = new KeptBytes(() => now);
  expect(kept.take(60_000)).toBe(true);
  expect(kept.take(60_000), 'a second has passed since the start').toBe(true);
  expect(kept.take(6_000)).toBe(false);
  expect(kept.take(5_000), 'what is left').toBe(true);
  now += 999;
  expect(kept.take(6_000)).toBe(false);
  now += 1;
  expect(kept.take(6_000)).toBe(true);
});

test('what is more than a second may keep is never kept', () => {
  let now = 0;
  const kept = new KeptBytes(() => (now += 2000));
  expect(kept.take(65_537)).toBe(false);
  expect(kept.take(65_536)).toBe(true);
});
