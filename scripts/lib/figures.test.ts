import { expect, test } from 'vitest';
import { over, table, within } from './figures.ts';

test('a figure is held to its budget on both sides', () => {
  expect(within({ name: 'x', value: 80, unit: 'kB', max: 80 })).toBe(true);
  expect(within({ name: 'x', value: 80.1, unit: 'kB', max: 80 })).toBe(false);
  expect(within({ name: 'x', value: 99, unit: '', min: 100 })).toBe(false);
  expect(within({ name: 'x', value: 1, unit: '' })).toBe(null);
});

test('the table lines up and says what is over', () => {
  const lines = table([
    { name: 'transfer', value: 81.25, unit: 'kB', max: 80 },
    { name: 'CLS', unit: '', max: 0, ...over([0, 0, 1]) },
  ]).split('\n');
  expect(lines).toEqual(['transfer  81.3 kB  <= 80  OVER', 'CLS             0  <= 0   ok    0 to 1']);
});
