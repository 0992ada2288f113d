/** Who prints faster than the page reads has to wait. */
import { expect, test } from 'vitest';
import { EngineControl, type EngineNews } from './engine.ts';
import { createLocalSandbox } from './local.ts';

test('a program that floods waits until the page has dealt with what it printed', async () => {
  let printed = 0;
  const sandbox = createLocalSandbox({
    programs: {
      flood: async (host) => {
        for (let i = 0; i < 40; i++) {
          await host.print('x'.repeat(64 * 1024));
          printed++;
        }
        return 0;
      },
      others: async (host) => {
        for (let i = 0; i < 20; i++) await host.print('y');
        return 0;
      },
    },
  });
  const news: EngineNews[] = [];
  const control = new EngineControl(sandbox.kernel, (one) => news.push(one));
  const pid = Number(await control.do({ name: 'spawn', args: ['flood', [], null, null] }));
  /** It prints so often, and no more while others print all they have. */
  const waitsAfter = async (times: number): Promise<void> => {
    await expect.poll(() => printed).toBe(times);
    await (await sandbox.spawn('others')).exited;
    expect(printed).toBe(times);
  };
  await waitsAfter(3);
  await control.do({ name: 'heard', args: [pid, 2 * 64 * 1024] });
  await waitsAfter(5);
  await control.do({ name: 'heard', args: [pid, 100 * 64 * 1024] });
  await control.do({ name: 'kill', args: [pid, 'SIGKILL'] });
  expect(news.some((one) => one.op === 'exited')).toBe(true);
  sandbox.dispose();
});

test('output is closed, and no longer counted, once nobody is left who could print', async () => {
  const sandbox = createLocalSandbox({
    programs: {
      leaves: async (host) => {
        await host.spawn('stays', []);
        return 0;
      },
      stays: () => new Promise(() => {}),
    },
  });
  const news: EngineNews[] = [];
  const control = new EngineControl(sandbox.kernel, (one) => news.push(one));
  await control.do({ name: 'spawn', args: ['leaves', [], null, null] });
  await expect.poll(() => news.map(({ op }) => op)).toEqual(['exited']);
  const [left] = sandbox.kernel.list();
  expect(left?.title).toBe('stays');
  await control.do({ name: 'kill', args: [left?.pid ?? 0, 'SIGKILL'] });
  await expect.poll(() => news.map(({ op }) => op)).toEqual(['exited', 'closed']);
  sandbox.dispose();
});
