/** The master's side of the HTTP router: its sockets, its process, and another one in its place. */
import type { Address, Child, Host, Listener } from '../../host/host.ts';
import { Ended } from './ended.ts';
import type { Log } from './log.ts';
import type { Options } from './options.ts';
import { ROUTER_START, type RouterStart } from './router.ts';
import { bindSocket, routerFd } from './socket.ts';

/** Bind what `http` names. Throws Ended. */
export async function bindRouter(host: Host, log: Log, options: Options): Promise<Listener[]> {
  const listeners: Listener[] = [];
  for (const [i, address] of options.http.entries()) {
    const bound = await bindSocket(host, { address, protocol: 'http' }, options);
    if (!('accept' in bound)) {
      log.line(...bound.lines);
      throw new Ended(1);
    }
    log.line(`uWSGI http bound on ${address} fd ${routerFd(options, i)}`);
    listeners.push(bound);
  }
  return listeners;
}

export class Gateway {
  #host: Host;
  #log: Log;
  #options: Options;
  #listeners: readonly Listener[];
  #to: Address;
  #child: Child | null = null;
  #spawns = 0;
  #dead = false;
  #buried = false;

  /** A router for these sockets, in front of workers at the address `to`; none when there are no sockets. */
  constructor(host: Host, log: Log, options: Options, listeners: readonly Listener[], to: Address) {
    this.#host = host;
    this.#log = log;
    this.#options = options;
    this.#listeners = listeners;
    this.#to = 'port' in to ? { port: to.port, ip: '127.0.0.1' } : to;
  }

  /** Start the process; it ends at once when the instance was told to end meanwhile. */
  async spawn(): Promise<void> {
    if (this.#listeners.length === 0) return;
    const { httpTimeout, logto } = this.#options;
    const { name, args, env } = this.#host;
    const start: RouterStart = { to: this.#to, timeout: httpTimeout, logto, title: [name, ...args].join(' ') };
    const child = await this.#host.spawn(name, args, {
      env: { ...env, [ROUTER_START]: JSON.stringify(start) },
      listeners: this.#listeners,
      stdin: 'null',
      diesWithParent: true,
    });
    if (this.#buried) {
      void this.#host.kill(child.pid, 'SIGKILL').catch(() => {});
      return;
    }
    this.#child = child;
    this.#dead = false;
    void child.exited.then(() => {
      if (this.#child === child) this.#dead = true;
    });
    this.#log.line(`${++this.#spawns === 1 ? 'spawned' : 'respawned'} uWSGI http 1 (pid: ${child.pid})`);
  }

  /** Has it ended by itself? Then it needs another spawn. */
  get dead(): boolean {
    return this.#dead;
  }

  /** The end of the instance is the end of the router, at once: clients that wait get an empty answer. */
  bury(): void {
    const child = this.#child;
    this.#buried = true;
    this.#child = null;
    this.#dead = false;
    for (const listener of this.#listeners) listener.close();
    if (child === null) return;
    void this.#host.kill(child.pid, 'SIGKILL').catch(() => {});
    this.#log.line(`gateway "uWSGI http 1" has been buried (pid: ${child.pid})`);
  }
}
