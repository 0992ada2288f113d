/** The end of an instance's workers: those that do not end in time are ended. */
import type { Host } from '../../host/host.ts';
import type { Log } from './log.ts';
import type { Slot } from './slot.ts';
import { EXIT_NO_APP } from './worker.ts';

/** Wait for every worker's end, at most `mercy` ms counted from `start`. */
export async function bury(host: Host, log: Log, slots: readonly Slot[], mercy: number, start = host.now()): Promise<void> {
  for (const { worker, child, heard } of slots) {
    const left = mercy - (host.now() - start);
    const gone = await Promise.race([child.exited.then(() => true), host.sleep(Math.max(left, 0)).then(() => false)]);
    if (!gone) {
      log.dated(`worker ${worker} (pid: ${child.pid}) is taking too much time to die...NO MERCY !!!`);
      await host.kill(child.pid, 'SIGKILL').catch(() => {});
      await child.exited;
    }
    await heard;
    if ((await child.exited).code === EXIT_NO_APP) {
      log.line(`OOPS ! failed loading app in worker ${worker} (pid ${child.pid})`);
      log.dated('need-app requested, destroying the instance...');
    } else log.line(`worker ${worker} buried after ${Math.round((host.now() - start) / 1000)} seconds`);
  }
}
