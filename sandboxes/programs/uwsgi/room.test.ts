import { expect, test } from 'vitest';
import { createLocalSandbox } from '../../host/local.ts';

/** The lines that say so, when so many workers have been started. No Python is needed for it. */
async function started(processes: number, kilobytes: number | null, workers: number): Promise<string[]> {
  const sandbox = createLocalSandbox({
    files: kilobytes === null ? {} : { '/proc/meminfo': `MemTotal: ${String(kilobytes).padStart(15)} kB\n` },
  });
  const process = await sandbox.spawn('uwsgi', ['--master', '--socket', '127.0.0.1:3031', '--processes', String(processes)]);
  const spawned = (): number => process.stderr().match(/^spawned uWSGI worker /gm)?.length ?? 0;
  await expect.poll(spawned, { timeout: 20_000 }).toBe(workers);
  sandbox.dispose();
  return process
    .stderr()
    .split('\n')
    .filter((line) => /^\[sandbox\]/.test(line));
}

test.each([
  [4, null, 4, []],
  [8, 8 * 1024 * 1024, 8, []],
  [9, null, 8, ['[sandbox] processes = 9: this sandbox has room for 8 workers']],
  [4, 2 * 1024 * 1024, 2, ['[sandbox] processes = 4: this device has little memory, there is room for 2 workers']],
  [2, 512 * 1024, 1, ['[sandbox] processes = 2: this device has little memory, there is room for 1 worker']],
])('%s workers with %s kB', async (processes, kilobytes, workers, lines) => {
  expect(await started(processes, kilobytes, workers)).toEqual(lines);
});
