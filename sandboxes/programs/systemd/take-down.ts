/** Ends all processes of a service as KillMode= and KillSignal= say, and those that stay with SIGKILL (systemd.kill(5)). */
import type { Host } from '../../host/host.ts';
import { Members } from './members.ts';
import type { Service } from './service.ts';

/** How often is looked whether they are gone, in milliseconds. */
const LOOK_EVERY = 50;
/** Who does not go even by SIGKILL is left behind after this. */
const LAST_WAIT = 5_000;

/** True when it took SIGKILL after TimeoutStopSec=. */
export async function takeDown(host: Host, service: Service): Promise<boolean> {
  const { unit, members, name } = service;
  if (unit.killMode === 'none') return false;
  const main = service.main?.pid ?? null;
  /** Those that are waited for. */
  const wanted = async () => {
    const living = await members.living();
    return unit.killMode === 'process' ? living.filter(({ pid }) => pid === main) : living;
  };
  const first = (await wanted()).map(({ pid }) => pid).sort((a, b) => Number(b === main) - Number(a === main));
  await members.signal(unit.killMode === 'mixed' ? first.filter((pid) => pid === main) : first, unit.killSignal);
  const mainGone = async () => !(await members.living()).some(({ pid }) => pid === main);
  const gone = async () => (await wanted()).length === 0;
  const inTime = await until(host, unit.killMode === 'mixed' ? mainGone : gone, unit.stopTimeout);
  const left = await wanted();
  if (left.length === 0) return false;
  if (!inTime) await service.say(`${name}: State 'stop-sigterm' timed out. Killing.`, 4);
  for (const process of left) await service.say(`${name}: Killing process ${Members.named(process)} with signal SIGKILL.`, 5);
  await members.signal(
    left.map(({ pid }) => pid),
    'SIGKILL',
  );
  await until(host, gone, LAST_WAIT);
  return !inTime;
}

async function until(host: Host, done: () => Promise<boolean>, ms: number): Promise<boolean> {
  const end = host.now() + ms;
  for (;;) {
    if (await done()) return true;
    if (host.now() >= end) return false;
    await host.sleep(LOOK_EVERY);
  }
}
