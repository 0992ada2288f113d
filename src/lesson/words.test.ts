import { expect, test } from 'vitest';
import { pieces } from './words.ts';

test.each([
  ['', []],
  ['Press Run.', [['Press Run.', false]]],
  [
    'Add `a = 1` below `b`.',
    [
      ['Add ', false],
      ['a = 1', true],
      [' below ', false],
      ['b', true],
      ['.', false],
    ],
  ],
  ['`w3wp.exe`', [['w3wp.exe', true]]],
])('%j', (text, expected) => {
  expect(pieces(text).map((piece) => [piece.text, piece.code])).toEqual(expected);
});
