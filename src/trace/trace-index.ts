/**
 * Everything the figure asks of a log, kept ready: requests joined over processes, processes, sockets, and the moments
 * worth a sentence. It follows the log and works only on what is new.
 */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { Changes } from './changes.ts';
import { Connections } from './connections.ts';
import { firstDifference } from './hops.ts';
import type { TraceLog } from './log.ts';
import type { Moment } from './moments.ts';
import { Moments } from './moments.ts';
import { Processes } from './processes.ts';
import { QueueDepth } from './queue.ts';
import type { Job, Rejoined, RequestTrace } from './requests.ts';
import { Requests } from './requests.ts';
import type { Expendable } from './ring.ts';
import { countUntil, self } from './search.ts';
import { byNumber, Sorted, SortedBy } from './sorted.ts';

export type { Moment } from './moments.ts';

/** Kinds of answers, as they are counted and drawn. */
export const OUTCOMES = ['ok', 'redirect', 'client-error', 'server-error', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export function outcomeOf(status: number): Outcome {
  if (status === 0) return 'failed';
  return status >= 500 ? 'server-error' : status >= 400 ? 'client-error' : status >= 300 ? 'redirect' : 'ok';
}

/** Of forgotten requests so many files are remembered. */
const FILES = 10;

type FileRequest = RequestTrace & { readonly file: NonNullable<RequestTrace['file']> };
const opensFile = (request: RequestTrace): request is FileRequest => request.file !== null;
const byFile = (a: FileRequest, b: FileRequest): number => a.file.t - b.file.t || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

export class TraceIndex {
  readonly log: TraceLog;
  readonly changes = new Changes();
  readonly processes = new Processes();
  readonly connections: Connections;
  readonly requests: Requests;
  readonly queue = new QueueDepth();
  /** Jobs of each process, by start. */
  readonly #jobs = new SortedBy<number, Job>((a, b) => a.from - b.from || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  /** When each process completed an answer. */
  readonly #served = new SortedBy<number, number>(byNumber);
  /** End times of requests by outcome. */
  readonly #ends = new SortedBy<Outcome, number>(byNumber);
  /** Requests that opened a file, by the time they did. */
  readonly #files = new Sorted<FileRequest>(byFile);
  readonly #moments = new Moments();
  /** What was counted of requests that are forgotten. */
  readonly #servedBefore = new Map<number, number>();
  readonly #endsBefore = new Map<Outcome, number>();
  #filesBefore: FileRequest[] = [];
  #read = 0;

  constructor(log: TraceLog) {
    this.log = log;
    const exitOf = (pid: number): number => this.processes.exitOf(pid);
    this.connections = new Connections(exitOf);
    this.requests = new Requests(this.connections, exitOf);
  }

  get moments(): readonly Moment[] {
    return this.#moments.list;
  }

  /** Static files opened by `t`, the latest last: at most `count`, each once. */
  lastFiles(t: number, count: number): string[] {
    const latest = new Map<string, FileRequest>();
    const { items } = this.#files;
    for (let i = countUntil(items, t, (request) => request.file.t) - 1; i >= 0 && latest.size < count; i--) {
      const request = items[i] as FileRequest;
      if (!latest.has(request.file.path)) latest.set(request.file.path, request);
    }
    for (const request of this.#filesBefore) if (!latest.has(request.file.path)) latest.set(request.file.path, request);
    return [...latest.values()]
      .sort(byFile)
      .slice(-count)
      .map(({ file }) => file.path);
  }

  jobs(pid: number): readonly Job[] {
    return this.#jobs.at(pid);
  }

  /** How many requests a process has answered by `t`. */
  served(pid: number, t: number): number {
    return (this.#servedBefore.get(pid) ?? 0) + countUntil(this.#served.at(pid), t, self);
  }

  /** How many requests have ended so by `t`. */
  ended(outcome: Outcome, t: number): number {
    return (this.#endsBefore.get(outcome) ?? 0) + countUntil(this.#ends.at(outcome), t, self);
  }

  /** The moment at or before `t`, as a position in `moments` (-1: before the first). */
  momentAt(t: number): number {
    return countUntil(this.moments, t, (moment) => moment.t) - 1;
  }

  /** Reads what has arrived since the last call. */
  update(): void {
    const { arrivals } = this.log;
    if (this.#read === arrivals.length) return;
    let changed = Number.POSITIVE_INFINITY;
    for (; this.#read < arrivals.length; this.#read++) {
      const event = arrivals[this.#read] as TraceEvent;
      this.requests.apply(event, this.connections.apply(event));
      const about = this.processes.apply(event);
      if (event.type === 'process.exit') this.requests.ended(event.pid, this.connections.ended(event.pid));
      if (!about && event.type !== 'uwsgi.respawn') continue;
      changed = Math.min(changed, event.t);
      this.#moments.tell(event);
    }
    changed = Math.min(changed, this.#settle());
    this.changes.add(changed);
  }

  /** Lets go of what the log has dropped; it has begun its list of arrivals anew. */
  forget({ events, keys, conns, pids, listeners, before }: Expendable): void {
    this.#read = 0;
    this.requests.forget(keys);
    this.connections.forget(conns);
    for (const event of events) this.#moments.forget(event);
    this.#settle();
    this.processes.forget(pids, listeners, before);
    this.processes.settle();
    for (const pid of pids) {
      for (const lists of [this.#jobs, this.#served]) lists.delete(pid);
      this.#servedBefore.delete(pid);
    }
  }

  /** Returns the earliest time at which a request is different now. */
  #settle(): number {
    let changed = Number.POSITIVE_INFINITY;
    this.processes.settle();
    this.connections.settle();
    for (const change of this.requests.settle()) {
      const { before, after } = change;
      changed = Math.min(
        changed,
        firstDifference(before?.hops ?? [], after?.hops ?? []),
        firstDifference(before?.late ?? [], after?.late ?? []),
      );
      this.#arrange(change);
    }
    for (const lists of [this.#jobs, this.#served, this.#ends, this.#files, this.queue]) lists.settle();
    this.#moments.settle();
    return changed;
  }

  #arrange({ before, after }: Rejoined): void {
    const end = (request: RequestTrace): Outcome | null => (request.status === null ? null : outcomeOf(request.status));
    const was = before && end(before);
    const is = after && end(after);
    if (before && was && (was !== is || before.end !== after?.end)) this.#ends.remove(was, before.end);
    if (after && is && (was !== is || before?.end !== after.end)) this.#ends.add(is, after.end);
    for (const job of before?.jobs ?? []) {
      this.#jobs.remove(job.pid, job);
      if (job.served) this.#served.remove(job.pid, job.to);
    }
    for (const job of after?.jobs ?? []) {
      this.#jobs.add(job.pid, job);
      if (job.served) this.#served.add(job.pid, job.to);
    }
    if (before && opensFile(before)) this.#files.remove(before);
    if (after && opensFile(after)) this.#files.add(after);
    this.#moments.change(before, after);
    this.queue.change(before, after);
    if (before && !after) this.#remember(before, was);
  }

  /** A request is forgotten, but not that it was. */
  #remember(request: RequestTrace, outcome: Outcome | null): void {
    if (opensFile(request)) {
      const others = this.#filesBefore.filter(({ file }) => file.path !== request.file.path);
      const same = this.#filesBefore.find(({ file }) => file.path === request.file.path);
      this.#filesBefore = [...others, same && byFile(same, request) > 0 ? same : request].sort(byFile).slice(-FILES);
    }
    if (outcome) this.#endsBefore.set(outcome, (this.#endsBefore.get(outcome) ?? 0) + 1);
    for (const { pid, served } of request.jobs) if (served) this.#servedBefore.set(pid, (this.#servedBefore.get(pid) ?? 0) + 1);
  }
}

/** Moments of a log and of a recording that is shown beside it, by time. Of two recordings it is the same list as long as they stay as they are. */
export function momentsOf(log: TraceLog, beside: TraceLog | null): readonly Moment[] {
  const own = indexOf(log).moments;
  if (!beside) return own;
  const others = indexOf(beside).moments;
  const known = merged.get(beside);
  if (known?.own === own && known.others === others && known.list.length === own.length + others.length) return known.list;
  const list = [...own, ...others].sort((a, b) => a.t - b.t);
  merged.set(beside, { own, others, list });
  return list;
}

interface Merged {
  readonly own: readonly Moment[];
  readonly others: readonly Moment[];
  readonly list: readonly Moment[];
}

const merged = new WeakMap<TraceLog, Merged>();
const indexes = new WeakMap<TraceLog, TraceIndex>();

/** The index of a log, up to date. */
export function indexOf(log: TraceLog): TraceIndex {
  let index = indexes.get(log);
  if (!index) {
    index = new TraceIndex(log);
    indexes.set(log, index);
  }
  index.update();
  return index;
}

/** The most requests that ever waited for a worker at once, of those that the log still has. Costs what is new in the log. */
export const longestQueue = (log: TraceLog): number => indexOf(log).queue.longest;
