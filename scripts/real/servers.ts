/**
 * The real Nginx and uWSGI with the files of a lesson, in a folder of their own, as children of this process: never as services
 * of the machine. What had to be changed for that stands in mapping.ts. Linux only; as root they have the lesson's ports and
 * accounts, otherwise ports from 8000 on and your account.
 */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { configValue } from '../../src/checks/config.ts';
import { accountId, childrenOf, isOver, isRoot, kill, takes } from '../lib/processes.ts';
import { type How, Warden } from '../lib/warden.ts';
import { HOP_LOG, type Hop, readHops } from './hop-log.ts';
import { NGINX, UWSGI } from './installed.ts';
import { laid, newPlace, ownFolder } from './lay.ts';
import { checkSockets, type Listen, listensOf } from './listens.ts';
import { ACCOUNT, mapped, type Place } from './mapping.ts';
import { type Pool, type State, textOf } from './state.ts';

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
}

export interface RealNginx {
  readonly pid: number;
  /** The lesson's own logs. */
  readonly accessLog: string;
  readonly errorLog: string;
  readonly hops: () => Hop[];
}

export interface Wishes {
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

  /** Starts these and then Nginx, and waits until all of them serve. Errors: one does not, with what it printed; there are two uWSGIs. */
  async start(pools: readonly Pool[], wishes: Wishes = {}): Promise<void> {
    // whose line it is, and when each has started, would be told wrongly
    if (pools.length > 1) throw new Error(`the logs of one uWSGI can be read, and here are ${pools.map(({ ini }) => ini).join(' and ')}`);
    const listens = this.#listens();
    const started: RealPool[] = [];
    for (const [i, pool] of pools.entries()) started.push(await this.#startPool(pool, i, wishes));
    this.#pools = started;
    const nginx = this.#spawn('nginx', NGINX, ['-g', 'daemon off;', ...this.#nginxArgs()]);
    const serves = async (): Promise<boolean> => (await Promise.all(listens.map(({ host, port }) => takes(host, port)))).every(Boolean);
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
      const left = this.#running.filter(({ child }) => !isOver(child)).flatMap(({ child }) => child.pid ?? []);
      for (const pid of left.flatMap(childrenOf)) kill(pid);
    }, AGAIN_MS);
    const late = setTimeout(() => this.#warden.kill(), STOP_MS);
    await Promise.all(this.#running.map(({ ended }) => ended));
    clearInterval(again);
    clearTimeout(late);
    this.#running = [];
    this.#warden.forget();
  }

  /** Stops everything, and removes all files. */
  async close(): Promise<void> {
    await this.stop();
    this.dispose();
  }

  /** The same at once, for when there is no time left. */
  dispose(): void {
    this.#warden.dispose();
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

  async #startPool(pool: Pool, i: number, { args = [] }: Wishes): Promise<RealPool> {
    const text = textOf(this.#state, pool.ini);
    if (text === null) throw new Error(`there is no ${pool.ini}`);
    const ini = mapped(text, 'uwsgi', this.place);
    checkSockets(ini, this.path(pool.ini), this.place);
    const value = (option: string): string | null => configValue(ini, pool.ini, option);
    const user = value('uid') ?? pool.user;
    for (const socket of value('socket')?.split('\n') ?? []) ownFolder(socket, user, this.place);
    const owner = isRoot && pool.user !== 'root' ? { uid: accountId(ACCOUNT), gid: accountId(ACCOUNT) } : {};
    const running = this.#spawn(`uwsgi-${i}`, UWSGI, ['--ini', this.path(pool.ini), ...args], {
      cwd: this.path(pool.from),
      ...owner,
    });
    const workers = Number(value('processes') ?? 1);
    const apps = value('lazy-apps') === null ? 1 : workers;
    const loaded = value('module') === null && value('wsgi-file') === null ? 0 : apps;
    const watched = value('stats') !== null;
    const ready = (log: string): boolean =>
      count(log, /^spawned uWSGI worker \d/gm) >= workers &&
      count(log, /^WSGI app \d+ .* ready in/gm) >= loaded &&
      (!watched || /^\*\*\* Stats server enabled/m.test(log));
    await this.#until(running, () => ready(printed(running)), 'uWSGI');
    const { pid = 0 } = running.child;
    return { ...pool, pid, log: running.log };
  }

  #spawn(name: string, program: string, args: readonly string[], how: How = {}): Running {
    const log = this.path(`/var/log/${name}.log`);
    const from = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    const child = this.#warden.start(program, args, log, how);
    const ended = new Promise<void>((resolve) => {
      child.on('exit', () => resolve());
      child.on('error', () => resolve());
    });
    const running = { child, log, from, ended };
    this.#running = [...this.#running, running];
    return running;
  }

  async #until(running: Running, done: () => boolean | Promise<boolean>, name: string): Promise<void> {
    const { child } = running;
    const end = performance.now() + START_MS;
    while (!(await done())) {
      const over = isOver(child);
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
