import { expect, test } from 'vitest';
import { newLines } from './changed-lines.ts';

test('lines that were added or changed, once each, without those that are there before or are empty', () => {
  expect(newLines('a\nb\n', 'a\nb\n')).toEqual([]);
  expect(newLines('a\nb\nc\n', 'a\nB\n\nc\nd\n')).toEqual(['B', 'd']);
  expect(newLines('a\nb\n', 'b\na\na\n')).toEqual(['a']);
  expect(newLines('', 'a\n')).toEqual(['a']);
});
