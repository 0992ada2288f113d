/**
 * How many workers there is room for. Each is a thread with a Python of 50 MB and more in its memory: on a small device fewer
 * than the file asks for are better than a tab that the browser ends.
 */
import type { Host } from '../../host/host.ts';
import type { Log } from './log.ts';
import type { Options } from './options.ts';

const MOST_WORKERS = 8;
/** On a device with no more memory than this, in kB: so many workers. */
const SMALL: readonly (readonly [memory: number, workers: number])[] = [
  [1024 * 1024, 1],
  [2 * 1024 * 1024, 2],
];

/** Takes back what is too much, and says so in the log. */
export async function fitWorkers(host: Host, log: Log, options: Options): Promise<void> {
  const total = /^MemTotal: +(\d+) kB$/m.exec(await host.fs.readText('/proc/meminfo').catch(() => ''))?.[1];
  const small = total === undefined ? undefined : SMALL.find(([memory]) => Number(total) <= memory);
  const most = small?.[1] ?? MOST_WORKERS;
  if (options.processes <= most) return;
  const why = small === undefined ? 'this sandbox has room for' : 'this device has little memory, there is room for';
  log.line(`[sandbox] processes = ${options.processes}: ${why} ${most} ${most === 1 ? 'worker' : 'workers'}`);
  options.processes = most;
}
