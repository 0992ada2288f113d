import { expect, test } from 'vitest';
import { median } from './median.ts';

test('median of an odd and an even count; of none it is an error', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2.5, 7]);
  expect(() => median([])).toThrow();
});
