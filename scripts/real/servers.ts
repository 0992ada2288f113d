/**
 * The real Nginx and uWSGI with the files of a lesson, in a folder of their own, as children of this process: never as services
 * of the machine. What had to be changed for that stands in mapping.ts. Linux only; as root they have the lesson's ports and
 * accounts, otherwise ports from 8000 on and your account.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { configValue } from '../../src/checks/config.ts';
import { accountId, childrenOf, isRoot, kill } from '../lib/processes.ts';
import { HOP_LOG, type Hop, readHops } from './hop-log.ts';
import { NGINX, UWSGI } from './installed.ts';
import { laid, newPlace, ownFolder } from './lay.ts';
import { type Listen, listensOf } from './listens.ts';
import { ACCOUNT, mapped, type Place } from './mapping.ts';
import { type Pool, type State, textOf } from './state.ts';
import { Warden } from './warden.ts';

/** A server that does not serve after so long never will, in milliseconds. */
const START_MS = 15_000;
const LOOK_MS = 15;
/** Whoever has not stopped after so long is killed. */
const STOP_MS = 6000;
const AGAIN_MS = 500;

interface Running {
  readonly child: ChildProcess;
  /** The file with all that it has printed; from `from` on it was this one. */
  readonly log: string;
  readonly from: number;
  readonly ended: Promise<void>;
}

/** What a started uWSGI is known by. */
export interface RealPool extends Pool {
  /** Of the master; its workers come and go. */
  readonly pid: number;
  /** The file with all that it prints. */
  readonly log: string;
  /** Where its stats server listens, or null: it has none. */
  readonly stats: { readonly path: string } | { readonly host: string; readonly port: number } | null;
}

export interface RealNginx {
  readonly pid: number;
  /** The lesson's own logs. */
  readonly accessLog: string;
  readonly errorLog: string;
  readonly hops: () => Hop[];
}

export interface Wishes {
  /** A stats server also where the ini has none. Whoever asks it wakes the master, which so finds dead workers sooner. */
  readonly stats?: boolean;
  /** More arguments for uWSGI. */
  readonly args?: readonly string[];
}

export class RealMachine {
  readonly place: Place;
  readonly #warden: Warden;
  #state: State = new Map();
  #running: readonly Running[] = [];
  #nginx: RealNginx | null = null;
  #pools: readonly RealPool[] = [];

  private constructor(place: Place) {
    this.place = place;
    this.#warden = new Warden(place.root);
  }

  /** An empty machine. End it with `dispose`. */
  static async open(): Promise<RealMachine> {
    return new RealMachine(await newPlace());
  }

  get nginx(): RealNginx {
    if (this.#nginx === null) throw new Error('Nginx has not been started');
    return this.#nginx;
  }

  /** Nginx, once it has been started. */
  get front(): RealNginx | null {
    return this.#nginx;
  }

  get pools(): readonly RealPool[] {
    return this.#pools;
  }

  /** Where the pool of that number writes, also before it serves. */
  poolLog(at: number): string {
    return this.path(`/var/log/uwsgi-${at}.log`);
  }

  /** Where a file of the lesson lies. */
  path(path: string): string {
    return join(this.place.root, path);
  }

  /** Lays these files over those that are there, mapped. What the servers have read they go on with. */
  lay(state: State): void {
    this.#state = new Map([...this.#state, ...state]);
    laid(state, this.place);
  }

  /** What `nginx -t` says of the files. */
  testNginx(): { readonly exit: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync(NGINX, ['-t', ...this.#nginxArgs()], { encoding: 'utf8' });
    return { exit: status, output: stdout + stderr };
  }

  /** Starts these and then Nginx, and waits until all of them serve. Errors: one does not, with what it printed. */
  async start(pools: readonly Pool[], wishes: Wishes = {}): Promise<void> {
    const listens = this.#listens();
    const started: RealPool[] = [];
    for (const [i, pool] of pools.entries()) started.push(await this.#startPool(pool, i, wishes));
    this.#pools = started;
    const nginx = this.#spawn('nginx', NGINX, ['-g', 'daemon off;', ...this.#nginxArgs()]);
    const serves = async (): Promise<boolean> => (await Promise.all(listens.map(takes))).every(Boolean);
    await this.#until(nginx, async () => existsSync(this.path('/run/nginx.pid')) && (await serves()), 'Nginx');
    const { pid = 0 } = nginx.child;
    const log = (name: string): string => this.path(`/var/log/nginx/${name}.log`);
    const hops = (): Hop[] => readHops(this.path(HOP_LOG));
    this.#nginx = { pid, accessLog: log('access'), errorLog: log('error'), hops };
  }

  /** Ends all servers: what is under way is cut. Their masters go last, so that nobody is left without a parent. */
  async stop(): Promise<void> {
    // SIGTERM would reload a uWSGI without die-on-term
    for (const { child } of this.#running) child.kill('SIGINT');
    // a worker that was forked a moment ago misses what its master tells it, and the master would wait a minute for it
    const again = setInterval(() => {
      const left = this.#running.flatMap(({ child }) =>
        child.exitCode === null && child.signalCode === null ? [child.pid ?? []].flat() : [],
      );
      for (const pid of left.flatMap(childrenOf)) kill(pid);
    }, AGAIN_MS);
    const late = setTimeout(() => this.#kill(), STOP_MS);
    await Promise.all(this.#running.map(({ ended }) => ended));
    clearInterval(again);
    clearTimeout(late);
    this.#runs([]);
  }

  /** Stops everything, and removes all files. */
  async close(): Promise<void> {
    await this.stop();
    this.dispose();
  }

  /** The same at once, for when there is no time left. */
  dispose(): void {
    this.#kill();
    rmSync(this.place.root, { recursive: true, force: true, maxRetries: 3 });
    this.#warden.dismiss();
  }

  #kill(): void {
    for (const { child } of this.#running) {
      // the group: a master alone would leave its workers behind
      if (child.pid !== undefined) kill(-child.pid);
    }
  }

  #nginxArgs(): string[] {
    return ['-c', this.path('/etc/nginx/nginx.conf'), '-e', this.path('/var/log/nginx/start.log')];
  }

  /** Where Nginx will listen, by the files that it really reads. Errors: it does not take them, or would listen elsewhere than here. */
  #listens(): Listen[] {
    const { status, stdout, stderr } = spawnSync(NGINX, ['-T', ...this.#nginxArgs()], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the real Nginx does not take its files:\n${stderr}`);
    return listensOf(stdout, this.place.address);
  }

  async #startPool(pool: Pool, i: number, { stats = false, args = [] }: Wishes): Promise<RealPool> {
    const text = textOf(this.#state, pool.ini);
    if (text === null) throw new Error(`there is no ${pool.ini}`);
    const value = (option: string): string | null => configValue(mapped(text, 'uwsgi', this.place), pool.ini, option);
    const user = value('uid') ?? pool.user;
    const own = value('stats');
    const path = this.path(`/run/stats-${i}/stats.sock`);
    const extra = own === null && stats ? ['--stats', path] : [];
    for (const socket of [...(value('socket')?.split('\n') ?? []), ...extra.slice(1)]) ownFolder(socket, user, this.place);
    const owner = isRoot && pool.user !== 'root' ? { uid: accountId(ACCOUNT), gid: accountId(ACCOUNT) } : {};
    const running = this.#spawn(`uwsgi-${i}`, UWSGI, ['--ini', this.path(pool.ini), ...extra, ...args], {
      cwd: this.path(pool.from),
      ...owner,
    });
    const workers = Number(value('processes') ?? 1);
    const apps = value('lazy-apps') === null ? 1 : workers;
    const loaded = value('module') === null && value('wsgi-file') === null ? 0 : apps;
    const watched = own !== null || stats;
    const ready = (log: string): boolean =>
      count(log, /^spawned uWSGI worker \d/gm) >= workers &&
      count(log, /^WSGI app \d+ .* ready in/gm) >= loaded &&
      (!watched || /^\*\*\* Stats server enabled/m.test(log));
    await this.#until(running, () => ready(printed(running)), 'uWSGI');
    const { pid = 0 } = running.child;
    return {
      ...pool,
      pid,
      log: running.log,
      stats: own === null ? (stats ? { path } : null) : address(own),
    };
  }

  #spawn(name: string, program: string, args: readonly string[], how: { cwd?: string; uid?: number; gid?: number } = {}): Running {
    const log = this.path(`/var/log/${name}.log`);
    const file = openSync(log, 'a');
    const from = fstatSync(file).size;
    const child = spawn(program, args, { cwd: this.place.root, stdio: ['ignore', file, file], detached: true, ...how });
    closeSync(file);
    const ended = new Promise<void>((resolve) => {
      child.on('exit', () => resolve());
      child.on('error', () => resolve());
    });
    const running = { child, log, from, ended };
    this.#runs([...this.#running, running]);
    return running;
  }

  #runs(running: readonly Running[]): void {
    this.#running = running;
    this.#warden.watch(running.flatMap(({ child }) => child.pid ?? []));
  }

  async #until(running: Running, done: () => boolean | Promise<boolean>, name: string): Promise<void> {
    const { child } = running;
    const end = performance.now() + START_MS;
    while (!(await done())) {
      const over = child.exitCode !== null || child.signalCode !== null;
      if (over || performance.now() > end) {
        const own = this.path('/var/log/nginx/start.log');
        const said = printed(running) + (name === 'Nginx' && existsSync(own) ? readFileSync(own, 'utf8') : '');
        throw new Error(`the real ${name} ${over ? 'ended' : `did not serve within ${START_MS / 1000} s`}:\n${said.slice(-2000)}`);
      }
      await pause(LOOK_MS);
    }
  }
}

const printed = ({ log, from }: Running): string => readFileSync(log, 'utf8').slice(from);

const count = (text: string, what: RegExp): number => [...text.matchAll(what)].length;

function address(text: string): RealPool['stats'] {
  const [, host, port] = /^([\d.]+):(\d+)$/.exec(text) ?? [];
  return host === undefined ? { path: text } : { host, port: Number(port) };
}

/** Does somebody take connections there? */
function takes({ host, port }: Listen): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const over = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => over(true));
    socket.on('error', () => over(false));
  });
}
