/**
 * Joins what many processes said into one story per request. The key is the client's connection and the count on it;
 * `nginx.upstream` ties the connection to the worker to it. Facts are kept by key, so the order in which they arrive
 * does not matter, and only the requests that a new fact touches are joined again.
 */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Hop, Stage } from './hops.ts';
import { firstDifference, inOrder } from './hops.ts';
import { countUntil, self } from './search.ts';

/** A worker's hold on a request: from accept() until the WSGI callable's answer is complete. */
export interface Job {
  readonly key: string;
  readonly pid: number;
  readonly from: number;
  /** Infinity while nothing says that it is over; the worker's death ends it too. */
  readonly to: number;
  /** When the WSGI callable was called; null when it was not. */
  readonly called: number | null;
  readonly served: boolean;
}

export interface RequestTrace {
  readonly key: string;
  /** What the page calls it, from 1. It keeps it: those that become known together are numbered by start time. */
  number: number;
  readonly client: number;
  readonly method: string;
  readonly url: string;
  readonly hops: readonly Hop[];
  readonly jobs: readonly Job[];
  readonly start: number;
  /** Infinity while it is under way. */
  readonly end: number;
  /** The answer's status, 0 when none came, null while under way. */
  readonly status: number | null;
  readonly reason: string | null;
  /** The static file nginx opened for it. */
  readonly file: { readonly path: string; readonly found: boolean; readonly t: number } | null;
}

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>;

interface ConnFacts {
  owner?: string;
  queued?: Of<'conn.queued'>;
  accepted?: Of<'conn.accepted'>;
  read?: Of<'uwsgi.request'> | Of<'wsgi.call'>;
  called?: Of<'wsgi.call'>;
  returned?: Of<'wsgi.return'>;
  /** When which end closed it in good order. */
  readonly closed: Map<number, number>;
}

interface RequestFacts {
  readonly key: string;
  sent?: Of<'client.request'>;
  gate?: Of<'nginx.request'>;
  file?: Of<'nginx.file'>;
  upstreams: Of<'nginx.upstream'>[];
  failures: Of<'nginx.upstream.failed'>[];
  response?: Of<'nginx.response'>;
  answered?: Of<'client.response'>;
  failed?: Of<'client.failed'>;
  joined: RequestTrace | null;
}

/** Requests in a block that is skipped whole when all of it is over. */
const BLOCK = 64;

/** The name of a request everywhere: `HttpResponse.conn` and `n` make the same one. */
export function requestKey(conn: string, n: number): string {
  return `${conn}/${n}`;
}

export class Requests {
  /** By start time. */
  list: RequestTrace[] = [];
  byKey = new Map<string, RequestTrace>();
  #facts = new Map<string, RequestFacts>();
  #conns = new Map<string, ConnFacts>();
  #exits = new Map<number, number>();
  /** Those whose client closed them while they stood in a listen queue. */
  #givenUp = new Set<ConnFacts>();
  #dirty = new Set<RequestFacts>();
  /** End of the last request to end, for every block of the list. */
  #blockEnds: number[] = [];
  #ends: number[] = [];
  #numbered = 0;

  /** Takes one fact. Call `settle` after a batch. */
  apply(event: TraceEvent): void {
    switch (event.type) {
      case 'client.request':
        this.#touch(event).sent = event;
        break;
      case 'client.response':
        this.#touch(event).answered = event;
        break;
      case 'client.failed':
        this.#touch(event).failed = event;
        break;
      case 'nginx.request':
        this.#touch(event).gate = event;
        break;
      case 'nginx.file':
        this.#touch(event).file = event;
        break;
      case 'nginx.response':
        this.#touch(event).response = event;
        break;
      case 'nginx.upstream':
        insert(this.#touch(event).upstreams, event);
        this.#conn(event.upstream).owner = requestKey(event.conn, event.n);
        break;
      case 'nginx.upstream.failed':
        insert(this.#touch(event).failures, event);
        break;
      case 'conn.queued':
        this.#conn(event.conn).queued = event;
        this.#lookForGivenUp(this.#conn(event.conn));
        break;
      case 'conn.accepted':
        this.#conn(event.conn).accepted = event;
        break;
      case 'uwsgi.request':
      case 'wsgi.call': {
        const conn = this.#conn(event.conn);
        if (!conn.read || event.t < conn.read.t) conn.read = event;
        if (event.type === 'wsgi.call') conn.called = event;
        break;
      }
      case 'wsgi.return':
        this.#conn(event.conn).returned = event;
        break;
      case 'conn.close':
        if (event.reset) break;
        this.#conn(event.conn).closed.set(event.pid, event.t);
        this.#lookForGivenUp(this.#conn(event.conn));
        break;
      case 'process.exit':
        this.#exits.set(event.pid, event.t);
        for (const facts of this.#facts.values()) {
          if (facts.sent?.pid === event.pid || facts.joined?.jobs.some((job) => job.pid === event.pid)) this.#dirty.add(facts);
        }
        break;
    }
  }

  /** Events arrive in no certain order: called when either of the two is known. */
  #lookForGivenUp(facts: ConnFacts): void {
    const left = facts.queued && facts.closed.get(facts.queued.pid);
    if (left !== undefined && (!facts.accepted || facts.accepted.t > left)) this.#givenUp.add(facts);
  }

  /** Connections in the queue of `listener` that their client has closed: they keep their place until somebody takes them. */
  givenUp(listener: number, t: number): number {
    return [...this.#givenUp].filter(({ queued, accepted, closed }) => {
      const left = queued && closed.get(queued.pid);
      return queued?.listener === listener && left !== undefined && left <= t && (!accepted || accepted.t > t);
    }).length;
  }

  /** Joins what changed. Returns the earliest time at which anything is different now. */
  settle(): number {
    let changed = Number.POSITIVE_INFINITY;
    if (this.#dirty.size === 0) return changed;
    const fresh: RequestTrace[] = [];
    for (const facts of this.#dirty) {
      const before = facts.joined;
      const after = this.#join(facts);
      if (!after) continue;
      changed = Math.min(changed, firstDifference(before?.hops ?? [], after.hops));
      facts.joined = after;
      this.byKey.set(facts.key, after);
      if (before) after.number = before.number;
      else fresh.push(after);
    }
    this.#dirty.clear();
    for (const request of fresh.sort(byStart)) request.number = ++this.#numbered;
    this.list = [...this.byKey.values()].sort(byStart);
    this.#blockEnds = [];
    for (const [index, request] of this.list.entries()) {
      const block = Math.floor(index / BLOCK);
      this.#blockEnds[block] = Math.max(this.#blockEnds[block] ?? 0, request.end);
    }
    this.#ends = this.list.map((request) => request.end).sort((a, b) => a - b);
    return changed;
  }

  /** Requests that have begun and are not over at `t`, by start time. */
  active(t: number): RequestTrace[] {
    const begun = this.begun(t);
    const found: RequestTrace[] = [];
    for (let block = 0; block * BLOCK < begun; block++) {
      if ((this.#blockEnds[block] as number) <= t) continue;
      for (let index = block * BLOCK; index < Math.min(begun, (block + 1) * BLOCK); index++) {
        const request = this.list[index] as RequestTrace;
        if (request.end > t) found.push(request);
      }
    }
    return found;
  }

  /** How many have begun by `t`. */
  begun(t: number): number {
    return countUntil(this.list, t, (request) => request.start);
  }

  /** How many are under way at `t`. */
  inFlight(t: number): number {
    return this.begun(t) - countUntil(this.#ends, t, self);
  }

  #touch(event: { conn: string; n: number; pid: number; seq: number }): RequestFacts {
    // without a connection (refused) there is nothing to join, and each is a request of its own
    const key = event.conn === '' ? `${event.pid}:${event.seq}` : requestKey(event.conn, event.n);
    let facts = this.#facts.get(key);
    if (!facts) {
      facts = { key, upstreams: [], failures: [], joined: null };
      this.#facts.set(key, facts);
    }
    this.#dirty.add(facts);
    return facts;
  }

  #conn(id: string): ConnFacts {
    let conn = this.#conns.get(id);
    if (!conn) {
      conn = { closed: new Map() };
      this.#conns.set(id, conn);
    }
    const owner = conn.owner === undefined ? undefined : this.#facts.get(conn.owner);
    if (owner) this.#dirty.add(owner);
    return conn;
  }

  /** The hops of one request in order, from the facts there are. */
  #join(facts: RequestFacts): RequestTrace | null {
    const { sent, gate, file, response, answered } = facts;
    const client = sent?.pid ?? answered?.pid ?? facts.failed?.pid ?? 0;
    const exit = this.#exits.get(client);
    const lost = answered ? undefined : (facts.failed ?? (exit === undefined ? undefined : { t: exit, reason: 'the client ended' }));
    const end = answered?.t ?? lost?.t ?? Number.POSITIVE_INFINITY;
    const first = sent ?? gate ?? answered ?? facts.failed;
    if (!first) return null;

    // When the client is gone, what happens later happens to nobody's request any more; the same after nginx gave up on a worker.
    const limit = lost ? end : Number.POSITIVE_INFINITY;
    const hops: Hop[] = [];
    const add = (stage: Stage, event: { t: number; pid: number } | undefined, until: number, more: Partial<Hop> = {}): Hop | undefined => {
      if (!event || event.t > until) return undefined;
      const hop = { stage, t: event.t, pid: event.pid, ...more };
      hops.push(hop);
      return hop;
    };
    const holds: { accepted: Hop; conn: ConnFacts }[] = [];
    add('sent', { t: first.t, pid: client }, first.t);
    add('gate', gate, limit);
    add('shelf', file, limit);
    for (const up of facts.upstreams) {
      const conn = this.#conns.get(up.upstream) as ConnFacts;
      const { queued, accepted, read, returned } = conn;
      const failure = facts.failures.find((one) => one.upstream === up.upstream);
      const until = Math.min(limit, failure?.t ?? limit);
      if (!add('upstream', { t: Math.min(up.t, queued?.t ?? up.t), pid: up.pid }, until)) continue;
      add('queued', queued, until, { listener: queued?.listener ?? 0 });
      const taken = add('accepted', accepted, until, { listener: accepted?.listener ?? 0 });
      if (taken) holds.push({ accepted: taken, conn });
      add('room', read, until);
      const closed = accepted && conn.closed.get(accepted.pid);
      if (returned) add('returned', returned, until, returned.error ? {} : { status: returned.status });
      // uWSGI's own answers (no app) have no WSGI call; a worker that dies closes too, but then nginx says that it failed.
      else if (accepted && closed !== undefined && !failure) add('returned', { t: closed, pid: accepted.pid }, until);
      if (failure) add('failed', failure, limit, { status: failure.status, reason: failure.reason });
    }
    // nginx could not even connect: then there is no connection to name.
    for (const failure of facts.failures) {
      if (!facts.upstreams.some((up) => up.upstream === failure.upstream))
        add('failed', failure, limit, { status: failure.status, reason: failure.reason });
    }
    if (response) add('response', response, limit, { status: response.status });
    if (Number.isFinite(end))
      add('done', { t: end, pid: client }, end, { status: answered?.status ?? 0, ...(lost ? { reason: lost.reason } : {}) });

    const ordered = inOrder(hops, end);
    const timed = new Map(hops.map((hop, index) => [hop, ordered[index] as Hop]));
    return {
      key: facts.key,
      number: 0,
      client,
      method: sent?.method ?? gate?.method ?? facts.failed?.method ?? 'GET',
      url: sent?.url ?? gate?.uri ?? facts.failed?.url ?? '',
      hops: ordered,
      jobs: holds.map(({ accepted, conn }) => this.#job(facts.key, (timed.get(accepted) as Hop).t, conn, accepted.pid)),
      start: (ordered[0] as Hop).t,
      end: Number.isFinite(end) ? (ordered.at(-1) as Hop).t : end,
      status: answered?.status ?? (lost ? 0 : null),
      reason: lost?.reason ?? null,
      file: file ? { path: file.path, found: file.found, t: file.t } : null,
    };
  }

  #job(key: string, from: number, conn: ConnFacts, pid: number): Job {
    const over = conn.returned?.t ?? conn.closed.get(pid) ?? Number.POSITIVE_INFINITY;
    const to = Math.min(over, this.#exits.get(pid) ?? Number.POSITIVE_INFINITY);
    return { key, pid, from, to: Math.max(to, from), called: conn.called?.t ?? null, served: conn.returned !== undefined };
  }
}

const byStart = (a: RequestTrace, b: RequestTrace): number => a.start - b.start || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

function insert<T extends TraceEvent>(list: T[], event: T): void {
  list.push(event);
  list.sort((a, b) => a.t - b.t || a.seq - b.seq);
}
