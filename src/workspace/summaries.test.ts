import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Summaries } from './summaries.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const response = { status: 200, statusText: 'OK', headers: [], body: new Uint8Array(), conn: 'c', n: 1, ms: 1, failed: null };
const times = (count: number, act: () => void): void => {
  for (let i = 0; i < count; i++) act();
};

it('says how many in all, though they came in two waves', () => {
  const said: string[] = [];
  const summaries = new Summaries((text) => said.push(text));
  times(8, () => summaries.sent());
  times(4, () => summaries.answered(response));
  vi.advanceTimersByTime(6000);
  expect(said).toEqual([]);
  times(4, () => summaries.answered(response));
  vi.advanceTimersByTime(2500);
  expect(said).toEqual(['8 answers: 8 with 200.']);
  summaries.sent();
  summaries.answered(response);
  vi.advanceTimersByTime(2500);
  expect(said.slice(1)).toEqual(['1 answer: 1 with 200.']);
});

it('does not keep silent for one that hangs', () => {
  const said: string[] = [];
  const summaries = new Summaries((text) => said.push(text));
  times(8, () => summaries.sent());
  times(7, () => summaries.answered(response));
  vi.advanceTimersByTime(15_000);
  expect(said).toEqual(['7 answers: 7 with 200. 1 still under way.']);
});
