/**
 * What the model of IIS is fed with, taken from the log of a run: when each request came, how long it was worked on and how
 * that ended; and what was done to the server from outside.
 */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { TraceLog } from '../trace/log.ts';
import type { ProcessFacts } from '../trace/processes.ts';
import { kindOf } from '../trace/processes.ts';
import type { RequestTrace } from '../trace/requests.ts';
import type { TraceIndex } from '../trace/trace-index.ts';
import { indexOf } from '../trace/trace-index.ts';

export interface Arrival {
  readonly key: string;
  readonly number: number;
  readonly url: string;
  /** When it was read in the run: the model's HTTP.sys has it then (ms). */
  readonly t: number;
  /** How long it is worked on (ms). Infinity: it hangs, or the run does not know yet. */
  readonly service: number;
  /** How its work ends: with an answer, or with the death of the process it runs in. */
  readonly fate: 'answers' | 'dies';
  /** Answered in the run without Python: by a file, or by nginx itself. */
  readonly file: boolean;
  /** The run never worked on it, so the service time is a guess. */
  readonly guessed: boolean;
}

/** Something done to the server: all worker processes are replaced, or one that had nothing to do is killed. */
export interface Deed {
  readonly t: number;
  readonly do: 'recycle' | 'kill';
  /** Number of the worker that was killed. */
  readonly worker: number;
}

export interface Load {
  readonly arrivals: readonly Arrival[];
  readonly deeds: readonly Deed[];
}

/** For a request that no worker of the run ever had, when none of the same path did either (ms). */
const GUESS = 10;

/** A process that dies closes its connections first: its death is so near to the end of the request (ms). */
const LAST_BREATH = 100;

/**
 * A live log drops its oldest events. What it said of them is kept here, so that the model has the whole past: from when its
 * load was asked for first. After this part of the capacity the log is read, asked or not, for nothing of it is dropped that soon.
 */
const READ_EVERY = 0.05;

type RoleEvent = Extract<TraceEvent, { type: 'process.role' }>;

/** What has been read of a log. */
class Known {
  readonly #log: TraceLog;
  readonly #killedForTime = new Set<number>();
  /** When a uWSGI master said that it is one. */
  readonly #starts: RoleEvent[] = [];
  /** Of requests of which nothing more can be learnt. */
  readonly #settled = new WeakMap<RequestTrace, Arrival>();
  #load: Load = { arrivals: [], deeds: [] };
  /** How many events have come since it was read; at first all of them. */
  #unread = Number.POSITIVE_INFINITY;

  constructor(log: TraceLog) {
    this.#log = log;
    this.#note(log.events);
    log.subscribe((added) => {
      this.#note(added);
      this.#unread += added.length;
      if (this.#unread > log.capacity * READ_EVERY) this.load();
    });
  }

  /** The same object while the log is. */
  load(): Load {
    if (this.#unread > 0) this.#load = { arrivals: this.#arrivals(), deeds: this.#deeds() };
    this.#unread = 0;
    return this.#load;
  }

  #note(events: readonly TraceEvent[]): void {
    for (const event of events) {
      if (event.type === 'uwsgi.respawn' && event.why === 'harakiri') this.#killedForTime.add(event.oldPid);
      else if (event.type === 'process.role' && event.server === 'uwsgi' && event.role === 'master') this.#starts.push(event);
    }
    this.#starts.sort((a, b) => a.t - b.t);
  }

  #arrivals(): Arrival[] {
    const index = indexOf(this.#log);
    const usual = new Map<string, number>();
    const past = this.#load.arrivals.filter(({ key, t }) => t < this.#log.whole && !index.requests.byKey.has(key));
    for (const { url, service, guessed } of past) if (!guessed && Number.isFinite(service)) usual.set(url, service);
    const present = index.requests.list.map((request) => {
      const arrival = this.#settled.get(request) ?? arrivalOf(request, index, this.#killedForTime, usual.get(request.url));
      if (arrival.file || request.jobs.at(-1)?.served) this.#settled.set(request, arrival);
      if (!arrival.guessed && Number.isFinite(arrival.service)) usual.set(request.url, arrival.service);
      return arrival;
    });
    return [...past, ...present].sort((a, b) => a.t - b.t || (a.key < b.key ? -1 : 1));
  }

  /** A restart or a reload of uWSGI after its first start; a worker killed while it had nothing to do. */
  #deeds(): Deed[] {
    const index = indexOf(this.#log);
    const { whole } = this.#log;
    const restarts = this.#starts.slice(1).map(({ t }): Deed => ({ t, do: 'recycle', worker: 0 }));
    // what its workers did before is not all there any more
    const kills = this.#load.deeds.filter((deed) => deed.do === 'kill' && deed.t < whole);
    for (const process of index.processes.byPid.values()) {
      const { exitAt, worker, pid, signal } = process;
      if (exitAt < whole || kindOf(process) !== 'uwsgi' || worker === null || signal !== 'SIGKILL') continue;
      const atWork = index.jobs(pid).some((job) => !job.served && job.to >= exitAt - LAST_BREATH);
      if (!atWork) kills.push({ t: exitAt, do: 'kill', worker });
    }
    return [...restarts, ...kills].sort((a, b) => a.t - b.t || a.worker - b.worker);
  }
}

const known = new WeakMap<TraceLog, Known>();

/** The load of a log, up to date; the same object while the log is. */
export function loadOf(log: TraceLog): Load {
  const before = known.get(log) ?? new Known(log);
  known.set(log, before);
  return before.load();
}

function arrivalOf(request: RequestTrace, index: TraceIndex, killedForTime: ReadonlySet<number>, usual = GUESS): Arrival {
  const { key, number, url, hops, jobs } = request;
  const gate = hops.find((hop) => hop.stage === 'gate');
  const t = gate?.t ?? request.start;
  const arrival = { key, number, url, t, service: usual, fate: 'answers', file: false, guessed: false } as const;
  const job = jobs.at(-1);
  if (job) {
    const service = job.to - (job.called ?? job.from);
    const process = index.processes.byPid.get(job.pid);
    if (job.served || !process || process.exitAt > job.to + LAST_BREATH) return { ...arrival, service };
    // nobody would have stopped it in IIS: no pool setting ends a request
    const ended = killedForTime.has(process.pid) || stopped(process, index.processes.byPid.get(process.ppid));
    return ended ? { ...arrival, service: Number.POSITIVE_INFINITY } : { ...arrival, service, fate: 'dies' };
  }
  const tried = hops.some((hop) => hop.stage === 'upstream' || hop.stage === 'failed');
  const answer = hops.find((hop) => hop.stage === 'response' || hop.stage === 'done');
  if (gate && answer && !tried) return { ...arrival, service: answer.t - t, file: true };
  if (Number.isFinite(request.end)) return { ...arrival, guessed: true };
  return { ...arrival, service: Number.POSITIVE_INFINITY };
}

/** With this a worker of the real uWSGI ends when its master has told it to; when that was, a recording of it does not know. */
const TOLD_CODE = 30;

/** Did it end because it was asked to? Of the real servers it is not always seen how one ended: then with its master, if that was asked. */
function stopped(process: ProcessFacts, parent: ProcessFacts | undefined): boolean {
  if (process.worker !== null && process.code === TOLD_CODE) return true;
  if (process.code === null && process.signal === null) return (parent?.toldToEnd ?? Number.POSITIVE_INFINITY) <= process.exitAt;
  return process.signal === null
    ? process.toldToEnd <= process.exitAt && process.code === 0
    : process.signal !== 'SIGKILL' && process.toldToEnd <= process.exitAt;
}

/** Time of the first thing in which two loads differ; Infinity when they do not. */
export function firstChange(before: Load, after: Load): number {
  return Math.min(
    firstDifference(before.arrivals, after.arrivals, sameArrival),
    firstDifference(before.deeds, after.deeds, (a, b) => a.t === b.t && a.do === b.do && a.worker === b.worker),
  );
}

function sameArrival(a: Arrival, b: Arrival): boolean {
  return a.t === b.t && a.key === b.key && a.number === b.number && a.service === b.service && a.fate === b.fate;
}

function firstDifference<T extends { readonly t: number }>(
  before: readonly T[],
  after: readonly T[],
  same: (a: T, b: T) => boolean,
): number {
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const a = before[i];
    const b = after[i];
    if (!a || !b || !same(a, b)) return Math.min(a?.t ?? Number.POSITIVE_INFINITY, b?.t ?? Number.POSITIVE_INFINITY);
  }
  return Number.POSITIVE_INFINITY;
}
