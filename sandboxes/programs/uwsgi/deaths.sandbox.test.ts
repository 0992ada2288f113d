/** On the Node host a worker is an operating system process with connections of its own: deaths leave none of them over. */
import { expect, onTestFinished, test } from 'vitest';
import { ScriptSandbox } from '../../../scripts/lib/sandbox.ts';

const WORKERS = 4;
const ROUNDS = 10;

/** What this process holds for the sandbox: child processes, and the connections and ports through which they talk. */
function held(): Record<string, number> {
  const counts: Record<string, number> = { ProcessWrap: 0, TCPSocketWrap: 0, TCPServerWrap: 0 };
  for (const kind of process.getActiveResourcesInfo()) if (kind in counts) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

test('after forty deaths there are as many system processes and connections as before', { timeout: 120_000 }, async () => {
  const sandbox = await ScriptSandbox.open();
  onTestFinished(() => sandbox.dispose());
  // Without Python: it is the host that is tried here.
  await sandbox.mount({ '/srv/u.ini': `[uwsgi]\nmaster = true\nprocesses = ${WORKERS}\nsocket = 127.0.0.1:3031\n` });
  const empty = held();
  const master = await sandbox.spawn('uwsgi', ['--ini', '/srv/u.ini']);
  const lives = (): number[] => sandbox.events.flatMap(({ type, pid }) => (type === 'uwsgi.ready' ? [pid] : []));
  await sandbox.until(() => lives().length === WORKERS, 30_000);
  const before = held();
  expect(before.ProcessWrap).toBe((empty.ProcessWrap ?? 0) + WORKERS + 1);
  for (let round = 1; round <= ROUNDS; round++) {
    await Promise.all(
      lives()
        .slice(-WORKERS)
        .map((pid) => sandbox.kill(pid, 'SIGKILL')),
    );
    await sandbox.until(() => lives().length === (round + 1) * WORKERS, 30_000);
  }
  await expect.poll(held, { timeout: 10_000 }).toEqual(before);
  await sandbox.kill(master.pid, 'SIGINT');
  expect(await master.exited).toEqual({ code: 0, signal: null });
  await expect.poll(held, { timeout: 10_000 }).toEqual(empty);
});
