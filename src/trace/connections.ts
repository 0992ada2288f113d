/** What is known of every connection, kept by its id in any order of arrival: who queued, took and closed it, what a worker did on it. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Of } from './log.ts';
import { countUntil, self } from './search.ts';
import { byNumber, SortedBy } from './sorted.ts';

const NEVER = Number.POSITIVE_INFINITY;

export interface ConnFacts {
  readonly id: string;
  /** Key of the request that nginx opened it for. */
  owner?: string;
  queued?: Of<'conn.queued'>;
  accepted?: Of<'conn.accepted'>;
  read?: Of<'uwsgi.request'> | Of<'uwsgi.seen'> | Of<'wsgi.call'>;
  called?: Of<'wsgi.call'>;
  returned?: Of<'wsgi.return'>;
  /** Which end closed it in good order, and when. */
  readonly closed: { readonly pid: number; readonly t: number }[];
  /** When it was first closed by anybody, in good order or by a reset; Infinity while it is open. */
  over: number;
  /** The times that are counted for it now. */
  counted: Counted | null;
}

/** A connection through a listener: open from the connect until either end lets go. In the queue without its client from `left` to `taken`. */
interface Counted {
  readonly listener: number;
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly taken: number;
}

/**
 * Key of the request that a connection carries to a worker: of the one nginx opened it for, or of the visitor's own, who sent it
 * straight to a socket of uWSGI that speaks HTTP (and takes one request a connection). Undefined for all others.
 */
export const ownerOf = (conn: ConnFacts): string | undefined => conn.owner ?? (conn.read && `${conn.id}/1`);

/** When a process closed its end of a connection, Infinity if it did not. */
export function closedBy(conn: ConnFacts, pid: number): number {
  let first = NEVER;
  for (const close of conn.closed) if (close.pid === pid) first = Math.min(first, close.t);
  return first;
}

export class Connections {
  readonly #byId = new Map<string, ConnFacts>();
  /** Those that a process is an end of. */
  readonly #held = new Map<number, Set<ConnFacts>>();
  readonly #dirty = new Set<ConnFacts>();
  /** By listener. */
  readonly #from = new SortedBy<number, number>(byNumber);
  readonly #to = new SortedBy<number, number>(byNumber);
  readonly #left = new SortedBy<number, number>(byNumber);
  readonly #taken = new SortedBy<number, number>(byNumber);
  readonly #exitOf: (pid: number) => number;

  /** `exitOf` says when a process ended, Infinity if it did not. */
  constructor(exitOf: (pid: number) => number) {
    this.#exitOf = exitOf;
  }

  /** Takes one fact. Returns the connection that it is about; null for all other facts. */
  apply(event: TraceEvent): ConnFacts | null {
    switch (event.type) {
      case 'nginx.upstream': {
        const conn = this.#conn(event.upstream);
        conn.owner = `${event.conn}/${event.n}`;
        return conn;
      }
      case 'conn.queued': {
        const conn = this.#holds(event);
        conn.queued = event;
        return conn;
      }
      case 'conn.accepted': {
        const conn = this.#holds(event);
        conn.accepted = event;
        return conn;
      }
      case 'uwsgi.request':
      case 'uwsgi.seen':
      case 'wsgi.call': {
        const conn = this.#conn(event.conn);
        if (!conn.read || event.t < conn.read.t) conn.read = event;
        if (event.type === 'wsgi.call') conn.called = event;
        return conn;
      }
      case 'wsgi.return': {
        const conn = this.#conn(event.conn);
        conn.returned = event;
        return conn;
      }
      case 'conn.close': {
        const conn = this.#conn(event.conn);
        conn.over = Math.min(conn.over, event.t);
        this.#dirty.add(conn);
        if (event.reset) return null;
        conn.closed.push(event);
        return conn;
      }
      default:
        return null;
    }
  }

  /** Takes in that a process has ended. Returns the connections it was an end of. */
  ended(pid: number): Iterable<ConnFacts> {
    const held = this.#held.get(pid) ?? [];
    for (const conn of held) this.#dirty.add(conn);
    return held;
  }

  get(id: string): ConnFacts | undefined {
    return this.#byId.get(id);
  }

  /** Counts anew what changed. */
  settle(): void {
    for (const conn of this.#dirty) {
      if (conn.counted) this.#count(conn.counted, 'remove');
      conn.counted = this.#byId.has(conn.id) ? this.#times(conn) : null;
      if (conn.counted) this.#count(conn.counted, 'add');
    }
    this.#dirty.clear();
    for (const list of [this.#from, this.#to, this.#left, this.#taken]) list.settle();
  }

  /** How many connections through `listener` are open at `t`, those that wait in its queue included. */
  open(listener: number, t: number): number {
    return countUntil(this.#from.at(listener), t, self) - countUntil(this.#to.at(listener), t, self);
  }

  /** Connections in the queue of `listener` that their client has closed: they keep their place until somebody takes them. */
  givenUp(listener: number, t: number): number {
    return countUntil(this.#left.at(listener), t, self) - countUntil(this.#taken.at(listener), t, self);
  }

  /** Is nothing going on there any more since before `t`? */
  isOver(conn: ConnFacts, t: number): boolean {
    const { queued, accepted } = conn;
    const ends = [queued?.pid, accepted?.pid].filter((pid) => pid !== undefined);
    if (ends.length === 0) return true;
    // one that its client left in the queue is there until it is taken
    if (!accepted) return ends.every((pid) => this.#exitOf(pid) < t);
    return (conn.over < t || ends.some((pid) => this.#exitOf(pid) < t)) && this.#workEnds(conn, accepted) < t;
  }

  forget(ids: Iterable<string>): void {
    for (const id of ids) {
      const conn = this.#byId.get(id);
      if (!conn) continue;
      this.#byId.delete(id);
      this.#dirty.add(conn);
      for (const pid of [conn.queued?.pid, conn.accepted?.pid]) if (pid !== undefined) this.#held.get(pid)?.delete(conn);
    }
    for (const [pid, held] of this.#held) if (held.size === 0) this.#held.delete(pid);
  }

  #workEnds(conn: ConnFacts, { pid, t }: { pid: number; t: number }): number {
    if (!conn.read) return t;
    return Math.min(conn.returned?.t ?? closedBy(conn, pid), this.#exitOf(pid));
  }

  #times(conn: ConnFacts): Counted | null {
    const { queued, accepted } = conn;
    const first = queued ?? accepted;
    if (!first) return null;
    let to = conn.over;
    if (queued) to = Math.min(to, this.#exitOf(queued.pid));
    if (accepted) to = Math.min(to, this.#exitOf(accepted.pid));
    const left = queued ? closedBy(conn, queued.pid) : NEVER;
    const taken = accepted?.t ?? NEVER;
    const waitsAlone = left < taken;
    return {
      listener: first.listener,
      from: first.t,
      to: Math.max(first.t, to),
      left: waitsAlone ? left : NEVER,
      taken: waitsAlone ? taken : NEVER,
    };
  }

  #count(times: Counted, how: 'add' | 'remove'): void {
    const { listener, from, to, left, taken } = times;
    this.#from[how](listener, from);
    if (to !== NEVER) this.#to[how](listener, to);
    if (left !== NEVER) this.#left[how](listener, left);
    if (taken !== NEVER) this.#taken[how](listener, taken);
  }

  #holds(event: Of<'conn.queued'> | Of<'conn.accepted'>): ConnFacts {
    const conn = this.#conn(event.conn);
    const held = this.#held.get(event.pid);
    if (held) held.add(conn);
    else this.#held.set(event.pid, new Set([conn]));
    this.#dirty.add(conn);
    return conn;
  }

  #conn(id: string): ConnFacts {
    let conn = this.#byId.get(id);
    if (!conn) {
      conn = { id, closed: [], over: NEVER, counted: null };
      this.#byId.set(id, conn);
    }
    return conn;
  }
}
