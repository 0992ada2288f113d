/**
 * A private copy of this machine, to install things in: the same programs and settings, and systemd. What is written there is kept in
 * memory, processes and ports are its own, and all of it is gone in the end. Needs root and Linux with overlayfs and cgroup2.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf } from '../../lib/processes.ts';
import { differences } from './differences.ts';
import { sweep } from './sweep.ts';

export interface Ran {
  readonly status: number;
  /** Standard output and errors, as they came. */
  readonly output: string;
}

export interface PrivateMachine {
  /** Runs a shell command as root, to its end. `input` is its standard input. */
  run(command: string, input?: Uint8Array): Promise<Ran>;
  /** Path of a file of the machine, as seen from outside. */
  outside(path: string): string;
  /** In what its files differ from this machine's, beside logs and what is volatile: a line each. */
  differences(): readonly string[];
}

/** What would reach this machine through the walls, as for `setpriv --bounding-set`. */
const DENIED = ['sys_module', 'sys_time', 'sys_rawio', 'sys_boot', 'mknod'].map((one) => `-${one}`).join(',');
const NAMESPACES = ['--mount', '--pid', '--net', '--uts', '--ipc', '--cgroup'];
/** Until systemd takes commands, in milliseconds. */
const BOOT_MS = 15_000;
const LOOK_MS = 20;

/** Every kind of mount that boot.sh makes. $1: an empty folder. */
const PROBE = `set -e; cd "$1"; mount -t tmpfs tmpfs .; cd "$1"; mkdir upper work over proc sys group pts
for one in /usr /etc /var; do mount -t overlay -o "lowerdir=$one,upperdir=$PWD/upper,workdir=$PWD/work" overlay over; umount over; done
mount -t proc proc proc; mount -t sysfs -o ro sysfs sys; mount -t cgroup2 cgroup2 group; mount -t devpts -o newinstance devpts pts`;

/**
 * Why there can be no private machine here; null where there can. Whether the kernel lets us have namespaces, mounts and groups is
 * tried; a machine that then does not boot is an error.
 */
export function whyNoMachine(): string | null {
  if (process.platform !== 'linux') return 'it takes Linux';
  if (process.getuid?.() !== 0) return 'it takes root';
  if (!existsSync('/lib/systemd/systemd')) return 'there is no systemd';
  const groups = unifiedCgroups();
  if (groups === null) return 'cgroup2 is not mounted';
  const { base, group } = newPlaces(groups);
  try {
    mkdirSync(group);
    rmdirSync(group);
    const { status, stderr } = spawnSync('unshare', [...NAMESPACES, '--fork', 'bash', '-c', PROBE, 'probe', base], { encoding: 'utf8' });
    return status === 0 ? null : `the kernel allows no private machine: ${stderr?.trim()}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmdirSync(base);
  }
}

/** A folder, and the name of a group of processes, that say whose they are; those of tests that were killed go. */
function newPlaces(groups: string): { readonly base: string; readonly group: string } {
  sweep([tmpdir(), groups]);
  const base = mkdtempSync(join(tmpdir(), `machine-${process.pid}-`));
  return { base, group: join(groups, basename(base)) };
}

/** Boots a machine, and ends it when `use` is done. Errors: it does not boot; those of `use`. */
export async function inPrivateMachine<T>(use: (machine: PrivateMachine) => Promise<T>): Promise<T> {
  const { base, group } = newPlaces(unifiedCgroups() ?? '');
  // a test that is broken off takes its machine along
  const boot = `mkdir "$1" && echo $$ >"$1/cgroup.procs" && exec setpriv --pdeathsig KILL unshare ${NAMESPACES.join(' ')} --fork --kill-child bash "$2" "$3" "$4"`;
  const child = spawn('bash', ['-c', boot, 'boot', group, join(import.meta.dirname, 'boot.sh'), base, DENIED], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part));
  const ended = new Promise((resolve) => child.on('close', resolve));
  try {
    return await use(machineOf(await systemdOf(child, () => said)));
  } finally {
    child.kill('SIGKILL');
    await ended;
    if (existsSync(group)) await removeGroups(group);
    rmdirSync(base);
  }
}

/** Number of the first process, once it takes commands. */
async function systemdOf(child: ChildProcess, said: () => string): Promise<number> {
  for (const end = performance.now() + BOOT_MS; performance.now() < end && child.exitCode === null; await sleep(LOOK_MS)) {
    const [first] = childrenOf(child.pid ?? 0);
    if (first && existsSync(`/proc/${first}/root/run/systemd/private`)) return first;
  }
  throw new Error(`a private machine does not boot: ${said().trim()}`);
}

function machineOf(pid: number): PrivateMachine {
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8' };
  const outside = (path: string) => `/proc/${pid}/root${path}`;
  const enter = ['--target', String(pid), ...NAMESPACES, '--root', `--wd=${outside('/root')}`];
  return {
    outside,
    differences: () => differences(outside),
    run: (command, input) =>
      new Promise((resolve, reject) => {
        const child = spawn('nsenter', [...enter, 'setpriv', '--bounding-set', DENIED, 'bash', '-c', command], {
          env,
          stdio: ['pipe', 'pipe', 'pipe'],
        });
        let output = '';
        for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (output += part));
        child.on('error', reject);
        child.on('close', (status) => resolve({ status: status ?? -1, output }));
        child.stdin.on('error', () => {});
        child.stdin.end(input);
      }),
  };
}

/** Where the one hierarchy of cgroup2 is mounted. */
function unifiedCgroups(): string | null {
  return / (\/\S+) cgroup2 /.exec(` ${readFileSync('/proc/mounts', 'utf8').replaceAll('\n', '\n ')}`)?.[1] ?? null;
}

/** The kernel has a group empty a moment after its last process. */
async function removeGroups(folder: string): Promise<void> {
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory()))
    await removeGroups(join(folder, name));
  for (let tries = 50; ; tries--) {
    try {
      return rmdirSync(folder);
    } catch (error) {
      if (tries === 0) throw error;
      await sleep(LOOK_MS);
    }
  }
}
