/**
 * Facts about the real servers as events of a trace. Every event comes of a fact or of a line of their logs; what nobody can see
 * (who accepts when, who waits in the queue, when the application is called) has no event. Pure.
 */
import type { EventData, EventType, RespawnReason, TraceEvent } from '../../../sandboxes/host/events.ts';
import type { Hop } from '../hop-log.ts';
import { handledIn, isOfAsked, type Said, type Trouble, takenIn } from './lines.ts';
import type { Fact, Measured } from './measured.ts';
import { inOrder, type Known, knownOf, missedAt, STEP, saidBy, type Times, timesOf, troublesOf } from './times.ts';

export interface Around {
  /** nginx' log of hops. */
  readonly hops: readonly Hop[];
  /** Who sends the requests. */
  readonly client: number;
  /** The host that the requests name. */
  readonly host: string;
  /** What the machine's paths and addresses are called in the lesson. */
  readonly told: (text: string) => string;
  /** Is there such a file, as nginx names it? */
  readonly isFile: (path: string) => boolean;
}

/** The events in order of time, which begins (0) with the first fact. */
export function eventsOf(facts: readonly Measured[], around: Around): TraceEvent[] {
  const made = new Made(Math.min(...facts.map(({ t }) => t)));
  const conns = connectionsOf(facts, around.client);
  const known = new Map(facts.flatMap((fact) => (fact.what === 'sent' ? [[fact.port, knownOf(fact, facts)] as const] : [])));
  clientSays(facts, conns, around, made);
  for (const hop of around.hops) {
    const [conn, times] = [conns.get(hop.port), known.get(hop.port)];
    if (conn && times) nginxSays(hop, timesOf(hop, times), { conn, troubles: troublesOf(hop, facts) }, around, made);
  }
  for (const [port, times] of known) {
    const conn = upstreamOf(port, around, conns);
    const hop = around.hops.find((one) => one.port === port);
    if (conn) uwsgiSays(times, hop ? timesOf(hop, times).end - STEP : Number.POSITIVE_INFINITY, conn, made);
  }
  processesSay(inOrder(facts, missedAt(known, around.hops, facts)), around, made);
  return made.list();
}

/** Events as they come, and at last in order. */
class Made {
  readonly #events: { readonly t: number; readonly pid: number; readonly event: object }[] = [];
  readonly #zero: number;

  constructor(zero: number) {
    this.#zero = zero;
  }

  add<T extends EventType>(type: T, t: number, pid: number, data: EventData<T>): void {
    const at = Math.round((t - this.#zero) * 1000) / 1000;
    this.#events.push({ t: at, pid, event: { t: at, type, ...data } });
  }

  list(): TraceEvent[] {
    const seq = new Map<number, number>();
    return [...this.#events]
      .sort((a, b) => a.t - b.t || a.pid - b.pid)
      .map(({ pid, event }) => {
        const next = (seq.get(pid) ?? 0) + 1;
        seq.set(pid, next);
        return { ...event, pid, seq: next } as TraceEvent;
      });
  }
}

/** The name of the client's connection, by its port. One request a connection. */
function connectionsOf(facts: readonly Measured[], client: number): ReadonlyMap<number, string> {
  const sent = facts.filter((fact): fact is Fact<'sent'> => fact.what === 'sent').sort((a, b) => a.t - b.t);
  return new Map(sent.map(({ port }, at) => [port, `${client}.${at + 1}`]));
}

/** The name of the connection from nginx to a worker: the last that was tried. */
function upstreamOf(port: number, { hops }: Around, conns: ReadonlyMap<number, string>): string | null {
  const conn = conns.get(port);
  if (conn === undefined) return null;
  const tried = hops.find((hop) => hop.port === port)?.upstreams.length ?? 1;
  return upstream(conn, Math.max(0, tried - 1));
}

const upstream = (conn: string, at: number): string => `${conn}>${at + 1}`;

function clientSays(facts: readonly Measured[], conns: ReadonlyMap<number, string>, { client, host }: Around, made: Made): void {
  for (const fact of facts) {
    if (fact.what !== 'sent' && fact.what !== 'answered' && fact.what !== 'lost') continue;
    const of = { conn: conns.get(fact.port) ?? '', n: 1 };
    if (fact.what === 'sent') made.add('client.request', fact.t, client, { ...of, method: 'GET', url: `http://${host}${fact.path}` });
    else if (fact.what === 'lost') made.add('client.failed', fact.t, client, { ...of, reason: fact.reason });
    else made.add('client.response', fact.t, client, { ...of, status: fact.status, bytes: fact.bytes, server: fact.server });
  }
}

/** What is known of a request beside nginx' line. */
interface Beside {
  readonly conn: string;
  readonly troubles: readonly Trouble[];
}

function nginxSays(hop: Hop, { begin: read, end }: Times, { conn, troubles }: Beside, { host, told, isFile }: Around, made: Made): void {
  const of = { conn, n: 1 };
  const [method = '', uri = ''] = hop.request.split(' ');
  made.add('nginx.request', read, hop.pid, { ...of, method, uri, host });
  const missing = troubles.find(({ file }) => file !== null)?.file;
  if (missing) made.add('nginx.file', end, hop.pid, { ...of, path: told(missing), found: false });
  else if (hop.upstreams.length === 0 && [200, 206, 304].includes(hop.status) && isFile(hop.file))
    made.add('nginx.file', end, hop.pid, { ...of, path: told(hop.file), found: true });
  // they were tried one after the other, the first as soon as the request was read
  let begin = read;
  for (const [at, { address, response, status }] of hop.upstreams.entries()) {
    made.add('nginx.upstream', begin, hop.pid, { ...of, upstream: upstream(conn, at), address: told(address) });
    begin = at + 1 < hop.upstreams.length ? Math.min(begin + 1000 * (response ?? 0), end) : end;
    const trouble = troubles.filter(({ file }) => file === null)[at];
    if (trouble) {
      const failed = { upstream: upstream(conn, at), reason: told(trouble.reason), status: status ?? hop.status };
      made.add('nginx.upstream.failed', begin, hop.pid, { ...of, ...failed });
    }
  }
  made.add('nginx.response', end, hop.pid, { ...of, status: hop.status, bytes: hop.bytes, seconds: hop.seconds });
}

/** `latest`: nginx had the answer then. uWSGI counts until it has closed the connection and written its line. */
function uwsgiSays({ taken, handled }: Known, latest: number, conn: string, made: Made): void {
  if (handled) {
    const { at, pid, worker, method, uri, status, bytes } = handled;
    const ms = handled.micros / 1000;
    made.add('uwsgi.request', at / 1000, pid, { conn, worker, bytes: handled.packet, vars: handled.vars, method, uri });
    const returned = Math.max(at / 1000, Math.min(at / 1000 + ms, latest));
    made.add('wsgi.return', returned, pid, { conn, worker, status, bytes, ms, error: handled.headers === 0 });
  } else if (taken) {
    const { at, pid, worker, method, uri } = taken;
    made.add('uwsgi.seen', at / 1000, pid, { conn, worker, method, uri });
  }
}

function processesSay(facts: readonly Measured[], { told }: Around, made: Made): void {
  const pool = new Pool(facts, made);
  for (const fact of facts) {
    switch (fact.what) {
      case 'started': {
        const { t, pid, ppid, program, role, args, uid } = fact;
        made.add('process.start', t, pid, { ppid, program, args: args.map(told), uid });
        if (program === 'nginx') made.add('process.role', t, pid, { role, server: 'nginx' });
        break;
      }
      case 'ended':
        made.add('process.exit', fact.t, fact.pid, { code: fact.code, signal: fact.signal });
        pool.ended(fact);
        break;
      case 'signal':
        made.add('process.signal', fact.t, fact.pid, { signal: fact.signal, from: 0 });
        break;
      case 'line': {
        if (fact.of === 'uwsgi' && (handledIn(fact.text) || takenIn(fact.text) || isOfAsked(fact.text))) break;
        made.add('log', fact.t, fact.pid, { text: told(fact.text) });
        const said = saidBy(fact);
        if (said) pool.says(said, fact, told);
      }
    }
  }
}

/** What uWSGI's lines tell of its processes and its sockets, one after the other. */
class Pool {
  readonly #facts: readonly Measured[];
  readonly #made: Made;
  /** The last pid of each worker, and why a process was to end. */
  readonly #pids = new Map<number, number>();
  readonly #why = new Map<number, RespawnReason>();
  /** Sockets that are open, with the process that bound them. */
  #sockets: { readonly id: number; readonly pid: number }[] = [];
  #bound = 0;

  constructor(facts: readonly Measured[], made: Made) {
    this.#facts = facts;
    this.#made = made;
  }

  says(said: Said, { t, pid: master }: Fact<'line'>, told: (text: string) => string): void {
    switch (said.is) {
      case 'master':
        this.#made.add('process.role', t, said.pid, { role: 'master', server: 'uwsgi' });
        break;
      case 'worker':
        this.#worker(said, t, master);
        break;
      case 'socket': {
        const listener = ++this.#bound;
        this.#sockets.push({ id: listener, pid: master });
        this.#made.add('socket.listen', t, master, { listener, address: told(said.address), backlog: this.#backlog(t) });
        break;
      }
      case 'died':
        if (!this.#why.has(said.pid)) this.#why.set(said.pid, 'died');
        break;
      case 'harakiri':
      case 'memory':
      case 'recycled':
        this.#why.set(said.pid, said.is);
    }
  }

  /** The master forks a worker when the application is loaded: it serves from then on. */
  #worker({ worker, pid, again }: Extract<Said, { is: 'worker' }>, t: number, master: number): void {
    const oldPid = this.#pids.get(worker);
    this.#pids.set(worker, pid);
    this.#made.add('process.role', t, pid, { role: 'worker', server: 'uwsgi', worker });
    this.#made.add('uwsgi.ready', t, pid, { worker });
    if (again && oldPid !== undefined)
      this.#made.add('uwsgi.respawn', t, master, { worker, oldPid, newPid: pid, why: this.#why.get(oldPid) ?? 'died' });
  }

  /** With the process that bound them go its sockets. */
  ended({ t, pid }: Fact<'ended'>): void {
    for (const { id } of this.#sockets.filter((one) => one.pid === pid)) this.#made.add('socket.close', t, pid, { listener: id });
    this.#sockets = this.#sockets.filter((one) => one.pid !== pid);
  }

  /** uWSGI says it a few lines after it has bound the socket. */
  #backlog(since: number): number {
    for (const fact of this.#facts) {
      const said = fact.t >= since ? saidBy(fact) : null;
      if (said?.is === 'backlog') return said.limit;
    }
    throw new Error('uWSGI does not say how many may wait at its socket');
  }
}
