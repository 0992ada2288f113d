import { expect, test, vi } from 'vitest';
import { Soon } from './soon.ts';

vi.useFakeTimers();

test('what is wanted while it is done, or soon after, is done once more', async () => {
  let done = 0;
  const soon = new Soon(async () => {
    done++;
  });
  for (let time = 0; time < 5; time++) void soon.want();
  await vi.advanceTimersByTimeAsync(299);
  expect(done).toBe(1);
  void soon.want();
  await vi.runAllTimersAsync();
  expect(done).toBe(2);
});

test('after a failure it is done again when it is wanted', async () => {
  const results = [Promise.reject(new Error('closed')), Promise.resolve()];
  results[0]?.catch(() => {});
  let done = 0;
  const soon = new Soon(async () => {
    await results[done++];
  });
  await soon.want();
  void soon.want();
  await vi.runAllTimersAsync();
  expect(done).toBe(2);
});
