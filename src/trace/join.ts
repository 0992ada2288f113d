/** Joins the facts about one request, said by many processes, into its story. */
import type { ConnFacts } from './connections.ts';
import { closedBy, ownerOf } from './connections.ts';
import type { Hop, Stage } from './hops.ts';
import { putInOrder } from './hops.ts';
import type { Of } from './log.ts';

/** A worker's hold on a request: from accept(), or where nobody sees that from when it says it has it, until the WSGI callable's answer is complete. */
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
  /** Workers that took it from the queue when it was over: they work for nobody. By their time. */
  readonly late: readonly Hop[];
  readonly start: number;
  /** Infinity while it is under way. */
  readonly end: number;
  /** The answer's status, 0 when none came, null while under way. */
  readonly status: number | null;
  readonly reason: string | null;
  /** The static file nginx opened for it. */
  readonly file: { readonly path: string; readonly found: boolean; readonly t: number } | null;
}

export interface RequestFacts {
  readonly key: string;
  sent?: Of<'client.request'>;
  gate?: Of<'nginx.request'>;
  file?: Of<'nginx.file'>;
  readonly upstreams: Of<'nginx.upstream'>[];
  readonly failures: Of<'nginx.upstream.failed'>[];
  response?: Of<'nginx.response'>;
  answered?: Of<'client.response'>;
  failed?: Of<'client.failed'>;
  joined: RequestTrace | null;
}

/** What the facts of a request lead to. */
export interface Around {
  conn(id: string): ConnFacts | undefined;
  /** When a process ended, Infinity if it did not. */
  exitOf(pid: number): number;
}

/** The request as far as it is known; null while nothing says when it began. Its number is for the caller to give. */
export function join(facts: RequestFacts, around: Around): RequestTrace | null {
  const { sent, gate, file, response, answered } = facts;
  const first = sent ?? gate ?? answered ?? facts.failed;
  if (!first) return null;
  const client = sent?.pid ?? answered?.pid ?? facts.failed?.pid ?? 0;
  const exit = around.exitOf(client);
  const lost = answered ? undefined : (facts.failed ?? (Number.isFinite(exit) ? { t: exit, reason: 'the client ended' } : undefined));
  const end = answered?.t ?? lost?.t ?? Number.POSITIVE_INFINITY;

  // When the client is gone, what happens later happens to nobody's request any more; the same after nginx gave up on a worker.
  const limit = lost ? end : Number.POSITIVE_INFINITY;
  const hops: Hop[] = [];
  const holds: { hop: Hop; conn: ConnFacts }[] = [];
  const late: Hop[] = [];
  const add = (stage: Stage, event: { t: number; pid: number } | undefined, until: number, more?: Partial<Hop>): Hop | undefined => {
    if (!event || event.t > until) return undefined;
    const hop: Hop = { stage, t: event.t, pid: event.pid, ...more };
    hops.push(hop);
    return hop;
  };
  add('sent', { t: first.t, pid: client }, first.t);
  add('gate', gate, limit);
  add('shelf', file, limit);
  /** What became of it on the connection to a worker, as far as anybody waited for it: until then. */
  const follow = (conn: ConnFacts, until: number, gaveUp: boolean): void => {
    const { queued, accepted, read, returned } = conn;
    add('queued', queued, until, { listener: queued?.listener ?? 0 });
    // of the real servers nobody sees who accepts: the first word is that a worker has it
    const taken = accepted ?? read;
    if (!taken) return;
    const stage = accepted ? 'accepted' : 'room';
    const at = accepted ? { listener: accepted.listener } : {};
    // where it was too late the worker cannot know that nobody waits any more, and does all the work
    const hop = add(stage, taken, until, at) ?? { stage, t: taken.t, pid: taken.pid, ...at };
    if (!hops.includes(hop)) late.push(hop);
    holds.push({ hop, conn });
    if (accepted) add('room', read, until);
    const closed = closedBy(conn, taken.pid);
    if (returned) add('returned', returned, until, returned.error ? {} : { status: returned.status });
    // uWSGI's own answers (no app) have no WSGI call; a worker that dies closes too, but then nginx says that it failed.
    else if (Number.isFinite(closed) && !gaveUp) add('returned', { t: closed, pid: taken.pid }, until);
  };
  for (const up of facts.upstreams) {
    const conn = around.conn(up.upstream);
    if (!conn) continue;
    const failure = facts.failures.find((one) => one.upstream === up.upstream);
    const until = Math.min(limit, failure?.t ?? limit);
    const opened = add('upstream', { t: Math.min(up.t, conn.queued?.t ?? up.t), pid: up.pid }, until);
    follow(conn, opened ? until : Number.NEGATIVE_INFINITY, failure !== undefined);
    if (opened && failure) add('failed', failure, limit, { status: failure.status, reason: failure.reason });
  }
  const own = gate ? undefined : around.conn(facts.key.slice(0, facts.key.lastIndexOf('/')));
  if (own && ownerOf(own) === facts.key) follow(own, limit, false);
  // nginx could not even connect: then there is no connection to name.
  for (const failure of facts.failures) {
    if (!facts.upstreams.some((up) => up.upstream === failure.upstream))
      add('failed', failure, limit, { status: failure.status, reason: failure.reason });
  }
  add('response', response, limit, response ? { status: response.status } : {});
  if (Number.isFinite(end))
    add('done', { t: end, pid: client }, end, { status: answered?.status ?? 0, ...(lost ? { reason: lost.reason } : {}) });

  putInOrder(hops, end);
  return {
    key: facts.key,
    number: 0,
    client,
    method: sent?.method ?? gate?.method ?? facts.failed?.method ?? 'GET',
    url: sent?.url ?? gate?.uri ?? facts.failed?.url ?? '',
    hops,
    jobs: holds.map(({ hop, conn }) => jobOf(facts.key, hop, conn, around)),
    late: late.sort((a, b) => a.t - b.t),
    start: (hops[0] as Hop).t,
    end: Number.isFinite(end) ? (hops.at(-1) as Hop).t : end,
    status: answered?.status ?? (lost ? 0 : null),
    reason: lost?.reason ?? null,
    file: file ? { path: file.path, found: file.found, t: file.t } : null,
  };
}

function jobOf(key: string, { t: from, pid }: Hop, conn: ConnFacts, around: Around): Job {
  const over = conn.returned?.t ?? closedBy(conn, pid);
  const to = Math.min(over, around.exitOf(pid));
  return { key, pid, from, to: Math.max(to, from), called: conn.called?.t ?? null, served: conn.returned !== undefined };
}
