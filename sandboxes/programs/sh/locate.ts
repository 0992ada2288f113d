/** Finds what a command's name stands for: a program of the sandbox, or a file whose first line names what runs it. */
import { type Host, isSystemError } from '../../host/host.ts';
import { programs } from './programs.ts';

export interface Located {
  readonly program: string;
  /** Arguments ahead of those that were typed. */
  readonly before: readonly string[];
}

/** Why it cannot be run, and the exit code that says so. */
export interface NotRun {
  readonly problem: string;
  readonly code: 126 | 127;
}

/** Where the sandbox's programs are; they are no files. */
const PROGRAMS = new Set(['/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']);
/** An interpreter may be a script itself; Linux follows a few. */
const DEEPEST = 4;
/** Those that Debian has in /usr/sbin; the others are in /usr/bin. */
const FOR_ADMINISTRATORS: ReadonlySet<string> = new Set(['nginx']);
/** Linux reads so much of a first line. */
const FIRST_LINE = 256;

/** Every file that `name` stands for in the directories of `path`, the first one first; a name with a slash stands for itself. */
export async function placesOf(host: Host, name: string, path: string): Promise<string[]> {
  const slash = name.lastIndexOf('/');
  const folders = slash < 0 ? path.split(':').filter(Boolean) : [name.slice(0, slash) || '/'];
  const own = name.slice(slash + 1);
  const places: string[] = [];
  for (const folder of folders) {
    const file = `${folder === '/' ? '' : folder}/${own}`;
    const home = FOR_ADMINISTRATORS.has(own) ? /^(\/usr)?\/sbin$/ : /^(\/usr)?\/bin$/;
    if ((programs.includes(own) && home.test(folder)) || (await isRunnable(host, file))) places.push(slash < 0 ? file : name);
  }
  return places;
}

async function isRunnable(host: Host, file: string): Promise<boolean> {
  if ((await kindOf(host, file)) !== 'file') return false;
  return ((await host.fs.stat(file)).mode & 0o111) !== 0;
}

/** What `name` runs, by the directories in `path` (`$PATH`) in turn when it has no slash. A name that is nowhere is taken for a program's. */
export const locate = (host: Host, name: string, path: string): Promise<Located | NotRun> => byName(host, name, path, 0);

async function byName(host: Host, name: string, path: string, depth: number): Promise<Located | NotRun> {
  if (name.includes('/')) return byPath(host, name, path, depth);
  for (const folder of path.split(':')) {
    if (folder === '') continue;
    if (PROGRAMS.has(folder) && programs.includes(name)) break;
    const file = `${folder}/${name}`;
    if ((await kindOf(host, file)) === 'file') return byPath(host, file, path, depth);
  }
  return { program: name, before: [] };
}

async function byPath(host: Host, file: string, path: string, depth: number): Promise<Located | NotRun> {
  const slash = file.lastIndexOf('/');
  if (PROGRAMS.has(file.slice(0, slash)) && programs.includes(file.slice(slash + 1))) return { program: file.slice(slash + 1), before: [] };
  const found = await host.fs.stat(file).catch((error: unknown) => {
    if (isSystemError(error)) return null;
    throw error;
  });
  // Programs are no files, so a link to one leads nowhere as far as files go.
  const target = found === null && depth <= DEEPEST ? await targetOf(host, file) : null;
  if (target !== null) return byPath(host, target, path, depth + 1);
  if (found === null || depth > DEEPEST) return { problem: 'not found', code: 127 };
  if (found.kind !== 'file' || (found.mode & 0o111) === 0) return { problem: 'Permission denied', code: 126 };
  const [interpreter, argument] = await firstLine(host, file);
  // Without such a line it is a script for this shell.
  if (interpreter === undefined) return { program: 'sh', before: [file] };
  const by =
    interpreter === '/usr/bin/env' && argument !== undefined
      ? await byName(host, argument, path, depth + 1)
      : await byPath(host, interpreter, path, depth + 1);
  if ('problem' in by) return by;
  const between = interpreter === '/usr/bin/env' || argument === undefined ? [] : [argument];
  return { program: by.program, before: [...by.before, ...between, file] };
}

/** `#!INTERPRETER ARGUMENT`: all behind the interpreter is one argument. Empty when there is no such line. */
async function firstLine(host: Host, file: string): Promise<string[]> {
  const open = await host.fs.open(file, { first: FIRST_LINE });
  const text = new TextDecoder().decode(await open.read(0, FIRST_LINE));
  open.close();
  const line = /^#![ \t]*([^\r\n]*)/.exec(text)?.[1]?.trim() ?? '';
  const [, interpreter, argument] = /^(\S+)(?:[ \t]+(.+))?$/.exec(line) ?? [];
  return interpreter === undefined ? [] : argument === undefined ? [interpreter] : [interpreter, argument];
}

/** Where a symbolic link leads, as an absolute path; null for what is none. */
async function targetOf(host: Host, file: string): Promise<string | null> {
  try {
    const target = await host.fs.readLink(file);
    return target.startsWith('/') ? target : `${file.replace(/[^/]*$/, '')}${target}`;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

async function kindOf(host: Host, path: string): Promise<string | null> {
  try {
    return (await host.fs.stat(path)).kind;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
