/**
 * Joins what many processes said into one story per request. The key is the client's connection and the count on it;
 * `nginx.upstream` ties the connection to the worker to it. Facts are kept by key, so the order in which they arrive
 * does not matter, and only the requests that a new fact touches are joined again.
 */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Connections, ConnFacts } from './connections.ts';
import { ownerOf } from './connections.ts';
import type { RequestFacts, RequestTrace } from './join.ts';
import { join } from './join.ts';
import { countUntil, self } from './search.ts';
import { byNumber, Sorted } from './sorted.ts';

export type { Job, RequestTrace } from './join.ts';

/** A request as it was known and as it is now: null before it became known and after it was forgotten. */
export interface Rejoined {
  readonly before: RequestTrace | null;
  readonly after: RequestTrace | null;
}

/** Requests in a block that is skipped whole when all of it is over. */
const BLOCK = 64;

/** The name of a request everywhere: `HttpResponse.conn` and `n` make the same one. */
export function requestKey(conn: string, n: number): string {
  return `${conn}/${n}`;
}

export class Requests {
  readonly byKey = new Map<string, RequestTrace>();
  readonly #connections: Connections;
  readonly #exitOf: (pid: number) => number;
  readonly #list = new Sorted<RequestTrace>(byStart);
  readonly #ends = new Sorted<number>(byNumber);
  readonly #facts = new Map<string, RequestFacts>();
  /** By the process that sent them. */
  readonly #sentBy = new Map<number, Set<RequestFacts>>();
  readonly #dirty = new Set<RequestFacts>();
  #forgotten: RequestFacts[] = [];
  /** End of the last request to end, for every block of the list. */
  readonly #blockEnds: number[] = [];
  #numbered = 0;

  /** `exitOf` says when a process ended, Infinity if it did not. */
  constructor(connections: Connections, exitOf: (pid: number) => number) {
    this.#connections = connections;
    this.#exitOf = exitOf;
  }

  /** By start time. */
  get list(): readonly RequestTrace[] {
    return this.#list.items;
  }

  /** Takes one fact, and the connection that it is about. Call `settle` after a batch. */
  apply(event: TraceEvent, conn: ConnFacts | null): void {
    switch (event.type) {
      case 'client.request': {
        const facts = this.#touch(event);
        facts.sent = event;
        const sent = this.#sentBy.get(event.pid);
        if (sent) sent.add(facts);
        else this.#sentBy.set(event.pid, new Set([facts]));
        break;
      }
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
        break;
      case 'nginx.upstream.failed':
        insert(this.#touch(event).failures, event);
        break;
    }
    if (conn) this.#touchOwner(conn);
  }

  /** Takes in that a process has ended, and which connections it was an end of. */
  ended(pid: number, held: Iterable<ConnFacts>): void {
    for (const facts of this.#sentBy.get(pid) ?? []) if (!facts.answered) this.#dirty.add(facts);
    for (const conn of held) this.#touchOwner(conn);
  }

  /** Takes out requests, by key, that nobody will hear of again. */
  forget(keys: Iterable<string>): void {
    for (const key of keys) {
      const facts = this.#facts.get(key);
      if (!facts) continue;
      this.#facts.delete(key);
      this.byKey.delete(key);
      this.#forgotten.push(facts);
      if (facts.sent) this.#sentBy.get(facts.sent.pid)?.delete(facts);
    }
    for (const [pid, sent] of this.#sentBy) if (sent.size === 0) this.#sentBy.delete(pid);
  }

  /** Joins what changed. Returns what became of each. */
  settle(): Rejoined[] {
    const changes: Rejoined[] = [];
    const fresh: RequestTrace[] = [];
    let block = Number.POSITIVE_INFINITY;
    for (const facts of this.#dirty) {
      const before = facts.joined;
      const after = join(facts, { conn: (id) => this.#connections.get(id), exitOf: this.#exitOf });
      if (!after) continue;
      facts.joined = after;
      this.byKey.set(facts.key, after);
      changes.push({ before, after });
      if (!before) {
        fresh.push(after);
        this.#list.add(after);
      } else {
        after.number = before.number;
        if (before.end !== after.end) block = Math.min(block, Math.floor(this.#list.place(before) / BLOCK));
        this.#list.replace(before, after);
      }
      this.#ended(before?.end, after.end);
    }
    for (const { joined: before } of this.#forgotten) {
      if (!before) continue;
      changes.push({ before, after: null });
      this.#list.remove(before);
      this.#ended(before.end, undefined);
    }
    this.#dirty.clear();
    this.#forgotten = [];
    for (const request of fresh.sort(byStart)) request.number = ++this.#numbered;
    this.#count(Math.min(block, Math.floor(this.#list.settle() / BLOCK)));
    this.#ends.settle();
    return changes;
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
    return this.begun(t) - countUntil(this.#ends.items, t, self);
  }

  /** Are the request and all that a worker did for it over since before `t`? */
  isOver(key: string, t: number): boolean {
    const request = this.byKey.get(key);
    if (!request) return false;
    const facts = this.#facts.get(key);
    const last = facts?.response?.t ?? 0;
    // one that stands in the queue may still be taken, and then somebody works for it
    const waits = facts?.upstreams.some(({ upstream }) => {
      const conn = this.#connections.get(upstream);
      return conn?.queued && !conn.accepted && !this.#connections.isOver(conn, t);
    });
    return request.end < t && last < t && !waits && request.jobs.every((job) => job.to < t);
  }

  #ended(before: number | undefined, after: number | undefined): void {
    if (before === after) return;
    if (before !== undefined && Number.isFinite(before)) this.#ends.remove(before);
    if (after !== undefined && Number.isFinite(after)) this.#ends.add(after);
  }

  #count(from: number): void {
    const { list } = this;
    for (let block = from; block * BLOCK < list.length; block++) {
      let last = 0;
      for (let index = block * BLOCK; index < Math.min(list.length, (block + 1) * BLOCK); index++)
        last = Math.max(last, (list[index] as RequestTrace).end);
      this.#blockEnds[block] = last;
    }
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

  #touchOwner(conn: ConnFacts): void {
    const owner = ownerOf(conn);
    const facts = owner === undefined ? undefined : this.#facts.get(owner);
    if (facts) this.#dirty.add(facts);
  }
}

export const byStart = (a: RequestTrace, b: RequestTrace): number => a.start - b.start || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

function insert<T extends TraceEvent>(list: T[], event: T): void {
  list.push(event);
  list.sort((a, b) => a.t - b.t || a.seq - b.seq);
}
