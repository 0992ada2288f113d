import { expect, test } from 'vitest';
import { Changes } from './changes.ts';

test('who was away is told the earliest time that changed since', () => {
  const changes = new Changes();
  expect(changes.since(0)).toBe(Number.POSITIVE_INFINITY);
  for (const t of [5, 9, 3, Number.POSITIVE_INFINITY, 8]) changes.add(t);
  expect(changes.version).toBe(4);
  expect([0, 1, 2, 3, 4].map((version) => changes.since(version))).toEqual([3, 3, 3, 8, Number.POSITIVE_INFINITY]);
});

test('who was away for very long begins anew, and what is kept has an end', () => {
  const changes = new Changes();
  for (let t = 1; t <= 10_000; t++) changes.add(t);
  expect(changes.since(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(changes.since(9_990)).toBe(9_991);
});
