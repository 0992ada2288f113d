import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Prompts } from './prompts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Notes when the shell is free. */
function waiting(prompts: Prompts, ms: number): { free: boolean } {
  const state = { free: false };
  void prompts.next(ms).then(() => {
    state.free = true;
  });
  return state;
}
const settle = () => vi.advanceTimersByTimeAsync(0);

it('is free when the prompt has come, in whatever pieces', async () => {
  const prompts = new Prompts();
  const line = waiting(prompts, 1000);
  prompts.see('root@shop:~#');
  await settle();
  expect(line.free).toBe(false);
  prompts.see(' ');
  await settle();
  expect(line.free).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

it('is not free while a command prints, until time is up', async () => {
  const prompts = new Prompts();
  prompts.see('root@shop:~# ');
  prompts.busy();
  const line = waiting(prompts, 400);
  prompts.see('\n# a comment in a file\n');
  await vi.advanceTimersByTimeAsync(399);
  expect(line.free).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(line.free).toBe(true);
});

it('knows who asks', () => {
  const prompts = new Prompts();
  expect(prompts.asking).toBeNull();
  prompts.see('root@shop:~# ');
  expect(prompts.asking).toBe('shell');
  prompts.busy();
  expect(prompts.asking).toBeNull();
  prompts.see('Python 3.14\n>>> ');
  expect(prompts.asking).toBe('python');
  prompts.busy();
  // Ctrl-C: nobody needs to wait, but the program may go on
  prompts.free();
  expect(prompts.asking).toBeNull();
});

it('knows who was asked: the shell, also for a command that goes on, or Python', () => {
  const prompts = new Prompts();
  for (const [printed, who] of [
    ['root@shop:~# ', 'shell'],
    ['> ', 'shell'],
    ['>>> ', 'python'],
    ['... ', 'python'],
    ['a > ', null],
  ] as const) {
    prompts.see(printed);
    expect(prompts.asking, printed).toBe(who);
    prompts.busy();
    expect(prompts.asked, printed).toBe(who);
  }
});
