import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('the answer to an older question never takes the place of a newer one', () => {
  const turns = new Turns();
  const first = turns.ask();
  const second = turns.ask();
  expect(second()).toBe(true);
  expect(first()).toBe(false);
  const [third, fourth] = [turns.ask(), turns.ask()];
  expect([third(), fourth()]).toEqual([true, true]);
});

test('what is shown at once makes all that was asked for too late, and so does the end', () => {
  const turns = new Turns();
  const before = turns.ask();
  turns.now();
  expect(before()).toBe(false);
  const last = turns.ask();
  turns.end();
  expect([last(), turns.ask()()]).toEqual([false, false]);
});
