/**
 * What really went over the wire for one request, hop by hop, as far as the trace has kept it. Nothing on the wire names a
 * request: on a kept connection its bytes are those that an end wrote after it said that the request began there and before
 * it said so of the next one.
 */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Stage } from './hops.ts';
import type { TraceLog } from './log.ts';
import type { RequestTrace } from './requests.ts';
import { countUntil } from './search.ts';
import { indexOf } from './trace-index.ts';

/** Bytes as byte text (one character a byte). */
export interface KeptBytes {
  /** The first of them. */
  readonly text: string;
  /** How many there were. */
  readonly total: number;
  /** Why the rest is not here: only so much of a long message is kept, and nothing of a process that had too much to say. */
  readonly lost: 'long' | 'busy' | null;
}

export type Place = 'visitor' | 'gate' | 'shelf' | 'worker' | 'app';

export interface ByteHop {
  readonly kind: 'request' | 'file' | 'ask' | 'environ' | 'reply' | 'failure' | 'answer' | 'lost';
  readonly from: Place;
  readonly to: Place;
  /** When it began (ms, trace time), and when what comes next did; null while that is not known. */
  readonly t: number;
  readonly until: number | null;
  /** The worker's process, where one has to do with it. */
  readonly pid: number | null;
  /** What was said, in plain; null when nothing was. */
  readonly bytes: KeptBytes | null;
  /** As it went over the wire, where that was sealed by TLS. */
  readonly records: KeptBytes | null;
  /** What the WSGI callable got; null when it is another hop, or was not kept. */
  readonly environ: Readonly<Record<string, string>> | null;
  /** The static file, or why there was no answer. */
  readonly note: string;
}

/** A worker says its last words on a request up to so long (ms) after it was over. */
const AFTERWARDS = 1000;

class Gathered implements KeptBytes {
  text = '';
  total = 0;
  lost: 'long' | 'busy' | null = null;
  t = Number.POSITIVE_INFINITY;

  add(event: { readonly t: number }, bytes: number, data: string | undefined): void {
    this.t = Math.min(this.t, event.t);
    this.total += bytes;
    if (this.lost) return;
    this.text += data ?? '';
    if (data === undefined) this.lost = this.text === '' ? 'busy' : 'long';
    else if (data.length < bytes) this.lost = 'long';
  }
}

/** One question to a server behind nginx. */
interface Asked {
  readonly conn: string;
  readonly ask: Gathered;
  readonly reply: Gathered;
  worker: number | null;
  called: number | null;
  environ: Readonly<Record<string, string>> | null;
  failed: { readonly t: number; readonly reason: string } | null;
}

/** The hops of the request `key` in order; none when there is no such request. */
export function bytesOf(log: TraceLog, key: string): readonly ByteHop[] {
  const request = indexOf(log).requests.byKey.get(key);
  if (!request) return [];
  const { conn, n } = partsOf(key);
  if (conn === '') return [lost(request)];
  const events = eventsOf(log, request);
  return hopsOf(request, outerBytes(events, conn, n, request.client), inner(events, conn, n));
}

/** Has the log any bytes at all? Recordings can be made without. */
export const hasBytes = (log: TraceLog): boolean => log.events.some((event) => event.type === 'conn.data' && event.data !== undefined);

function partsOf(key: string): { readonly conn: string; readonly n: number } {
  const slash = key.lastIndexOf('/');
  return slash < 0 ? { conn: '', n: 0 } : { conn: key.slice(0, slash), n: Number(key.slice(slash + 1)) };
}

function eventsOf(log: TraceLog, request: RequestTrace): readonly TraceEvent[] {
  const time = (event: TraceEvent): number => event.t;
  const last = Math.max(request.end, ...request.jobs.map((job) => job.to));
  const from = countUntil(log.events, request.start - 0.002, time);
  return log.events.slice(from, countUntil(log.events, last + AFTERWARDS, time));
}

interface Outer {
  readonly request: { readonly wire: Gathered; readonly plain: Gathered };
  readonly answer: { readonly wire: Gathered; readonly plain: Gathered };
}

/** What the two ends of the visitor's connection wrote for its request `n`. */
function outerBytes(events: readonly TraceEvent[], conn: string, n: number, client: number): Outer {
  const outer: Outer = {
    request: { wire: new Gathered(), plain: new Gathered() },
    answer: { wire: new Gathered(), plain: new Gathered() },
  };
  // A server that never got as far as to say which request it answers, answers the one that the client sent last.
  const read = events.some((event) => event.type === 'nginx.request' && event.conn === conn && event.n === n);
  let sent = 0;
  let answered = 0;
  for (const event of events) {
    if (!('conn' in event) || event.conn !== conn) continue;
    if (event.type === 'client.request') sent = event.n;
    else if (event.type === 'nginx.request') answered = event.n;
    else if (event.type === 'conn.data' || event.type === 'tls.record') {
      const byClient = event.pid === client;
      if ((byClient || !read ? sent : answered) !== n) continue;
      const side = byClient ? outer.request : outer.answer;
      if (event.type === 'conn.data') side.wire.add(event, event.bytes, event.data);
      else side.plain.add(event, event.plain, event.data);
    }
  }
  return outer;
}

/** The connections that nginx opened for the request, and what went over them. */
function inner(events: readonly TraceEvent[], conn: string, n: number): readonly Asked[] {
  const asked = new Map<string, Asked>();
  const add = (id: string): Asked => {
    const one = asked.get(id) ?? {
      ...{ conn: id, ask: new Gathered(), reply: new Gathered() },
      ...{ worker: null, called: null, environ: null, failed: null },
    };
    asked.set(id, one);
    return one;
  };
  const gates = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'nginx.upstream' && event.conn === conn && event.n === n) {
      add(event.upstream);
      gates.set(event.upstream, event.pid);
    } else if (event.type === 'nginx.upstream.failed' && event.conn === conn && event.n === n) {
      add(event.upstream).failed = event;
    }
  }
  for (const event of events) {
    const one = 'conn' in event ? asked.get(event.conn) : undefined;
    if (!one) continue;
    if (event.type === 'conn.data') {
      const side = event.pid === gates.get(one.conn) ? one.ask : one.reply;
      side.add(event, event.bytes, event.data);
    } else if (event.type === 'conn.accepted') one.worker = event.pid;
    else if (event.type === 'wsgi.call') one.called = event.t;
    else if (event.type === 'wsgi.environ') one.environ = event.environ;
  }
  return [...asked.values()];
}

type Draft = Omit<ByteHop, 'until' | 'bytes' | 'records' | 'environ' | 'note' | 'pid'> & Partial<ByteHop>;

function hopsOf(request: RequestTrace, outer: Outer, asked: readonly Asked[]): readonly ByteHop[] {
  const at = (stage: Stage): number | null => request.hops.find((hop) => hop.stage === stage)?.t ?? null;
  const drafts: Draft[] = [{ kind: 'request', from: 'visitor', to: 'gate', t: request.start, ...sides(outer.request) }];
  const { file } = request;
  if (file) drafts.push({ kind: 'file', from: 'gate', to: 'shelf', t: file.t, note: file.path });
  for (const { ask, reply, worker, called, environ, failed } of asked) {
    const pid = worker;
    if (ask.total > 0) drafts.push({ kind: 'ask', from: 'gate', to: 'worker', t: ask.t, pid, bytes: ask });
    if (called !== null) drafts.push({ kind: 'environ', from: 'worker', to: 'app', t: called, pid, environ });
    if (reply.total > 0) drafts.push({ kind: 'reply', from: 'worker', to: 'gate', t: reply.t, pid, bytes: reply });
    if (failed) drafts.push({ kind: 'failure', from: 'worker', to: 'gate', t: failed.t, pid, note: failed.reason });
  }
  const answer = sides(outer.answer);
  if (answer.bytes || answer.records) {
    const t = Math.min(outer.answer.wire.t, outer.answer.plain.t);
    drafts.push({ kind: 'answer', from: 'gate', to: 'visitor', t, ...answer });
  }
  const done = at('done');
  if (request.reason !== null && done !== null) drafts.push({ kind: 'lost', from: 'gate', to: 'visitor', t: done, note: request.reason });
  return drafts.map((draft, index) => ({
    ...{ pid: null, bytes: null, records: null, environ: null, note: '' },
    ...draft,
    // the request is on its way until nginx has read it, whatever that leads to
    until: (index === 0 ? at('gate') : null) ?? drafts[index + 1]?.t ?? done,
  }));
}

/** Of a connection that TLS seals the plain text is what its end sealed, and the connection's own bytes are the records. */
function sides({ wire, plain }: Outer['request']): Pick<ByteHop, 'bytes' | 'records'> {
  if (plain.total > 0) return { bytes: plain, records: wire };
  return { bytes: wire.total > 0 ? wire : null, records: null };
}

/** A request that was never sent, because there was no connection to send it over. */
const lost = (request: RequestTrace): ByteHop => ({
  ...{ kind: 'lost', from: 'visitor', to: 'gate', t: request.start, until: null },
  ...{ pid: null, bytes: null, records: null, environ: null, note: request.reason ?? '' },
});
