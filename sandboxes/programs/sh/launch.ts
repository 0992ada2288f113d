/** Starts a program for the shell: found by its name, its streams redirected, its problems told in dash's words. */
import { type Child, isSystemError, type SpawnOptions } from '../../host/host.ts';
import { BUILTINS } from './builtins.ts';
import { lacking } from './lacking.ts';
import { locate } from './locate.ts';
import type { Redirect } from './parse.ts';
import { programs } from './programs.ts';
import { feed, readStreams } from './redirects.ts';
import type { Shell } from './shell.ts';
import { nearest } from './suggest.ts';

/** The child, or the exit code when there is none. */
export async function launch(
  shell: Shell,
  name: string,
  args: readonly string[],
  options: SpawnOptions,
  redirects: readonly Redirect[] = [],
  extra: Readonly<Record<string, string>> = {},
): Promise<Child | number> {
  const streams = await readStreams(shell.host, redirects, (words) => shell.expand(words));
  if ('problem' in streams) {
    await shell.complain(streams.problem);
    return 2;
  }
  const given = name === 'kill' ? withPids(shell, args) : args;
  if (typeof given === 'string') {
    await shell.complain(`kill: No such job: ${given}`);
    return 2;
  }
  const env: Record<string, string> = {};
  for (const key of shell.exported) env[key] = shell.variables.get(key) ?? '';
  try {
    const located = await locate(shell.host, name, shell.value('PATH'));
    if ('problem' in located) {
      await shell.complain(`${name}: ${located.problem}`);
      return located.code;
    }
    shell.python = located.program === 'python3' || located.program === 'pip';
    const all = { ...options, ...streams.outputs, env: { ...env, ...extra } };
    const child = await shell.host.spawn(located.program, [...located.before, ...given], all);
    void feed(child, streams.input);
    return child;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code !== 'ENOENT') await shell.complain(`${name}: ${error.strerror}`);
    else await shell.complain(lacking(name) ?? notFound(name));
    return 127;
  }
}

/** `kill %1`: only the shell knows what that is. The word that is no job, or the arguments with pids. */
function withPids(shell: Shell, args: readonly string[]): readonly string[] | string {
  const unknown = args.find((arg) => arg.startsWith('%') && shell.jobs.find(arg) === null);
  return unknown ?? args.map((arg) => (arg.startsWith('%') ? String(shell.jobs.find(arg)?.child.pid) : arg));
}

function notFound(name: string): string {
  const meant = nearest(name, [...programs, ...Object.keys(BUILTINS)]);
  return `${name}: not found${meant === null ? '' : `. Did you mean ${meant}?`}`;
}
