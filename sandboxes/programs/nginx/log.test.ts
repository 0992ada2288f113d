/** Logs that cannot be written do not stop the server. */
import { expect, test } from 'vitest';
import { type Host, SystemError } from '../../host/host.ts';
import { Logs } from './log.ts';

test('standard error that nobody reads any more, and a full disk', async () => {
  const tried: string[] = [];
  const broken = (what: string) => (): Promise<never> => {
    tried.push(what);
    return Promise.reject(new SystemError('EPIPE'));
  };
  const host = {
    pid: 1,
    date: () => 0,
    event: () => undefined,
    sleep: () => Promise.resolve(),
    printError: broken('stderr'),
    fs: { write: broken('file') },
  } as unknown as Host;
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  const logs = new Logs(host);
  for (const path of [null, '/var/log/nginx/error.log']) logs.error([{ path, level: 'error' }], 'error', 'text');
  await logs.flush();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(tried).toEqual(['stderr', 'file']);
  expect(unhandled).toEqual([]);
});
