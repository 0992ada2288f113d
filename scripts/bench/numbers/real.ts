/** The machine's own nginx and uWSGI, where both are installed: in a folder and on ports of their own, with nothing of the machine's configuration. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { childrenOf, kill, megabytes, printedBy } from '../../lib/processes.ts';
import { nginxVersion, RealServers, uwsgiVersion, versionOf } from '../../lib/real-server.ts';
import { freePort } from '../../lib/static-server.ts';
import type { Asked, Asking, Watched, Watching } from './client.ts';
import { filesFor, iniOf, type Layout, NGINX_CONF, OTHER_DOORS, type Way, wayOf } from './setting.ts';
import { START_WITHIN_MS, type Stand, type Stands, seenBy, sum, type WatchOptions } from './stand.ts';

/** Of the programs that are measured; null where one is not installed. */
export interface RealVersions {
  readonly nginx: string | null;
  readonly uwsgi: string | null;
  readonly python: string | null;
  readonly openssl: string | null;
}

export const realVersions = (): RealVersions => ({
  nginx: nginxVersion(),
  uwsgi: uwsgiVersion(),
  // of its plugin
  python: versionOf('uwsgi', ['--plugin', 'python3', '--python-version'], /([\d.]+)/),
  openssl: versionOf('openssl', ['version'], /OpenSSL ([\w.]+)/),
});

/** The client, which lives no longer than its task. */
const client = (task: Asking | Watching): Promise<unknown> => printedBy(join(import.meta.dirname, 'outside.ts'), [JSON.stringify(task)]);
const asked = async (task: Asking): Promise<Asked> => (await client(task)) as Asked;
const watched = async (task: Watching): Promise<Watched> => (await client(task)) as Watched;

/** Processor time of a process, in milliseconds; its only thread's, as both servers have one. */
const workOf = (pid: number): number => {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
};

async function layoutIn(folder: string): Promise<Layout> {
  const [plain, sealed, uwsgi, http] = [await freePort(), await freePort(), await freePort(), await freePort()];
  return {
    root: join(folder, 'www'),
    run: folder,
    logs: folder,
    ports: { plain, sealed, uwsgi, http },
    nginx: '',
    uwsgi: '',
  };
}

async function open(workers: number): Promise<Stand> {
  const servers = new RealServers('bench-numbers');
  const { folder } = servers;
  const layout = await layoutIn(folder);
  for (const [path, text] of Object.entries(filesFor(layout, workers))) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const uwsgiAt = (ini: string): number => servers.start('uwsgi', ['--ini', join(folder, ini)]).pid ?? 0;
  const watch = (way: Way, options: WatchOptions): Promise<Watched> => watched({ kind: 'watch', ...wayOf(way, layout), ...options });
  try {
    const { pid: nginx = 0 } = servers.startNginx(join(folder, NGINX_CONF));
    await servers.answers(layout.ports.plain);
    let [began, uwsgi] = [0, 0];
    const { first: answered } = await seenBy(
      () => watch('unix', { lasts: START_WITHIN_MS, untilFirst: true }),
      async () => {
        began = performance.timeOrigin + performance.now();
        uwsgi = uwsgiAt(iniOf('unix'));
      },
    );
    if (answered === null) throw new Error(`uWSGI does not answer: ${servers.output()}`);
    const doors: number[] = [];
    const crew = (): number[] => childrenOf(uwsgi);
    return {
      started: answered - began,
      ask: (way, options) => asked({ kind: 'ask', ...wayOf(way, layout), ...options }),
      watch,
      async openDoors() {
        for (const door of OTHER_DOORS) {
          doors.push(uwsgiAt(iniOf(door)));
          await watch(door, { lasts: START_WITHIN_MS, untilFirst: true });
        }
      },
      reload: async () => void process.kill(uwsgi, 'SIGHUP'),
      kill: async () => kill(crew()[0]),
      work: () => sum([nginx, uwsgi, ...doors].flatMap((pid) => [pid, ...childrenOf(pid)]).map(workOf)),
      memory: async () => {
        const worker = Math.max(...crew().map((pid) => megabytes(pid, 'Rss')));
        return { worker: Number.isFinite(worker) ? worker : null, all: sum([uwsgi, ...crew()].map((pid) => megabytes(pid))) };
      },
      close: () => servers.close(),
    };
  } catch (error) {
    await servers.close();
    throw error;
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

/** The system in words, and its kernel's version, without what the kernel's builder has added. */
export function systemName(): string {
  try {
    const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
    return `${name}, Linux ${/^\d+\.\d+/.exec(release())?.[0] ?? ''}`;
  } catch {
    return process.platform;
  }
}
