/** What the GNU file commands have in common: how they read their command line and say what is wrong. */
import { type FileInfo, type Host, isSystemError } from '../host/host.ts';
import { type Grammar, type Parsed, parseArguments } from './arguments.ts';

/** Says what is wrong with the command line; the exit code. */
export async function misused(host: Host, problem: string): Promise<1> {
  await host.printError(`${host.name}: ${problem}\nTry '${host.name} --help' for more information.\n`);
  return 1;
}

/** The command line, or the exit code when all is said: help was asked for, or an option is unknown. */
export async function readArguments(host: Host, grammar: Grammar, usage: string, args = host.args): Promise<Parsed | number> {
  const parsed = parseArguments(args, { ...grammar, flags: [...grammar.flags, '--help'] });
  if ('rest' in parsed) {
    if (!parsed.flags.has('--help')) return parsed;
    await host.print(`Usage: ${usage}\n`);
    return 0;
  }
  if ('lacksValue' in parsed) return misused(host, `option requires an argument -- '${parsed.lacksValue.replace(/^-+/, '')}'`);
  const { unknown } = parsed;
  return misused(host, unknown.startsWith('--') ? `unrecognized option '${unknown}'` : `invalid option -- '${unknown.slice(1)}'`);
}

/** Does the work; says `what` and why when the system refuses. Whether it was done. */
export async function attempt(host: Host, what: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    await host.printError(`${host.name}: ${what}: ${error.strerror}\n`);
    return false;
  }
}

/** What is there, or null. Throws other errors than that it is not. */
export async function statOrNull(host: Host, path: string): Promise<FileInfo | null> {
  try {
    return await host.fs.stat(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

const trimmed = (path: string): string => path.replace(/(?<=.)\/+$/, '');
const baseName = (path: string): string => trimmed(path).replace(/^.*\//, '');
export const inside = (directory: string, name: string): string => `${trimmed(directory).replace(/^\/$/, '')}/${name}`;

/** For cp and mv: each source with where it goes, or the exit code when the command line makes no sense. */
export async function pairs(host: Host, paths: readonly string[]): Promise<[from: string, to: string][] | number> {
  const target = paths.at(-1);
  const sources = paths.slice(0, -1);
  if (target === undefined) return misused(host, 'missing file operand');
  if (sources.length === 0) return misused(host, `missing destination file operand after '${target}'`);
  const info = await statOrNull(host, target).catch(() => null);
  if (info?.kind === 'directory') return sources.map((from) => [from, inside(target, baseName(from))]);
  if (sources.length === 1) return [[sources[0] ?? '', target]];
  await host.printError(`${host.name}: target '${target}': ${info === null ? 'No such file or directory' : 'Not a directory'}\n`);
  return 1;
}

/** A path as the kernel will read it: to see whether two are the same. */
export function absolute(host: Host, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${host.cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
