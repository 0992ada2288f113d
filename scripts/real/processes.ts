/** The machine's processes and accounts, as far as the real servers need them. */
import { readdirSync, readFileSync } from 'node:fs';

export const isRoot: boolean = process.getuid?.() === 0;

/** The children of a process, by age. */
export function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .map(Number)
    .filter((pid) => parentOf(pid) === parent)
    .sort((a, b) => a - b);
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
