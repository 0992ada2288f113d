/** Starts programs, and shells that are copies of this one. What cannot be started is told in dash's words. */
import { type Child, isSystemError, type SpawnOptions } from '../../host/host.ts';
import { BUILTINS } from './builtins.ts';
import { Failure } from './failure.ts';
import { lacking } from './lacking.ts';
import { locate } from './locate.ts';
import { programs } from './programs.ts';
import type { Shell } from './shell.ts';
import { Captured, feed, type Streams, spawnStreams } from './streams.ts';
import { nearest } from './suggest.ts';
import type { List } from './tree.ts';

export interface Launch {
  readonly streams: Streams;
  /** What it reads, when no redirection says so. */
  readonly stdin?: 'pipe' | 'null' | undefined;
  /** Set for this one alone. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a program. Throws Failure. */
export async function launch(shell: Shell, name: string, args: readonly string[], how: Launch): Promise<Child> {
  const { host } = shell;
  const given = name === 'kill' ? withPids(shell, args) : args;
  const path = how.env?.PATH ?? shell.value('PATH') ?? '';
  try {
    const located = await locate(host, name, path);
    if ('problem' in located) throw new Failure(`${name}: ${located.problem}`, false, located.code);
    shell.python = located.program === 'python3' || located.program === 'pip';
    return await spawn(shell, located.program, [...located.before, ...given], how);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code !== 'ENOENT') throw new Failure(`${name}: ${error.strerror}`, false, 126);
    throw new Failure(lacking(name) ?? notFound(name), false, 127);
  }
}

/** What a copy of this shell begins with. */
export interface Copy {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly exported: readonly string[];
  readonly options: string;
  readonly code: number;
  readonly commands: List;
}

/** Starts a copy of this shell that carries out `commands`, which were typed as `text`. Throws Failure. */
export async function fork(shell: Shell, text: string, commands: List, how: Launch): Promise<Child> {
  const copy: Copy = {
    name: shell.name,
    arguments: shell.arguments,
    variables: [...shell.variables],
    exported: [...shell.exported],
    options: [...shell.options].join(''),
    code: shell.code,
    commands,
  };
  try {
    return await spawn(shell, 'sh', ['-c', text], how, new TextEncoder().encode(JSON.stringify(copy)));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(`Cannot fork: ${error.strerror}`, true);
  }
}

async function spawn(shell: Shell, program: string, args: readonly string[], how: Launch, image?: Uint8Array): Promise<Child> {
  const { streams } = how;
  const env: Record<string, string> = {};
  for (const key of shell.exported) env[key] = shell.variables.get(key) ?? '';
  const options: SpawnOptions = {
    ...(how.stdin ? { stdin: how.stdin } : {}),
    ...spawnStreams(streams, shell.streams),
    env: { ...env, ...how.env },
    ...(image ? { image } : {}),
  };
  const child = await shell.host.spawn(program, args, options);
  if (streams.in !== null && options.stdin === 'pipe') void feed(child, streams.in.takeAll());
  if (streams.out instanceof Captured) streams.out.read(child, shell.host);
  return child;
}

/** `kill %1`: only the shell knows what that is. */
function withPids(shell: Shell, args: readonly string[]): readonly string[] {
  return args.flatMap((arg) => {
    if (!arg.startsWith('%')) return [arg];
    const job = shell.jobs.find(arg);
    if (!job) throw new Failure(`kill: No such job: ${arg}`);
    return job.children.map(({ pid }) => String(pid));
  });
}

function notFound(name: string): string {
  const meant = nearest(name, [...programs, ...Object.keys(BUILTINS)]);
  return `${name}: not found${meant === null ? '' : `. Did you mean ${meant}?`}`;
}
