import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Exchange } from './answer.ts';
import { Summaries } from './summaries.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const response = { status: 200, statusText: 'OK', headers: [], body: new Uint8Array(), conn: 'c', n: 1, ms: 1, failed: null };
/** `count` requests of which the first `done` have their answer. */
const exchanges = (count: number, done: number): Exchange[] =>
  Array.from({ length: count }, (_, id) => ({ id, method: 'GET', url: '/', response: id < done ? response : null, cancel: () => {} }));

it('says how many in all, though they came in two waves', () => {
  const said: string[] = [];
  const summaries = new Summaries((text) => said.push(text));
  summaries.see(exchanges(8, 0));
  summaries.see(exchanges(8, 4));
  vi.advanceTimersByTime(6000);
  expect(said).toEqual([]);
  summaries.see(exchanges(8, 8));
  vi.advanceTimersByTime(2500);
  expect(said).toEqual(['8 answers: 8 with 200.']);
  summaries.see(exchanges(9, 9));
  vi.advanceTimersByTime(2500);
  expect(said.slice(1)).toEqual(['1 answer: 1 with 200.']);
});

it('does not keep silent for one that hangs', () => {
  const said: string[] = [];
  const summaries = new Summaries((text) => said.push(text));
  summaries.see(exchanges(8, 7));
  vi.advanceTimersByTime(15_000);
  expect(said).toEqual(['7 answers: 7 with 200. 1 still under way.']);
});
