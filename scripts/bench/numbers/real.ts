/** The machine's own nginx and uWSGI, where both are installed: in a folder and on ports of their own, with nothing of the machine's configuration. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../lib/static-server.ts';
import { childrenOf, megabytes } from '../nginx/machine.ts';
import { answers } from '../nginx/real.ts';
import type { Asked, Asking, Watched, Watching } from './client.ts';
import { filesFor, iniOf, type Layout, NGINX_CONF, OTHER_DOORS, type Way, wayOf } from './setting.ts';
import { LEAD_MS, START_WITHIN_MS, type Stand, type Stands, sum, type WatchOptions } from './stand.ts';

/** Of the programs that are measured; null where one is not installed. */
export interface RealVersions {
  readonly nginx: string | null;
  readonly uwsgi: string | null;
  readonly python: string | null;
  readonly openssl: string | null;
}

const said = (program: string, args: readonly string[], pattern: RegExp): string | null => {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return pattern.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[1] ?? null;
};

/** Python's version is that of uWSGI's plugin: its log says it when it starts. */
export const realVersions = (): RealVersions => ({
  nginx: said('nginx', ['-v'], /nginx\/([\d.]+)/),
  uwsgi: said('uwsgi', ['--version'], /^(\S+)/),
  python: said('uwsgi', ['--plugin', 'python3', '--python-version'], /([\d.]+)/),
  openssl: said('openssl', ['version'], /OpenSSL ([\w.]+)/),
});

/** The client in a process of its own, which lives no longer than its task. */
async function client(task: Asking | Watching): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'outside.ts'), JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (bytes) => {
    output += bytes;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the client ended with ${code}`);
  return output;
}

const asked = async (task: Asking): Promise<Asked> => JSON.parse(await client(task));
const watched = async (task: Watching): Promise<Watched> => JSON.parse(await client(task));

/** Processor time of a process, in milliseconds; its only thread's, as both servers have one. */
const workOf = (pid: number): number => {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
};

/** Resident memory, in megabytes, as `ps` shows it: pages that are shared count in full. */
const resident = (pid: number): number => {
  try {
    return Number(/^Rss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
};

const pidOf = ({ pid }: ChildProcess): number => {
  if (pid === undefined) throw new Error('it did not start');
  return pid;
};

async function layoutIn(folder: string): Promise<Layout> {
  const [plain, sealed, uwsgi, http] = [await freePort(), await freePort(), await freePort(), await freePort()];
  return {
    root: join(folder, 'www'),
    run: folder,
    logs: folder,
    ports: { plain, sealed, uwsgi, http },
    nginx: 'daemon off;',
    uwsgi: `logto = ${join(folder, 'uwsgi.log')}\n`,
  };
}

async function open(workers: number): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-numbers-'));
  // Nginx's worker runs as another user.
  chmodSync(folder, 0o755);
  const layout = await layoutIn(folder);
  for (const [path, text] of Object.entries(filesFor(layout, workers))) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const started: ChildProcess[] = [];
  const start = (program: string, args: readonly string[]): ChildProcess => {
    const child = spawn(program, args, { stdio: 'ignore' });
    started.push(child);
    return child;
  };
  const close = async (): Promise<void> => {
    for (const child of started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
      const workersLeft = childrenOf(pidOf(child));
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      // Without their master they would go at their next wake-up.
      for (const pid of workersLeft) killed(pid);
    }
    rmSync(folder, { recursive: true, maxRetries: 3 });
  };
  try {
    const nginx = start('nginx', ['-e', join(folder, 'error.log'), '-c', join(folder, NGINX_CONF)]);
    await answers(layout.ports.plain);
    const watch = (way: Way, options: WatchOptions): Promise<Watched> => watched({ kind: 'watch', ...wayOf(way, layout), ...options });
    const first = watch('unix', { lasts: START_WITHIN_MS, untilFirst: true });
    await sleep(LEAD_MS);
    const began = performance.timeOrigin + performance.now();
    const uwsgi = start('uwsgi', ['--ini', join(folder, iniOf('unix'))]);
    const answered = (await first).first;
    if (answered === null) throw new Error(`uWSGI does not answer: ${readFileSync(join(folder, 'uwsgi.log'), 'utf8').slice(-500)}`);
    const doors: ChildProcess[] = [];
    const crew = (): number[] => childrenOf(pidOf(uwsgi));
    return {
      started: answered - began,
      ask: (way, options) => asked({ kind: 'ask', ...wayOf(way, layout), ...options }),
      watch,
      async openDoors() {
        for (const door of OTHER_DOORS) {
          doors.push(start('uwsgi', ['--ini', join(folder, iniOf(door))]));
          await watch(door, { lasts: START_WITHIN_MS, untilFirst: true });
        }
      },
      reload: async () => void uwsgi.kill('SIGHUP'),
      kill: async () => killed(crew()[0]),
      work: () =>
        sum(
          [nginx, uwsgi, ...doors]
            .map(pidOf)
            .flatMap((pid) => [pid, ...childrenOf(pid)])
            .map(workOf),
        ),
      memory: async () => {
        const worker = Math.max(...crew().map(resident));
        return { worker: Number.isFinite(worker) ? worker : null, all: sum([pidOf(uwsgi), ...crew()].map(megabytes)) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function killed(pid: number | undefined): void {
  if (!pid) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it was gone already
  }
}

/** A sentence says why there are none. */
export function realStands(): Stands | string {
  const { nginx, uwsgi, openssl } = realVersions();
  if (uwsgi === null) return 'uWSGI is not installed on the machine';
  if (nginx === null) return 'nginx is not installed on the machine';
  if (openssl === null) return 'openssl, which makes the certificate, is not installed on the machine';
  return { place: 'real', open };
}

/** Processor and system in words, as Linux says them. */
export function systemName(): string {
  try {
    const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
    return `${name}, ${execFileSync('uname', ['-sr'], { encoding: 'utf8' }).trim()}`;
  } catch {
    return process.platform;
  }
}
