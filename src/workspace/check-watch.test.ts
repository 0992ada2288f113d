import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CheckWatch } from './check-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Page extends EventTarget {
  hidden = false;
  show(shown: boolean): void {
    this.hidden = !shown;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

function bench(look: () => Promise<void> = async () => {}) {
  const page = new Page();
  const looked = vi.fn(look);
  return { page, looked, watch: new CheckWatch(looked, page) };
}

it('does nothing as long as nothing happens, and looks once after many signs', async () => {
  const { watch, looked } = bench();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([looked.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0]);
  for (let sign = 0; sign < 5; sign++) {
    watch.sign();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(looked).toHaveBeenCalledTimes(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([looked.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
});

it('looks now and then while signs do not end', async () => {
  const { watch, looked } = bench();
  for (let sign = 0; sign < 100; sign++) {
    watch.sign();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(looked.mock.calls.length).toBeGreaterThanOrEqual(3);
  expect(looked.mock.calls.length).toBeLessThanOrEqual(5);
});

it('costs nothing while the page is hidden, and looks when it is shown again if something has happened', async () => {
  const { watch, page, looked } = bench();
  page.show(false);
  watch.sign();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([looked.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0]);
  page.show(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(looked).toHaveBeenCalledTimes(1);
  page.show(false);
  page.show(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(looked).toHaveBeenCalledTimes(1);
});

it('never looks twice at a time, and goes on after a look that failed', async () => {
  const ends: ((error?: Error) => void)[] = [];
  const { watch, looked } = bench(() => new Promise((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve()))));
  watch.sign();
  await vi.advanceTimersByTimeAsync(500);
  watch.sign();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(looked).toHaveBeenCalledTimes(1);
  ends[0]?.(new Error('The sandbox was closed.'));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(looked).toHaveBeenCalledTimes(2);
  ends[1]?.();
});
