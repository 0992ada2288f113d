/** What the GNU file commands have in common: how they read their command line and say what is wrong. */
import { type FileInfo, type Host, isSystemError } from '../host/host.ts';
import { type Grammar, type Parsed, parseArguments } from './arguments.ts';
import { helpOf, pageOf } from './man/pages.ts';

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
export function statOrNull(host: Host, path: string): Promise<FileInfo | null> {
  return orNull(host.fs.stat(path));
}

/** The same of a link itself. */
export function lstatOrNull(host: Host, path: string): Promise<FileInfo | null> {
  return orNull(host.fs.lstat(path));
}

async function orNull(asked: Promise<FileInfo>): Promise<FileInfo | null> {
  try {
    return await asked;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

const trimmed = (path: string): string => path.replace(/(?<=.)\/+$/, '');
export const baseName = (path: string): string => trimmed(path).replace(/^.*\//, '');
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

/** Prints the page of this program when `--help` is all that was asked. Whether it was. */
export async function helped(host: Host): Promise<boolean> {
  if (host.args.length !== 1 || host.args[0] !== '--help') return false;
  await printHelp(host);
  return true;
}

async function printHelp(host: Host): Promise<void> {
  const page = pageOf(host.name);
  if (page) await host.print(helpOf(host.name, page));
}

/**
 * The command line of a program that has a page, or the exit code when all is said: help was asked for, or an option is not here.
 * Whether the real one has such an option nobody knows here, so the sentence is about this one.
 */
export async function readOwn(host: Host, grammar: Grammar, misuse = 1, args = host.args): Promise<Parsed | number> {
  const parsed = parseArguments(args, { ...grammar, flags: [...grammar.flags, '--help'] });
  if ('rest' in parsed) {
    if (!parsed.flags.has('--help')) return parsed;
    await printHelp(host);
    return 0;
  }
  if ('lacksValue' in parsed) {
    await misused(host, `option requires an argument -- '${parsed.lacksValue.replace(/^-+/, '')}'`);
    return misuse;
  }
  await host.printError(
    `${host.name}: this sandbox's ${host.name} does not have ${parsed.unknown}; ${host.name} --help says what it has\n`,
  );
  return misuse;
}

/** The value of the option that was given last, by any of its names. */
export function lastValue(parsed: Parsed, ...names: readonly string[]): string | null {
  return parsed.values.findLast(([option]) => names.includes(option))?.[1] ?? null;
}
