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
    },
  });
  const news: EngineNews[] = [];
  const control = new EngineControl(sandbox.kernel, (one) => news.push(one));
  const pid = Number(await control.do({ name: 'spawn', args: ['flood', [], null, null] }));
  const waits = async (): Promise<number> => {
    for (let before = -1; before !== printed; ) {
      before = printed;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    return printed;
  };
  expect(await waits()).toBe(3);
  await control.do({ name: 'heard', args: [pid, 2 * 64 * 1024] });
  expect(await waits()).toBe(5);
  await control.do({ name: 'heard', args: [pid, 100 * 64 * 1024] });
  await control.do({ name: 'kill', args: [pid, 'SIGKILL'] });
  expect(news.some((one) => one.op === 'exited')).toBe(true);
  sandbox.dispose();
});
