/** What the shell knows about the programs it started: how they ended, and how their pipes are joined. */
import { type Child, type Host, isSystemError } from '../../host/host.ts';

const SIGNAL_CODES: Readonly<Record<string, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGQUIT: 131,
  SIGKILL: 137,
  SIGTERM: 143,
  SIGUSR1: 138,
  SIGUSR2: 140,
};

/** `$?` after a program: its code, or 128 and the number of the signal that ended it. */
export function exitCode(exit: { code: number | null; signal: string | null } | undefined): number {
  if (!exit) return 0;
  return exit.code ?? SIGNAL_CODES[exit.signal ?? ''] ?? 128;
}

/** What the shell says of a program in the foreground that a signal has ended. */
export function farewell({ signal }: { signal: string | null }, python: boolean): string {
  if (signal === 'SIGKILL') return 'Killed\n';
  if (signal === 'SIGTERM') return 'Terminated\n';
  if (signal !== 'SIGINT' || !python) return '';
  return '[sandbox] Ctrl-C has ended Python: in WebAssembly it cannot be interrupted while it runs\n';
}

/**
 * Carry one program's output into the next one's input. Who goes on writing when the reader has gone is ended, as SIGPIPE would;
 * where nobody reads, all goes nowhere.
 */
export async function pump(from: Child, to: Child | null, host: Host): Promise<void> {
  let read = to !== null;
  for (let chunk = await from.stdout?.read(); chunk; chunk = await from.stdout?.read()) {
    if (!read) continue;
    try {
      await to?.stdin?.write(chunk);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      read = false;
      await host.kill(from.pid, 'SIGTERM').catch(() => undefined);
    }
  }
  to?.stdin?.end();
}
