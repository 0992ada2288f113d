import { expect, it } from 'vitest';
import { Latest } from './latest.ts';

/** Work that goes on until it is called off. */
const hang = (log: string[], name: string) => (signal: AbortSignal) =>
  new Promise<string>((resolve) => {
    log.push(`${name} begins`);
    const stop = () => {
      log.push(`${name} ends`);
      resolve(name);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });

it('calls off what is under way, waits for its end, and gives everybody the last result', async () => {
  const log: string[] = [];
  const latest = new Latest<string>();
  const first = latest.run(hang(log, 'a'));
  const second = latest.run(hang(log, 'b'));
  const third = latest.run(async (signal, instead) => {
    log.push(`c begins ${signal.aborted} ${instead}`);
    return 'c';
  });
  expect(await Promise.all([first, second, third])).toEqual(['c', 'c', 'c']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins false true']);
  expect(latest.current).toBeNull();
});

it('begins at once when nothing is under way', async () => {
  const latest = new Latest<boolean>();
  await latest.run(async () => true);
  expect(await latest.run(async (_, instead) => instead)).toBe(false);
});
