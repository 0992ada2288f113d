/** start-stop-daemon --stop: ends the process of a PID file, as Debian's nginx.service does. Starting is not its business here. */
import { type Host, isSystemError, type Signal } from '../../host/host.ts';
import { lastValue, readOwn } from '../coreutils.ts';
import { signalOf } from '../kill/signals.ts';
import { runningIn } from '../systemd/starter.ts';

const NOTHING_DONE = 1;
const STILL_THERE = 2;
const MISUSED = 3;
const LOOK_EVERY = 50;

interface Step {
  readonly signal: Signal;
  /** Milliseconds to wait after it. */
  readonly wait: number;
}

export default async function startStopDaemon(host: Host): Promise<number> {
  const parsed = await readOwn(
    host,
    { flags: ['--stop', '-K', '--quiet', '-q', '--oknodo', '-o'], values: ['--retry', '-R', '--pidfile', '-p', '--signal', '-s'] },
    MISUSED,
  );
  if (typeof parsed === 'number') return parsed;
  const pidFile = lastValue(parsed, '--pidfile', '-p');
  const steps = schedule(lastValue(parsed, '--retry', '-R'), lastValue(parsed, '--signal', '-s') ?? 'TERM');
  if (!(parsed.flags.has('--stop') || parsed.flags.has('-K')) || pidFile === null || steps === null) {
    await host.printError(
      "start-stop-daemon: this sandbox's start-stop-daemon has --stop --pidfile FILE [--retry SIGNAL/SECONDS...] only\n",
    );
    return MISUSED;
  }
  const quiet = parsed.flags.has('--quiet') || parsed.flags.has('-q');
  const running = await runningIn(host, pidFile);
  if (running === null) {
    if (!quiet) await host.print(`No process in pidfile '${pidFile}' found running; none killed.\n`);
    return parsed.flags.has('--oknodo') || parsed.flags.has('-o') ? 0 : NOTHING_DONE;
  }
  for (const { signal, wait } of steps) {
    await host.kill(running.pid, signal).catch(ignoreGone);
    for (const end = host.now() + wait; host.now() < end; await host.sleep(LOOK_EVERY)) if (await isGone(host, running.pid)) return 0;
  }
  return parsed.values.some(([option]) => option === '--retry' || option === '-R') ? STILL_THERE : 0;
}

/** `QUIT/5` or `QUIT/5/KILL/2`; null for what is neither. */
function schedule(text: string | null, signal: string): Step[] | null {
  const parts = (text ?? `${signal}/0`).split('/');
  // A number alone is TERM, so many seconds, KILL, and so many again.
  if (/^\d+$/.test(text ?? '')) parts.splice(0, 1, signal, text ?? '', 'KILL', text ?? '');
  const steps: Step[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const found = signalOf((parts[i] ?? '').replace(/^-/, ''));
    if (found === null || found === 0 || !/^\d+$/.test(parts[i + 1] ?? '')) return null;
    steps.push({ signal: found, wait: Number(parts[i + 1]) * 1000 });
  }
  return steps;
}

const isGone = (host: Host, pid: number): Promise<boolean> =>
  host.kill(pid, 0).then(
    () => false,
    (error: unknown) => isSystemError(error, 'ESRCH'),
  );

function ignoreGone(error: unknown): void {
  if (!isSystemError(error)) throw error;
}
