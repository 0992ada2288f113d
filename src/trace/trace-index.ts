/**
 * Everything the figure asks of a log, kept ready: requests joined over processes, processes, sockets, and the moments
 * worth a sentence. It follows the log and works only on what is new.
 */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Hop } from './hops.ts';
import type { TraceLog } from './log.ts';
import { Processes } from './processes.ts';
import type { Job, RequestTrace } from './requests.ts';
import { Requests } from './requests.ts';
import { countUntil } from './search.ts';

/** Something that happened that a reader wants to hear of: a hop of a request, or an event of a process or a socket. */
export interface Moment {
  readonly t: number;
  readonly request?: RequestTrace;
  readonly hop?: number;
  readonly event?: TraceEvent;
}

/** Kinds of answers, as they are counted and drawn. */
export const OUTCOMES = ['ok', 'redirect', 'client-error', 'server-error', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export function outcomeOf(status: number): Outcome {
  if (status === 0) return 'failed';
  return status >= 500 ? 'server-error' : status >= 400 ? 'client-error' : status >= 300 ? 'redirect' : 'ok';
}

/** Process events that are moments; the rest only sets state. */
const TOLD = new Set(['process.start', 'process.exit', 'process.signal', 'socket.listen', 'uwsgi.ready', 'uwsgi.respawn']);

export class TraceIndex {
  readonly log: TraceLog;
  /** For every update so far, the earliest time at which it made a difference. */
  readonly changes: number[] = [];
  readonly requests = new Requests();
  readonly processes = new Processes();
  /** Jobs of each process, by start. */
  jobs = new Map<number, Job[]>();
  /** When each process completed an answer. */
  served = new Map<number, number[]>();
  /** End times of requests by outcome. */
  ends: Record<Outcome, number[]> = { ok: [], redirect: [], 'client-error': [], 'server-error': [], failed: [] };
  /** Requests that opened a file, by the time they did. */
  files: RequestTrace[] = [];
  moments: Moment[] = [];
  #told: Moment[] = [];
  #read = 0;

  constructor(log: TraceLog) {
    this.log = log;
  }

  /** Reads what has arrived since the last call. */
  update(): void {
    const { arrivals } = this.log;
    if (this.#read === arrivals.length) return;
    let changed = Number.POSITIVE_INFINITY;
    for (; this.#read < arrivals.length; this.#read++) {
      const event = arrivals[this.#read] as TraceEvent;
      this.requests.apply(event);
      if (!this.processes.apply(event) && event.type !== 'uwsgi.respawn') continue;
      changed = Math.min(changed, event.t);
      if (TOLD.has(event.type)) this.#told.push({ t: event.t, event });
    }
    changed = Math.min(changed, this.requests.settle());
    if (!Number.isFinite(changed)) return;
    this.changes.push(changed);
    this.#arrange();
  }

  /** The moment at or before `t`, as a position in `moments` (-1: before the first). */
  momentAt(t: number): number {
    return countUntil(this.moments, t, (moment) => moment.t) - 1;
  }

  #arrange(): void {
    this.jobs = new Map();
    this.served = new Map();
    for (const outcome of OUTCOMES) this.ends[outcome] = [];
    this.files = [];
    const moments = [...this.#told];
    for (const request of this.requests.list) {
      for (const job of request.jobs) {
        append(this.jobs, job.pid, job);
        if (job.served) append(this.served, job.pid, job.to);
      }
      if (request.status !== null) this.ends[outcomeOf(request.status)].push(request.end);
      if (request.file) this.files.push(request);
      request.hops.forEach((_, hop) => moments.push({ t: (request.hops[hop] as Hop).t, request, hop }));
    }
    for (const list of this.jobs.values()) list.sort((a, b) => a.from - b.from);
    for (const list of this.served.values()) list.sort((a, b) => a - b);
    for (const outcome of OUTCOMES) this.ends[outcome].sort((a, b) => a - b);
    this.files.sort((a, b) => (a.file?.t ?? 0) - (b.file?.t ?? 0));
    this.moments = moments.sort(
      (a, b) =>
        a.t - b.t ||
        (a.request?.number ?? 0) - (b.request?.number ?? 0) ||
        (a.event?.pid ?? 0) - (b.event?.pid ?? 0) ||
        (a.event?.seq ?? 0) - (b.event?.seq ?? 0),
    );
  }
}

function append<T>(lists: Map<number, T[]>, key: number, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

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
