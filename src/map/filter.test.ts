import { expect, test } from 'vitest';
import { fits, queryOf, wishIn } from './filter.ts';

const ALL = { q: '', group: '', same: '' } as const;
const ROW = { text: 'listen = 100 queueLength="1000" The visitor’s queue', group: 'process-model', same: 'close' };

test('a wish goes through the address and back', () => {
  for (const wish of [ALL, { q: 'queue 100 %&+', group: 'logs', same: 'close' } as const, { ...ALL, q: 'ü' }])
    expect(wishIn(queryOf(wish), ['logs'])).toEqual(wish);
  expect(queryOf(ALL)).toBe('');
  expect(queryOf({ ...ALL, q: 'queue' })).toBe('?q=queue');
});

test('what the page does not know is no wish', () => {
  expect(wishIn('?group=nowhere&same=toString&x=1', ['logs'])).toEqual(ALL);
});

test('all words must occur, in any case and order; group and likeness must fit', () => {
  expect(fits(ROW, ALL)).toBe(true);
  expect(fits(ROW, { ...ALL, q: ' QUEUE  listen ' })).toBe(true);
  expect(fits(ROW, { ...ALL, q: "visitor's" })).toBe(true);
  expect(fits(ROW, { ...ALL, q: 'queue harakiri' })).toBe(false);
  expect(fits(ROW, { ...ALL, group: 'logs' })).toBe(false);
  expect(fits(ROW, { q: 'queue', group: 'process-model', same: 'close' })).toBe(true);
  expect(fits(ROW, { ...ALL, same: 'same' })).toBe(false);
});
