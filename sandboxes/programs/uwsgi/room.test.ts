import { expect, test } from 'vitest';
import { createLocalSandbox } from '../../host/local.ts';

/** The lines that say so, and how many workers uWSGI then speaks of. No Python is needed for it. */
async function started(processes: number, kilobytes: number | null): Promise<string[]> {
  const sandbox = createLocalSandbox({
    files: kilobytes === null ? {} : { '/proc/meminfo': `MemTotal: ${String(kilobytes).padStart(15)} kB\n` },
  });
  const process = await sandbox.spawn('uwsgi', ['--master', '--socket', '127.0.0.1:3031', '--processes', String(processes)]);
  await expect.poll(() => process.stderr()).toContain(`spawned uWSGI worker ${Math.min(processes, 1)}`);
  await sandbox.dispose();
  return process
    .stderr()
    .split('\n')
    .filter((line) => /^\[sandbox\]|^mapped/.test(line));
}

const mapped = (cores: number): string =>
  expect.stringMatching(new RegExp(`^mapped \\d+ bytes \\(\\d+ KB\\) for ${cores} cores?$`)) as string;

test.each([
  [4, null, [mapped(4)]],
  [8, 8 * 1024 * 1024, [mapped(8)]],
  [9, null, ['[sandbox] processes = 9: this sandbox has room for 8 workers', mapped(8)]],
  [4, 2 * 1024 * 1024, ['[sandbox] processes = 4: this device has little memory, there is room for 2 workers', mapped(2)]],
  [2, 512 * 1024, ['[sandbox] processes = 2: this device has little memory, there is room for 1 worker', mapped(1)]],
])('%s workers with %s kB', async (processes, kilobytes, lines) => {
  expect(await started(processes, kilobytes)).toEqual(lines);
});
