/** pstree [-p] [-a] [-c] [-n] [-A] [PID]: processes as a tree, drawn as psmisc's does. */
import type { Host, ProcessInfo } from '../../host/host.ts';
import { readOwn } from '../coreutils.ts';
import { commandOf } from '../processes.ts';
import { type Branch, drawn, type Lines, PLAIN, UNICODE } from './draw.ts';

export default async function pstree(host: Host): Promise<number> {
  const parsed = await readOwn(host, { flags: ['-p', '-a', '-c', '-n', '-A', '-U'], values: [] });
  if (typeof parsed === 'number') return parsed;
  const { flags } = parsed;
  const [from] = parsed.rest;
  if (from !== undefined && !/^\d+$/.test(from)) {
    await host.printError(`pstree: this sandbox's pstree takes a process id, not ${from}\n`);
    return 1;
  }
  const processes = await host.processes();
  const compact = !flags.has('-p') && !flags.has('-c');
  const label = (process: ProcessInfo): string => {
    const text = flags.has('-a') ? withArguments(process) : commandOf(process);
    if (!flags.has('-p')) return text;
    // with -a the number stands after the name
    return flags.has('-a') ? text.replace(/^\S+/, (name) => `${name},${process.pid}`) : `${text}(${process.pid})`;
  };
  const branch = (process: ProcessInfo): Branch => ({
    text: label(process),
    children: ordered(
      processes.filter(({ ppid }) => ppid === process.pid),
      flags.has('-n'),
    ).map(branch),
  });
  const roots =
    from === undefined
      ? processes.filter(({ ppid }) => !processes.some(({ pid }) => pid === ppid))
      : processes.filter(({ pid }) => pid === Number(from));
  const lines: Lines = flags.has('-A') ? PLAIN : UNICODE;
  for (const root of roots) await host.print(drawn(branch(root), lines, { compact, down: flags.has('-a') }));
  return 0;
}

const withArguments = (process: ProcessInfo): string => process.title.replace(/^\S*\//, '');

function ordered(processes: readonly ProcessInfo[], byNumber: boolean): ProcessInfo[] {
  const name = (process: ProcessInfo): string => commandOf(process);
  return [...processes].sort((a, b) => (byNumber || name(a) === name(b) ? a.pid - b.pid : name(a) < name(b) ? -1 : 1));
}
