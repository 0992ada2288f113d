/**
 * Small logs made by hand, one for each state that the map can be in: for the page that shows them all side by side, its
 * visual tests and the benchmark. What they say is what processes say; nothing here ran.
 */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { TraceLog } from '../trace/log.ts';

/** One connection's times; what is left out has not happened. */
interface Times {
  readonly sent: number;
  readonly gate?: number;
  readonly queued?: number;
  readonly taken?: number;
  readonly returned?: number;
  readonly response?: number;
  readonly done?: number;
}

type Loose = { type: TraceEvent['type']; t: number; pid: number } & Record<string, unknown>;

const NGINX = 2;
const MASTER = 3;
const CLIENT = 90;
/** Number of Nginx's socket; that of uWSGI is 1. */
const DOOR = 80;
const SOCKET = 'unix:/run/shop/shop.sock';

/** Writes a log as the processes would: each event numbered per process. Worker `n` has pid 3 + n, times are ms. */
export class Scene {
  readonly #events: Loose[] = [];
  #requests = 0;

  say(type: TraceEvent['type'], t: number, pid: number, more: Record<string, unknown> = {}): this {
    this.#events.push({ type, t, pid, ...more });
    return this;
  }

  nginx(t = 1, address = '0.0.0.0:80'): this {
    return this.#start(t, NGINX, 1, 'nginx')
      .say('process.role', t + 1, NGINX, { role: 'worker', server: 'nginx' })
      .say('socket.listen', t + 1, NGINX, { listener: DOOR, address, backlog: 511 });
  }

  uwsgi(t = 5, backlog = 100): this {
    return this.#start(t, MASTER, 1, 'uwsgi')
      .say('process.role', t + 1, MASTER, { role: 'master', server: 'uwsgi' })
      .say('socket.listen', t + 2, MASTER, { listener: 1, address: SOCKET, backlog });
  }

  /** A worker that is ready some ms later, or never; with its memory in MB. */
  worker(id: number, life: { t?: number; pid?: number; ready?: number; megabytes?: number } = {}): this {
    const { t = 10, pid = MASTER + id, megabytes = 22 + 3 * id } = life;
    const { ready = t + 5 } = life;
    this.#start(t, pid, MASTER, 'uwsgi').say('process.role', t + 1, pid, { role: 'worker', server: 'uwsgi', worker: id });
    if (!Number.isFinite(ready)) return this;
    return this.say('uwsgi.ready', ready, pid, { worker: id }).say('process.memory', ready, pid, { bytes: megabytes * 1e6 });
  }

  workers(count: number): this {
    for (let id = 1; id <= count; id++) this.worker(id);
    return this;
  }

  /** Nginx and a uwsgi with `count` workers, all ready by 20 ms. */
  static up(count = 4, address?: string): Scene {
    return new Scene().nginx(1, address).uwsgi().workers(count);
  }

  /** A request to a worker; the steps whose time is left out have not happened. */
  request(url: string, at: Times, { worker = 1, status = 200 } = {}): this {
    const pid = MASTER + worker;
    const conn = `c${++this.#requests}`;
    const upstream = `u${this.#requests}`;
    const id = { conn, n: 1 };
    const uri = url.replace(/^\w+:\/\/[^/]+/, '');
    this.#connect(conn, at.sent, at.gate, at.done);
    if (at.gate !== undefined && url.startsWith('https:')) this.#shake(conn, at.sent - 0.05);
    this.say('client.request', at.sent, CLIENT, { ...id, method: 'GET', url });
    if (at.gate !== undefined) this.say('nginx.request', at.gate, NGINX, { ...id, method: 'GET', uri, host: 'localhost' });
    if (at.queued !== undefined) {
      this.say('nginx.upstream', at.queued - 0.5, NGINX, { ...id, upstream, address: SOCKET });
      this.say('conn.queued', at.queued, NGINX, { conn: upstream, listener: 1, waiting: 1 });
    }
    if (at.taken !== undefined) {
      this.say('conn.accepted', at.taken, pid, { conn: upstream, listener: 1, waiting: 0, client: NGINX });
      this.say('wsgi.call', at.taken + 0.5, pid, { conn: upstream, worker, method: 'GET', uri });
    }
    if (at.returned !== undefined)
      this.say('wsgi.return', at.returned, pid, { conn: upstream, worker, status, bytes: 20, ms: 1, error: false });
    if (at.response !== undefined) this.say('nginx.response', at.response, NGINX, { ...id, status, bytes: 20, seconds: 0.01 });
    if (at.done !== undefined) this.say('client.response', at.done, CLIENT, { ...id, status, bytes: 20, server: 'nginx' });
    return this;
  }

  /** A request for a file, answered by nginx alone. */
  file(path: string, sent: number, done: number): this {
    const id = { conn: `c${++this.#requests}`, n: 1 };
    const url = `http://localhost${path}`;
    this.#connect(id.conn, sent, sent + (done - sent) / 4, done);
    this.say('client.request', sent, CLIENT, { ...id, method: 'GET', url });
    this.say('nginx.request', sent + (done - sent) / 4, NGINX, { ...id, method: 'GET', uri: path, host: 'localhost' });
    this.say('nginx.file', sent + (done - sent) / 3, NGINX, { ...id, path: `/srv/shop${path}`, found: true });
    this.say('nginx.response', sent + (2 * (done - sent)) / 3, NGINX, { ...id, status: 200, bytes: 9, seconds: 0.001 });
    return this.say('client.response', done, CLIENT, { ...id, status: 200, bytes: 9, server: 'nginx' });
  }

  /** `count` requests that a worker of `of` answered one after the other, from 100 ms on, all over by `until`. */
  history(count: number, of = 4, until = 900, status = 200): this {
    for (let i = 0; i < count; i++) {
      const sent = 100 + ((until - 110) * i) / count;
      this.request(
        'http://localhost/',
        { sent, gate: sent + 1, queued: sent + 2, taken: sent + 3, returned: sent + 5, response: sent + 6, done: sent + 7 },
        { worker: ((i * 3) % of) + 1, status },
      );
    }
    return this;
  }

  /** Requests at work in these workers since some time. */
  busy(ids: readonly number[], since: number, url = 'http://localhost/slow?s=2'): this {
    for (const id of ids)
      this.request(url, { sent: since, gate: since + 1, queued: since + 2, taken: since + 3 + id * 0.1 }, { worker: id });
    return this;
  }

  waiting(count: number, from: number): this {
    for (let i = 0; i < count; i++) {
      const sent = from + i * 0.01;
      this.request('http://localhost/slow?s=2', { sent, gate: sent + 1, queued: sent + 2 });
    }
    return this;
  }

  /** Visitors who have gone while they waited. */
  gaveUp(count: number, from: number, at: number): this {
    for (let i = 0; i < count; i++) {
      this.waiting(1, from + i * 0.1);
      const conn = `c${this.#requests}`;
      this.say('client.failed', at + i * 0.1, CLIENT, { conn, n: 1, reason: 'gave up' });
      for (const pid of [CLIENT, NGINX]) this.say('conn.close', at + i * 0.1, pid, { conn, reset: false });
      this.say('conn.close', at + i * 0.1 + 0.01, NGINX, { conn: `u${this.#requests}`, reset: false });
    }
    return this;
  }

  kill(id: number, t: number, { pid = MASTER + id, signal = 'SIGKILL', dies = t + 1 } = {}): this {
    this.say('process.signal', t, pid, { signal, from: 9 });
    return Number.isFinite(dies) ? this.say('process.exit', dies, pid, { code: null, signal }) : this;
  }

  log(): TraceLog {
    const seq = new Map<number, number>();
    const sorted = [...this.#events].sort((a, b) => a.t - b.t);
    return new TraceLog(
      sorted.map((event) => {
        const next = (seq.get(event.pid) ?? 0) + 1;
        seq.set(event.pid, next);
        return { ...event, seq: next } as unknown as TraceEvent;
      }),
    );
  }

  /** The visitor's connection: one for each request. */
  #connect(conn: string, sent: number, gate?: number, done?: number): void {
    this.say('conn.queued', sent - 0.2, CLIENT, { conn, listener: DOOR, waiting: 1 });
    if (gate !== undefined) this.say('conn.accepted', sent - 0.1, NGINX, { conn, listener: DOOR, waiting: 0, client: CLIENT });
    if (done === undefined) return;
    for (const pid of [CLIENT, NGINX]) this.say('conn.close', done, pid, { conn, reset: false });
  }

  /** Hands are shaken: TLS from now on. */
  #shake(conn: string, t: number): void {
    const how = { cipher: 'TLS_AES_128_GCM_SHA256', group: 'X25519', protocol: null, serverName: 'localhost' };
    this.say('tls.ready', t, NGINX, { conn, side: 'server', ...how });
  }

  #start(t: number, pid: number, ppid: number, program: string): this {
    return this.say('process.start', t, pid, { ppid, program, args: [], uid: 33 });
  }
}
