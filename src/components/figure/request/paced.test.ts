import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Paced } from './paced.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('does it at once, then now and then, and the last wish is not lost', () => {
  const act = vi.fn();
  const paced = new Paced(250, act);
  paced.ask();
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(10);
  // an answer that comes just after what was drawn, with nothing more to come
  paced.ask();
  paced.ask();
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(240);
  expect(act).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(10_000);
  expect([act.mock.calls.length, vi.getTimerCount()]).toEqual([2, 0]);
  paced.ask();
  expect(act).toHaveBeenCalledTimes(3);
});

it('does nothing more once it was stopped', () => {
  const act = vi.fn();
  const paced = new Paced(250, act);
  paced.ask();
  paced.ask();
  paced.stop();
  vi.advanceTimersByTime(1_000);
  expect(act).toHaveBeenCalledTimes(1);
});
