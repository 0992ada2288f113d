/** The two that are compared: the real servers of a lesson and its sandbox, each as what a visitor and a log reader see of it. */
import { readFileSync } from 'node:fs';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { readText } from '../../src/workspace/disk.ts';
import type { ScriptSandbox } from '../lib/sandbox.ts';
import type { Door } from './exchange.ts';
import { unmapped } from './mapping.ts';
import { isElsewhere, triedElsewhere } from './normal.ts';
import type { RealMachine } from './servers.ts';

/** Who gave an answer: Nginx by itself (a file, a redirect, an error), a worker, or Nginx again because nothing came from behind it. */
export type By = 'nginx' | 'worker' | 'nobody behind';

/** What the logs have got since `mark`. */
export interface Logs {
  readonly access: readonly string[];
  readonly error: readonly string[];
  readonly uwsgi: readonly string[];
  /** What Nginx has ever said of machines that are not there, see normal.ts; it is not among the errors. */
  readonly elsewhere: readonly string[];
  /** What uWSGI said at its last start. */
  readonly start: readonly string[];
  /** Of each request that Nginx has answered, in order. */
  readonly by: readonly By[];
}

export interface Side {
  readonly door: Door;
  /** From here on the logs are read. */
  mark(): Promise<void>;
  logs(): Promise<Logs>;
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
/** A request's own line, which uWSGI writes when a worker has answered it. */
export const ANSWERED = /\[pid: \d+\|app: -?\d+\|req: /;

/** Of all that a uWSGI has printed: from its banner to its last worker. A reload, which prints nearly the same again, is no start. */
function startOf(lines: readonly string[]): string[] {
  const banners = lines.flatMap((line, i) => (line.startsWith('*** Starting uWSGI') ? [i] : []));
  const starts = banners.map((from, i) => lines.slice(from, banners[i + 1]));
  const last = starts.findLast((one) => !one.some((line) => line.startsWith('gracefully (RE)spawned'))) ?? [];
  const end = last.findLastIndex((line) => /^spawned uWSGI worker |^\*\*\* Stats server enabled/.test(line));
  return last.slice(0, end + 1);
}

const errors = (lines: readonly string[], from: number): Pick<Logs, 'error' | 'elsewhere'> => ({
  error: lines.slice(from).filter((line) => !isElsewhere(line)),
  elsewhere: triedElsewhere(lines),
});

export class RealSide implements Side {
  #machine: RealMachine;
  #from = { access: 0, error: 0, uwsgi: 0, hops: 0 };

  constructor(machine: RealMachine) {
    this.#machine = machine;
  }

  readonly door: Door = (port) => ({ host: this.#machine.place.address, port: this.#machine.place.port(port) });

  #read(): { access: string[]; error: string[]; uwsgi: string[] } {
    const { nginx, pools, place } = this.#machine;
    const lines = (file: string): string[] => linesOf(unmapped(readFileSync(file, 'utf8'), place));
    return { access: lines(nginx.accessLog), error: lines(nginx.errorLog), uwsgi: pools.flatMap(({ log }) => lines(log)) };
  }

  mark(): Promise<void> {
    const { access, error, uwsgi } = this.#read();
    this.#from = { access: access.length, error: error.length, uwsgi: uwsgi.length, hops: this.#machine.nginx.hops().length };
    return Promise.resolve();
  }

  logs(): Promise<Logs> {
    const { access, error, uwsgi } = this.#read();
    const from = this.#from;
    const by = this.#machine.nginx
      .hops()
      .slice(from.hops)
      .map(({ upstreams }): By => (upstreams.length === 0 ? 'nginx' : upstreams.at(-1)?.header === null ? 'nobody behind' : 'worker'));
    return Promise.resolve({
      access: access.slice(from.access),
      ...errors(error, from.error),
      uwsgi: uwsgi.slice(from.uwsgi),
      by,
      start: startOf(uwsgi),
    });
  }
}

export class SandboxSide implements Side {
  #sandbox: ScriptSandbox;
  #ports: ReadonlyMap<number, number>;
  #from = { access: 0, error: 0, events: 0 };

  private constructor(sandbox: ScriptSandbox, ports: ReadonlyMap<number, number>) {
    this.#sandbox = sandbox;
    this.#ports = ports;
  }

  static async open(sandbox: ScriptSandbox): Promise<SandboxSide> {
    const ports = await Promise.all([80, 443].map(async (port): Promise<[number, number]> => [port, await sandbox.publish(port)]));
    return new SandboxSide(sandbox, new Map(ports));
  }

  readonly door: Door = (port) => ({ host: '127.0.0.1', port: this.#ports.get(port) ?? 0 });

  async #read(name: string): Promise<string[]> {
    return linesOf((await readText(this.#sandbox, `/var/log/nginx/${name}.log`)) ?? '');
  }

  async mark(): Promise<void> {
    const [access, error] = await Promise.all([this.#read('access'), this.#read('error')]);
    this.#from = { access: access.length, error: error.length, events: this.#sandbox.events.length };
  }

  async logs(): Promise<Logs> {
    const [access, error] = await Promise.all([this.#read('access'), this.#read('error')]);
    const from = this.#from;
    const all = this.#sandbox.events;
    const events = all.slice(from.events);
    const pools = new Set(all.flatMap((event) => (event.type === 'process.role' && event.server === 'uwsgi' ? [event.pid] : [])));
    const said = (some: readonly TraceEvent[]): string[] =>
      some.flatMap((event) => (event.type === 'log' && pools.has(event.pid) ? linesOf(event.text) : []));
    const by = events.flatMap((event) => (event.type === 'nginx.response' ? [byOf(event, events)] : []));
    return { access: access.slice(from.access), ...errors(error, from.error), uwsgi: said(events), by, start: startOf(said(all)) };
  }
}

/** The trace knows the request by connection and number. */
function byOf({ conn, n }: { readonly conn: string; readonly n: number }, events: readonly TraceEvent[]): By {
  const own = events.filter((event) => 'n' in event && 'conn' in event && event.conn === conn && event.n === n);
  const tried = own.findLast((event) => event.type === 'nginx.upstream');
  if (tried === undefined) return 'nginx';
  const failed = own.some((event) => event.type === 'nginx.upstream.failed' && event.upstream === tried.upstream);
  return failed ? 'nobody behind' : 'worker';
}
