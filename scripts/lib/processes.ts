/** The machine's processes and accounts, as far as real servers and benchmarks need them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

export const isRoot: boolean = process.getuid?.() === 0;

/** The children of a process, by age. None where the system does not tell. */
export function childrenOf(parent: number): number[] {
  return pids()
    .filter((pid) => parentOf(pid) === parent)
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

function parentOf(pid: number): number | null {
  try {
    // after the name, which may hold anything: state and parent
    const [, , parent] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return Number(parent);
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
