/** How much of the machine others take, looked at while this benchmark itself does nothing. */
import { type CpuInfo, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the round before has left behind has gone by then. */
const CALM_MS = 1000;
const LOOK_MS = 3000;

type Times = Pick<CpuInfo, 'times'>;

/** The part of all processors' time between two looks, from 0 to 1, in which they were not idle. */
export function busyShare(before: readonly Times[], after: readonly Times[]): number {
  const spent = (which: (times: CpuInfo['times']) => number): number => {
    const all = (looked: readonly Times[]): number => looked.reduce((sum, { times }) => sum + which(times), 0);
    return all(after) - all(before);
  };
  const idle = spent((times) => times.idle);
  const whole = spent(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq);
  return whole > 0 ? 1 - idle / whole : 0;
}

/** Takes a few seconds. */
export async function othersShare(): Promise<number> {
  await sleep(CALM_MS);
  const before = cpus();
  await sleep(LOOK_MS);
  return busyShare(before, cpus());
}
