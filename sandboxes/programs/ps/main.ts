/**
 * ps: `ps`, `ps aux`, `ps -e`, `ps -ef`, `ps -o pid,ppid,user,args`, `-p`, `-C`, `--ppid`.
 * Columns that the sandbox cannot fill truthfully (processor time, memory) are left out.
 */
import type { Host, ProcessInfo } from '../../host/host.ts';
import { commandOf } from '../processes.ts';

interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly right: boolean;
  readonly width: number;
  readonly value: (process: ProcessInfo) => string;
}

const USAGE = `
Usage:
 ps [options]

 ps                 processes of this terminal
 ps aux, -e, -ef    all processes
 -C <name>          by program name
 -p <pid>           by process id
 --ppid <pid>       by the parent's process id
 --forest, f        children below their parents
 -o <columns>       pid, ppid, user, uid, tty, stat, start, stime, comm, args

This is what the sandbox's ps has; the real one has more.
`;

/** Terminals by process: an interactive shell has one, and so has what it started. */
function terminals(processes: readonly ProcessInfo[]): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  let count = 0;
  // Parents are older than their children, and a number is never given twice.
  for (const { pid, ppid, title } of [...processes].sort((a, b) => a.pid - b.pid)) {
    const terminal = found.get(ppid) ?? (title === 'sh -i' ? `pts/${count++}` : undefined);
    if (terminal !== undefined) found.set(pid, terminal);
  }
  return found;
}

export default async function ps(host: Host): Promise<number> {
  if (host.args.some((arg) => arg === '--help' || arg === '-h')) {
    await host.print(USAGE);
    return 0;
  }
  const request = readRequest(host.args);
  if ('problem' in request) {
    await host.printError(`error: ${request.problem}\n\nUsage:\n ps [options]\n`);
    return 1;
  }
  const epoch = host.date() - host.now();
  const all = await host.processes();
  const terminal = terminals(all);
  const kept = all.filter((process) => request.keep(process, host));
  const { order: shown, branches } = request.forest ? forest(kept) : { order: kept, branches: new Map<number, string>() };
  const columns = request.columns.map((name) => columnOf(name, { epoch, terminal, branches, own: host.pid }));
  const unknown = request.columns.find((_, i) => columns[i] === null);
  if (unknown !== undefined) {
    await host.printError(`error: unknown user-defined format specifier "${unknown}"\n\nUsage:\n ps [options]\n`);
    return 1;
  }
  await host.print(
    table(
      columns.filter((column) => column !== null),
      shown,
    ),
  );
  return shown.length > 0 ? 0 : 1;
}

/** Children below their parents, and what the real one draws before each. */
function forest(processes: readonly ProcessInfo[]): { order: ProcessInfo[]; branches: Map<number, string> } {
  const branches = new Map<number, string>();
  const below = (parent: ProcessInfo, indent: string): ProcessInfo[] => {
    const children = processes.filter(({ ppid }) => ppid === parent.pid);
    return children.flatMap((child, i) => {
      branches.set(child.pid, `${indent} \\_ `);
      return [child, ...below(child, `${indent}${i < children.length - 1 ? ' |  ' : '    '}`)];
    });
  };
  const roots = processes.filter(({ ppid }) => !processes.some(({ pid }) => pid === ppid));
  return { order: roots.flatMap((root) => [root, ...below(root, '')]), branches };
}

interface Wanted {
  readonly columns: readonly string[];
  readonly forest: boolean;
  readonly keep: (process: ProcessInfo, host: Host) => boolean;
}

function readRequest(args: readonly string[]): Wanted | { readonly problem: string } {
  let columns = ['pid', 'tty', 'comm'];
  let everything = false;
  let forest = false;
  const filters: ((process: ProcessInfo) => boolean)[] = [];
  const numbers = (text: string): Set<number> => new Set(text.split(',').map(Number));
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const value = (): string => args[++i] ?? '';
    if (arg === '--ppid') {
      const parents = numbers(value());
      filters.push((process) => parents.has(process.ppid));
    } else if (arg === '-p' || arg === '--pid') {
      const pids = numbers(value());
      filters.push((process) => pids.has(process.pid));
    } else if (arg === '-C') {
      const names = new Set(value().split(','));
      filters.push((process) => names.has(commandOf(process)));
    } else if (arg === '--forest' || arg === '-H') forest = true;
    else if (/^-?[aefFujxowA]+$/.test(arg)) {
      const letters = arg.replace('-', '');
      // BSD's `f` draws the forest, UNIX's `-f` is the full list.
      if (!arg.startsWith('-') && letters.includes('f')) forest = true;
      if (!arg.startsWith('-')) columns = ['pid', 'tty', 'command'];
      if (/[eA]/.test(letters) || (!arg.startsWith('-') && letters.includes('x')) || letters === 'aux') everything = true;
      if (letters.includes('u')) columns = ['user', 'pid', 'tty', 'stat', 'start', 'command'];
      else if (arg.startsWith('-') && /[fF]/.test(letters)) columns = ['uid', 'pid', 'ppid', 'stime', 'tty', 'cmd'];
      if (letters.includes('o')) columns = value().split(',');
    } else return { problem: `unsupported option (this sandbox's ps has: aux, -e, -ef, -o, -p, -C, --ppid, --forest)` };
  }
  if (filters.length > 0) return { columns, forest, keep: (process) => filters.some((filter) => filter(process)) };
  // Plain `ps` shows the processes of this terminal: the shell and what it started.
  return {
    columns,
    forest,
    keep: (process, host) => everything || process.pid === host.pid || process.pid === host.ppid || process.ppid === host.ppid,
  };
}

/** What the columns need besides the processes. */
interface Around {
  /** When the sandbox started, in milliseconds since 1970. */
  readonly epoch: number;
  readonly terminal: ReadonlyMap<number, string>;
  readonly branches: ReadonlyMap<number, string>;
  /** This ps, which runs for sure; of others it is not known whether they compute or wait. */
  readonly own: number;
}

function columnOf(name: string, { epoch, terminal, branches, own }: Around): Column | null {
  const right = (title: string, value: Column['value'], width = 7): Column => ({ title, right: true, width, value });
  const left = (title: string, value: Column['value'], width = 8): Column => ({ title, right: false, width, value });
  const branch = ({ pid }: ProcessInfo): string => branches.get(pid) ?? '';
  const clock = (process: ProcessInfo): string => new Date(epoch + process.started).toISOString().slice(11, 16);
  switch (name) {
    case 'pid':
      return right('PID', (process) => String(process.pid));
    case 'ppid':
      return right('PPID', (process) => String(process.ppid));
    case 'user':
    case 'euser':
      return left('USER', (process) => process.user);
    case 'uid':
      return left('UID', (process) => process.user);
    case 'tty':
      return left('TTY', ({ pid }) => terminal.get(pid) ?? '?');
    case 'stat':
    case 'state':
    case 's':
      return left(name === 'stat' ? 'STAT' : 'S', ({ pid, stopped }) => (stopped ? 'T' : pid === own ? 'R' : 'S'), 4);
    case 'stime':
      return right('STIME', clock, 5);
    case 'start':
      return right('START', clock, 5);
    case 'comm':
      return left('CMD', (process) => branch(process) + commandOf(process));
    case 'cmd':
      return left('CMD', (process) => branch(process) + process.title);
    case 'command':
    case 'args':
      return left('COMMAND', (process) => branch(process) + process.title);
    default:
      return null;
  }
}

function table(columns: readonly Column[], processes: readonly ProcessInfo[]): string {
  const rows = [columns.map((column) => column.title), ...processes.map((process) => columns.map((column) => column.value(process)))];
  const widths = columns.map(({ width }, i) => Math.max(width, ...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) => {
      const cells = row.map((cell, i) => (columns[i]?.right ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)));
      return `${cells.join(' ').trimEnd()}\n`;
    })
    .join('');
}
