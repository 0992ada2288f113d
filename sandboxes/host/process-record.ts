/** What the kernel notes of a process when it starts. */
import type { ProcessInfo } from './host.ts';
import { Outbox } from './outbox.ts';
import type { Pipe } from './pipe.ts';
import type { Output, OutsideSpawn, Process, ProcessDriver, SpawnParts } from './process-table.ts';
import { ROOT, type Tree } from './tree.ts';
import { idsByName } from './users.ts';
import type { ToProcess } from './wire.ts';

const DEFAULT_ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', USER: 'root', LANG: 'C.UTF-8' };

/** A reply that cannot be copied, most likely for want of memory, would leave its process waiting for ever. */
const errorInstead = (message: ToProcess): ToProcess | null =>
  message.op === 'reply' ? { op: 'error', id: message.id, code: 'ENOMEM', what: '' } : null;

/** What the page, or the command line, starts: as root, and nobody's child. */
export function outsideParts({ program, args, env, cwd, write, closed }: OutsideSpawn, input: Pipe): SpawnParts {
  const output: Output = { kind: 'terminal', write, closed: closed ?? (() => {}) };
  return {
    parent: null,
    program,
    args: args ?? [],
    env: { ...DEFAULT_ENV, ...env },
    cwd: cwd ?? '/root',
    uid: 0,
    gid: 0,
    listeners: [],
    image: null,
    diesWithParent: false,
    stdin: input,
    stdout: output,
    stderr: output,
  };
}

export function recordOf(parts: SpawnParts, known: Pick<Process, 'pid' | 'ppid' | 'program' | 'started'>, driver: ProcessDriver): Process {
  const { uid, gid, cwd, diesWithParent, stdin, stdout, stderr } = parts;
  return {
    ...known,
    uid,
    gid,
    cwd,
    title: [parts.program, ...parts.args].join(' '),
    diesWithParent,
    driver,
    outbox: new Outbox(driver, errorInstead),
    stdin,
    stdout,
    stderr,
    childPipes: new Map(),
    actions: new Map(),
    files: new Map(),
    peers: new Set(),
    image: null,
    stopped: null,
    held: [],
    pending: [],
  };
}

/** A process has ended: closes the terminals that nobody who lives still holds. */
export function closeTerminals({ stdout, stderr }: Process, living: Iterable<Process>): void {
  const held = new Set([...living].flatMap((other) => [other.stdout, other.stderr]));
  for (const output of new Set([stdout, stderr])) if (output.kind === 'terminal' && !held.has(output)) output.closed();
}

/** As ps shows them. */
export function infosOf(processes: Iterable<Process>, tree: Tree): ProcessInfo[] {
  const names = userNames(tree);
  return [...processes].map(({ pid, ppid, uid, title, started, stopped }) => ({
    pid,
    ppid,
    uid,
    user: names.get(uid) ?? String(uid),
    title,
    started,
    stopped: stopped !== null,
  }));
}

function userNames(tree: Tree): Map<number, string> {
  try {
    const ids = idsByName(new TextDecoder().decode(tree.read('/etc/passwd', ROOT)));
    return new Map([...ids].map(([name, id]) => [id, name]));
  } catch {
    return new Map([[0, 'root']]);
  }
}
