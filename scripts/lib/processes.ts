/** The machine's processes and accounts, as far as real servers and benchmarks need them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';

export const isRoot: boolean = process.getuid?.() === 0;

/** The children of a process, by age. None where the system does not tell. */
export function childrenOf(parent: number): number[] {
  return pids()
    .filter((pid) => Number(statOf(pid)?.(4)) === parent)
    .sort((a, b) => a - b);
}

function pids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** A field of what Linux says of a process, counted from 1 as in its manual, from the third on; null: there is no such process any more. */
export function statOf(pid: number): ((field: number) => string) | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the second is its name, which may hold anything
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .trim()
      .split(' ');
    return (field) => fields[field - 3] ?? '';
  } catch {
    return null;
  }
}

/**
 * Memory of a process in megabytes; NaN where the system does not tell. `Pss`: pages that it shares with others count in part; `Rss`: in
 * full, as `ps` shows it.
 */
export function megabytes(pid: number, counted: 'Pss' | 'Rss' = 'Pss'): number {
  try {
    return Number(new RegExp(`^${counted}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Has the child ended? */
export const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** Does somebody take connections there? */
export function takes(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const over = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => over(true));
    socket.on('error', () => over(false));
  });
}

/** Ends a process at once; a negative number, a group. It may have ended already, or never begun. */
export function kill(pid: number | undefined): void {
  if (!pid) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // so it has
  }
}

/** Whoever ends this process with a signal ends it with all that listens to its `exit`. */
export function exitOnSignals(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}

/** What a script of ours prints as JSON, in a process of its own. Errors: it ended with another code than 0. */
export async function printedBy(script: string, args: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (bytes) => {
    output += bytes;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(output);
}

/** Numbers by name, in the order of the files: of an account, and of its group, which has the same on Debian. */
function accounts(): Map<string, number> {
  const lines = ['/etc/passwd', '/etc/group'].flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  return new Map(lines.map((line) => line.split(':')).map(([name = '', , id]) => [name, Number(id)]));
}

/** Errors: this machine has no such account. */
export function accountId(name: string): number {
  const id = accounts().get(name);
  if (id === undefined) throw new Error(`this machine has no account ${name}`);
  return id;
}

export const hasAccount = (name: string): boolean => accounts().has(name);
