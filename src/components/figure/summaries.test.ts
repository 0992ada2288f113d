import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Summaries } from './summaries.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a stream of requests is heard as a summary every three seconds and one at the end, never one by one', () => {
  const at: number[] = [];
  const start = performance.now();
  const summaries = new Summaries(() => at.push(performance.now() - start));
  // every request comes to rest before the next one moves
  for (let n = 0; n < 40; n++) {
    summaries.moving();
    vi.advanceTimersByTime(50);
    summaries.resting();
    vi.advanceTimersByTime(50);
  }
  const during = [...at];
  vi.advanceTimersByTime(10_000);
  expect(during.length).toBeLessThan(3);
  expect(at.length).toBe(during.length + 1);
  expect(at.slice(1).every((t, i) => t - (at[i] as number) >= 3000)).toBe(true);
});

test('nothing is said after it was stopped', () => {
  const say = vi.fn();
  const summaries = new Summaries(say);
  summaries.resting();
  summaries.stop();
  vi.advanceTimersByTime(10_000);
  expect(say).not.toHaveBeenCalled();
});
