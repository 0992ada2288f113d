import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchPulse } from './pulse.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function bench(ask: () => Promise<unknown>) {
  const page = { hidden: false };
  const scene = { page, lives: true, asked: vi.fn(ask), gone: vi.fn() };
  watchPulse({ ask: scene.asked, lives: () => scene.lives, page, gone: scene.gone });
  return scene;
}

it('a sandbox that answers is left alone, also when the answer is an error', async () => {
  for (const ask of [async () => 'there', () => Promise.reject(new Error('No such file'))]) {
    const { asked, gone } = bench(ask);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.mock.calls.length).toBeGreaterThanOrEqual(8);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(10);
    expect(gone).not.toHaveBeenCalled();
  }
});

it('one that says nothing is gone after a while, and that is said once', async () => {
  const { gone } = bench(() => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(14_000);
  expect(gone).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(gone).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

it('a late answer counts', async () => {
  const { gone } = bench(() => new Promise((resolve) => setTimeout(resolve, 9_000)));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(gone).not.toHaveBeenCalled();
});

it('nobody is asked while nobody looks, and nothing is left when the sandbox is not wanted any more', async () => {
  const scene = bench(() => new Promise(() => {}));
  scene.page.hidden = true;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(scene.asked).not.toHaveBeenCalled();
  scene.lives = false;
  await vi.advanceTimersByTimeAsync(3_000);
  expect([scene.gone.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0]);
});
