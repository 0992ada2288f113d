/** Starts one command of a unit as that unit says: user, directory, environment; what it prints goes to the journal. */
import { type Child, type Exit, type Host, isSystemError } from '../../host/host.ts';
import { readAccounts } from '../accounts.ts';
import { locate } from '../sh/locate.ts';
import type { Journal } from './journal.ts';
import type { Command, Unit } from './unit.ts';
import { expandWords, readEnvironmentFile } from './words.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A command that runs, or one that ended before its program did anything (`pid` null). */
export interface Launched {
  readonly pid: number | null;
  readonly exited: Promise<Exit>;
}

/** The surroundings could not be made; the journal says why. */
export class NoResources extends Error {}

/** A stop goes on whatever its commands lack. */
export function passOver(error: unknown): void {
  if (!(error instanceof NoResources)) throw error;
}

/** What goes wrong between the fork and the program, with the exit code that says so. */
class Step extends Error {
  readonly code: number;
  readonly lines: readonly string[];
  constructor(code: number, ...lines: readonly string[]) {
    super(lines[0]);
    this.code = code;
    this.lines = lines;
  }
}

export interface Launching {
  readonly host: Host;
  readonly journal: Journal;
  readonly name: string;
  readonly unit: Unit;
}

/** Throws NoResources. `more`: variables of this moment, such as MAINPID. */
export async function launch(at: Launching, command: Command, more: Readonly<Record<string, string>>): Promise<Launched> {
  const { host, journal, name } = at;
  const settings = await environmentOf(at);
  const file = command.words[0] ?? '';
  const by = file.replace(/^.*\//, '');
  try {
    const account = command.asRoot ? { uid: 0, gid: 0, env: {} } : await credentials(host, at.unit, file);
    const env = { PATH, LANG: 'C.UTF-8', ...account.env, ...settings, ...more };
    const cwd = await directory(host, at.unit, file, account.env.HOME ?? '/root');
    const child = await execute(host, command, env, { uid: account.uid, gid: account.gid, cwd });
    void record(child, journal, name, by);
    return { pid: child.pid, exited: child.exited };
  } catch (error) {
    if (!(error instanceof Step)) throw error;
    for (const line of error.lines)
      await journal.write({ by: `(${by})`, pid: host.pid, unit: name, priority: 3, text: `${name}: ${line}` });
    return { pid: null, exited: Promise.resolve({ code: error.code, signal: null }) };
  }
}

async function environmentOf({ host, journal, name, unit }: Launching): Promise<Record<string, string>> {
  const pairs = [...unit.environment];
  for (const { path, optional } of unit.environmentFiles) {
    try {
      pairs.push(...readEnvironmentFile(await host.fs.readText(path)));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (optional && error.code === 'ENOENT') continue;
      await journal.say(name, `${name}: Failed to load environment files: ${error.strerror}`, 4);
      throw new NoResources(error.strerror);
    }
  }
  return Object.fromEntries(pairs);
}

async function credentials(host: Host, unit: Unit, file: string): Promise<{ uid: number; gid: number; env: Record<string, string> }> {
  const accounts = await readAccounts(host);
  const account = unit.user === '' ? null : accounts.user(unit.user);
  if (unit.user !== '' && account === null)
    throw new Step(217, 'Failed to determine user credentials: No such process', `Failed at step USER spawning ${file}: No such process`);
  const gid =
    unit.group === ''
      ? (account?.gid ?? 0)
      : (accounts.groups.find((group) => group.name === unit.group || String(group.gid) === unit.group)?.gid ?? null);
  if (gid === null)
    throw new Step(216, 'Failed to determine group credentials: No such process', `Failed at step GROUP spawning ${file}: No such process`);
  if (account === null) return { uid: 0, gid, env: {} };
  const home = await homeOf(host, account.name);
  return { uid: account.uid, gid, env: { USER: account.name, LOGNAME: account.name, HOME: home, SHELL: '/bin/sh' } };
}

async function homeOf(host: Host, user: string): Promise<string> {
  const passwd = await host.fs.readText('/etc/passwd').catch(() => '');
  const line = passwd.split('\n').find((one) => one.startsWith(`${user}:`));
  return line?.split(':')[5] ?? '/';
}

async function directory(host: Host, unit: Unit, file: string, home: string): Promise<string> {
  const path = unit.workingDirectory.replace(/^-/, '') || '/';
  const wanted = path === '~' ? home : path;
  const problem = await host.fs.stat(wanted).then(
    ({ kind }) => (kind === 'directory' ? null : 'Not a directory'),
    (error: unknown) => (isSystemError(error) ? error.strerror : String(error)),
  );
  if (problem === null) return wanted;
  if (unit.workingDirectory.startsWith('-')) return '/';
  throw new Step(
    200,
    `Changing to the requested working directory failed: ${problem}`,
    `Failed at step CHDIR spawning ${file}: ${problem}`,
  );
}

interface Place {
  readonly uid: number;
  readonly gid: number;
  readonly cwd: string;
}

async function execute(host: Host, command: Command, env: Record<string, string>, place: Place): Promise<Child> {
  const [file = '', ...args] = expandWords(command.words, env);
  const fail = (problem: string): Step =>
    new Step(203, `Failed to locate executable ${file}: ${problem}`, `Failed at step EXEC spawning ${file}: ${problem}`);
  const found = await locate(host, file, PATH);
  if ('problem' in found) throw fail(found.code === 127 ? 'No such file or directory' : found.problem);
  try {
    return await host.spawn(found.program, [...found.before, ...args], { ...place, env, stdin: 'null', stdout: 'pipe', stderr: 'stdout' });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw fail(error.strerror);
  }
}

/** Every line to the journal, until all who write are gone. Slow readers make writers wait. */
async function record({ pid, stdout }: Child, journal: Journal, unit: string, by: string): Promise<void> {
  const decoder = new TextDecoder();
  const write = (text: string): Promise<void> => journal.write({ by, pid, unit, priority: 6, text });
  let rest = '';
  for (let bytes = await stdout?.read(); bytes; bytes = await stdout?.read()) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    await Promise.all(lines.map(write));
  }
  if (rest !== '') await write(rest);
}
