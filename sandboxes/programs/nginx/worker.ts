/**
 * The worker process: does all the input and output of its connections at once, in one thread. It takes connections
 * from the sockets that the master opened and left it.
 */
import type { Connection, Host, Listener } from '../../host/host.ts';
import { Deadlines } from '../http/deadlines.ts';
import { Client } from './client.ts';
import type { Config } from './config/model.ts';
import type { Group } from './config/upstream-model.ts';
import { Logs } from './log.ts';
import { Router } from './router.ts';
import { secure } from './secure.ts';
import { Balancer } from './upstream/balancer.ts';
import type { Template } from './variables.ts';

export class Worker {
  readonly host: Host;
  readonly router: Router;
  readonly logs: Logs;
  readonly deadlines: Deadlines;
  /** Told to finish what is under way and go. */
  stopping = false;
  readonly #config: Config;
  readonly #clients = new Set<Client>();
  readonly #balancers = new WeakMap<Group, Balancer>();
  #connections = 0;
  /** Connections whose TLS handshake is under way. */
  #shaking = 0;
  #drained: (() => void) | null = null;

  constructor(host: Host, config: Config) {
    this.host = host;
    this.#config = config;
    this.router = new Router(config);
    this.logs = new Logs(host);
    this.deadlines = new Deadlines(host);
  }

  /** nginx numbers client and upstream connections in one row. */
  countConnection(): number {
    this.#connections++;
    return this.#connections;
  }

  /** How many clients are connected. */
  get active(): number {
    return this.#clients.size + this.#shaking;
  }

  /** What this worker knows about the servers of a group. */
  balancer(group: Group): Balancer {
    let balancer = this.#balancers.get(group);
    if (!balancer) {
      balancer = new Balancer(group, () => this.host.date());
      this.#balancers.set(group, balancer);
    }
    return balancer;
  }

  /** An `upstream` by its name. */
  group(name: string): Group | null {
    return this.#config.groups.get(name.toLowerCase()) ?? null;
  }

  /** The function behind a variable that the configuration makes by a `map`, or null. */
  defined(name: string): Template | null {
    return this.#config.defined.get(name) ?? null;
  }

  /** Serve until a signal ends it. `index` counts workers from 1. */
  async run(index: number): Promise<number> {
    const { host } = this;
    host.setTitle('nginx: worker process');
    host.onSignal('SIGQUIT', () => this.#stop());
    const terminated = new Promise<void>((resolve) => host.onSignal('SIGTERM', () => resolve()));
    host.onSignal('SIGINT', 'ignore');
    host.onSignal('SIGHUP', 'ignore');
    host.onSignal('SIGUSR1', () => this.#notice('reopening logs'));
    // The master waits for this before it sends signals.
    await host.print('ready\n');
    await this.#dropPrivileges();
    host.event('process.role', { role: 'worker', server: 'nginx', worker: index });
    await Promise.race([this.#serve(), terminated]);
    this.#notice('exiting');
    this.#notice('exit');
    await this.logs.flush();
    return 0;
  }

  /** Take connections until the sockets are closed, and see the last ones through. */
  async #serve(): Promise<void> {
    await Promise.all(this.host.inherited.map((listener) => this.#accept(listener)));
    while (this.active > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
  }

  async #accept(listener: Listener): Promise<void> {
    for (let connection = await listener.accept(); connection !== null; connection = await listener.accept()) {
      const number = this.countConnection();
      if (this.router.virtual(connection.address).ssl) void this.#shakeHands(connection, number);
      else this.#begin(new Client(this, connection, number));
    }
  }

  #begin(client: Client): void {
    this.#clients.add(client);
    void this.#see(client);
  }

  /** A connection to a port for TLS becomes a client when that has worked. */
  async #shakeHands(connection: Connection, number: number): Promise<void> {
    this.#shaking++;
    try {
      const secured = await secure(this, connection, number);
      if (secured) this.#begin(new Client(this, secured.connection, number, secured));
    } catch (error) {
      this.#failed(number, error);
      connection.close();
    }
    this.#shaking--;
    if (this.active === 0) this.#drained?.();
  }

  #failed(number: number, error: unknown): void {
    this.logs.error(this.#config.errorLogs, 'alert', `*${number} internal error: ${String(error)}`);
  }

  /** See a connection to its end. A fault of this program ends that connection, not the worker, and is logged. */
  async #see(client: Client): Promise<void> {
    try {
      await client.serve();
    } catch (error) {
      this.#failed(client.number, error);
    }
    this.#clients.delete(client);
    if (this.active === 0) this.#drained?.();
  }

  async #dropPrivileges(): Promise<void> {
    const { host } = this;
    const { user } = this.#config;
    if (host.uid !== 0) return;
    const uid = await host.user(user?.name ?? 'nobody');
    const gid = await host.group(user?.group ?? 'nogroup');
    if (uid !== null && gid !== null) await host.setUser(uid, gid);
  }

  /** Graceful: no new connections, idle ones closed, requests under way finished. */
  #stop(): void {
    if (this.stopping) return;
    this.stopping = true;
    this.#notice('gracefully shutting down');
    for (const listener of this.host.inherited) listener.close();
    for (const client of this.#clients) if (client.idle) client.close();
  }

  #notice(text: string): void {
    this.logs.error(this.#config.errorLogs, 'notice', text);
  }
}
