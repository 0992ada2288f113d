/**
 * The model of IIS: HTTP.sys with one request queue, WAS, and worker processes with a pool of threads each, fed with the
 * load of a run. It is a deterministic simulation: the same load and settings give the same state at every time, whether the
 * log came at once or grew. What it assumes, and where each rule is documented, is in sources.ts.
 */
import type { PoolSettings } from './application-host.ts';
import type { Arrival, Deed, Load } from './arrivals.ts';
import type { ProcessRecord, RequestRecord, State } from './records.ts';
import { copyOf, freshState, NEVER } from './records.ts';

/** Cores of the modelled machine: so many threads a process starts without waiting. */
export const CORES = 4;
/** A pool that is out of threads, and in which none becomes free for so long (ms), gets one more. */
export const THREAD_EVERY = 500;
export const MOST_THREADS = 100 * CORES;
/** From the start of a worker process until it takes requests (ms). */
export const START_TIME = 300;

/** A copy of the state is kept so often: when earlier requests turn out otherwise, the simulation goes on from there. */
const KEEP_EVERY = 128;

/** What may happen next; in this order when several fall together. */
type Kind = 'finish' | 'up' | 'limit' | 'thread' | 'idle' | 'age' | 'deed' | 'arrive';

interface Step {
  readonly t: number;
  readonly kind: Kind;
  /** A request's or a process's position. */
  readonly of: number;
}

interface Kept {
  readonly t: number;
  readonly state: State;
  /** Those records that later steps may still change. */
  readonly requests: ReadonlyMap<number, RequestRecord>;
  readonly processes: readonly ProcessRecord[];
}

export class Iis {
  readonly settings: PoolSettings;
  /** Every request that has arrived, by arrival; every process there ever was, by id from 1. */
  readonly requests: RequestRecord[] = [];
  readonly processes: ProcessRecord[] = [];
  /** When WAS gave up; NEVER while it has not. */
  stoppedAt = NEVER;
  #arrivals: readonly Arrival[] = [];
  #deeds: readonly Deed[] = [];
  #state: State;
  #kept: Kept[] = [];
  /** Everything up to this time has been simulated, with the load as it is. */
  #until = Number.NEGATIVE_INFINITY;

  constructor(settings: PoolSettings) {
    this.settings = settings;
    this.#state = freshState(settings.autoStart);
    if (!settings.autoStart) this.stoppedAt = Number.NEGATIVE_INFINITY;
    else if (settings.alwaysRunning) for (let i = 0; i < settings.maxProcesses; i++) this.#spawn(0);
    this.#keep(Number.NEGATIVE_INFINITY);
  }

  /** Takes a load in place of the last one. What is the same at its beginning is not simulated again. */
  feed({ arrivals, deeds }: Load): void {
    const changed = Math.min(
      firstChange(this.#arrivals, arrivals, sameArrival),
      firstChange(this.#deeds, deeds, (a, b) => a.t === b.t && a.do === b.do && a.worker === b.worker),
    );
    this.#arrivals = arrivals;
    this.#deeds = deeds;
    if (changed <= this.#state.now) this.#rewind(changed);
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /** Simulates all that happens up to `t`. */
  advance(t: number): void {
    if (t <= this.#until) return;
    for (let step = this.#next(); step && step.t <= t; step = this.#next()) this.#take(step);
    this.#until = t;
  }

  #next(): Step | null {
    let t = NEVER;
    let kind: Kind = 'arrive';
    let of = -1;
    const consider = (at: number, what: Kind, which: number): void => {
      if (at < t) {
        t = at;
        kind = what;
        of = which;
      }
    };
    const { settings } = this;
    const alive = this.#state.alive.map((id) => this.#process(id));
    for (const process of alive) for (const one of process.running) consider(this.#finishOf(one), 'finish', one);
    for (const process of alive) {
      const { id, up, ready, drain, running, idleSince, recycling } = process;
      if (!up) consider(ready, 'up', id);
      if (drain !== NEVER) consider(drain + settings.shutdownTimeLimit, 'limit', id);
      if (process.fullSince !== NEVER && process.threads < MOST_THREADS) consider(process.fullSince + THREAD_EVERY, 'thread', id);
      if (up && running.length === 0 && settings.idleTimeout > 0) consider(idleSince + settings.idleTimeout, 'idle', id);
      if (!recycling && settings.recycleAfterTime > 0) consider(process.start + settings.recycleAfterTime, 'age', id);
    }
    const deed = this.#deeds[this.#state.deeds];
    if (deed) consider(deed.t, 'deed', 0);
    const arrival = this.#arrivals[this.#state.arrived];
    if (arrival) consider(arrival.t, 'arrive', 0);
    return t === NEVER ? null : { t, kind, of };
  }

  #take({ t, kind, of }: Step): void {
    const state = this.#state;
    state.now = Math.max(state.now, t);
    switch (kind) {
      case 'finish':
        this.#finish(of, t);
        break;
      case 'up': {
        // it begins to take requests, and the one it replaces stops doing so
        const process = this.#process(of);
        const { replaces } = process;
        process.up = true;
        if (replaces && state.alive.includes(replaces)) this.#drain(this.#process(replaces), t);
        // those that are ready together share what waits
        if (state.alive.some((id) => !this.#process(id).up && this.#process(id).ready === t)) return;
        break;
      }
      case 'limit':
        this.#end(this.#process(of), t, 'killed');
        break;
      case 'thread': {
        const process = this.#process(of);
        process.grew.push(t);
        process.threads++;
        process.fullSince = NEVER;
        break;
      }
      case 'idle':
        this.#end(this.#process(of), t, 'idle');
        break;
      case 'age':
        this.#recycle(this.#process(of), t);
        break;
      case 'deed':
        this.#suffer(this.#deeds[state.deeds++] as Deed, t);
        break;
      case 'arrive':
        this.#arrive(this.#arrivals[state.arrived] as Arrival, t);
        break;
    }
    this.#dispatch(t);
    if (kind === 'arrive' && state.arrived % KEEP_EVERY === 0) this.#keep(t);
  }

  #arrive(arrival: Arrival, t: number): void {
    const state = this.#state;
    const place = state.arrived++;
    const record: RequestRecord = { arrival, start: NEVER, end: NEVER, outcome: null, process: 0, seat: 0 };
    this.requests.push(record);
    const full = state.queue.length >= this.settings.queueLength;
    if (state.stopped || full) {
      record.end = t;
      record.outcome = state.stopped ? 'stopped' : 'full';
      return;
    }
    state.queue.push(place);
    // each request that comes starts one process more, until there are as many as the pool may have
    if (this.#serving() < this.settings.maxProcesses) this.#spawn(t);
  }

  /** First come, first served; the processes take turns as far as they have a thread free. */
  #dispatch(t: number): void {
    const state = this.#state;
    const open = state.alive.map((id) => this.#process(id)).filter((process) => process.up && process.drain === NEVER);
    while (state.queue.length > 0) {
      const free = open.filter((process) => process.running.length < process.threads);
      const process = free.find(({ id }) => id > state.last) ?? free[0];
      if (!process) break;
      const place = state.queue.shift() as number;
      const record = this.#request(place);
      state.last = process.id;
      record.start = t;
      record.process = process.id;
      record.seat = lowestFree(process.running.map((one) => this.#request(one).seat));
      process.running.push(place);
    }
    for (const process of open) {
      const short = state.queue.length > 0 && process.running.length >= process.threads;
      if (!short) process.fullSince = NEVER;
      else if (process.fullSince === NEVER) process.fullSince = t;
    }
    // after a crash somebody may wait and no process be left
    if (state.queue.length > 0 && this.#serving() === 0 && !state.stopped) this.#spawn(t);
  }

  #finish(place: number, t: number): void {
    const record = this.#request(place);
    const process = this.#process(record.process);
    if (record.arrival.fate === 'dies') {
      this.#end(process, t, 'crashed');
      return;
    }
    record.end = t;
    record.outcome = 'done';
    process.running = process.running.filter((one) => one !== place);
    process.finished.push(t);
    process.idleSince = t;
    // a thread has become free, so the pool sees no need for another one yet
    process.fullSince = NEVER;
    const { recycleAfterRequests: limit } = this.settings;
    if (process.drain !== NEVER) {
      if (process.running.length === 0) this.#end(process, t, 'recycled');
    } else if (limit > 0 && process.finished.length >= limit) this.#recycle(process, t);
  }

  /** Overlapped: the new process first; the old one takes requests until that one is up. Otherwise the old one goes first. */
  #recycle(process: ProcessRecord, t: number): void {
    if (process.recycling) return;
    process.recycling = true;
    if (!this.settings.overlap) this.#drain(process, t);
    else this.#spawn(t, process.id);
  }

  #drain(process: ProcessRecord, t: number): void {
    if (process.drain !== NEVER) return;
    process.drain = t;
    process.fullSince = NEVER;
    if (process.running.length === 0) this.#end(process, t, 'recycled');
  }

  #suffer(deed: Deed, t: number): void {
    const alive = this.#state.alive.map((id) => this.#process(id));
    if (deed.do === 'recycle') {
      for (const process of alive) if (process.up && process.drain === NEVER) this.#recycle(process, t);
      return;
    }
    const victim = alive[(deed.worker - 1) % Math.max(1, alive.length)];
    if (victim) this.#end(victim, t, 'crashed');
  }

  /** A process is gone, and with it everything that ran in it. */
  #end(process: ProcessRecord, t: number, why: NonNullable<ProcessRecord['why']>): void {
    const state = this.#state;
    for (const place of process.running) {
      const record = this.#request(place);
      record.end = t;
      record.outcome = 'lost';
    }
    process.lost = process.running.length;
    process.running = [];
    process.end = t;
    process.why = why;
    process.fullSince = NEVER;
    state.alive = state.alive.filter((id) => id !== process.id);
    if (why !== 'crashed' || !this.settings.rapidFail) return;
    state.crashes = [...state.crashes.filter((at) => t - at < this.settings.rapidFailInterval), t];
    if (state.crashes.length >= this.settings.rapidFailCrashes) this.#stop(t);
  }

  /** WAS takes the pool out of service. */
  #stop(t: number): void {
    const state = this.#state;
    state.stopped = true;
    this.stoppedAt = t;
    for (const place of state.queue) {
      const record = this.#request(place);
      record.end = t;
      record.outcome = 'stopped';
    }
    state.queue = [];
    for (const id of [...state.alive]) this.#drain(this.#process(id), t);
  }

  #spawn(t: number, replaces = 0): void {
    const used = this.#state.alive.map((id) => this.#process(id).room);
    const id = this.processes.length + 1;
    this.processes.push({
      id,
      room: lowestFree(used),
      start: t,
      ready: t + START_TIME,
      up: false,
      drain: NEVER,
      end: NEVER,
      why: null,
      replaces,
      recycling: false,
      threads: CORES,
      grew: [],
      running: [],
      finished: [],
      lost: 0,
      idleSince: t + START_TIME,
      fullSince: NEVER,
    });
    this.#state.alive.push(id);
    this.#state.born = id;
  }

  /** Processes that count: without overlap one that is on its way out still keeps the next from starting. */
  #serving(): number {
    return this.#state.alive.filter((id) => !this.settings.overlap || !this.#process(id).recycling).length;
  }

  #finishOf(place: number): number {
    const { start, arrival } = this.#request(place);
    return start + arrival.service;
  }

  #request(place: number): RequestRecord {
    return this.requests[place] as RequestRecord;
  }

  #process(id: number): ProcessRecord {
    return this.processes[id - 1] as ProcessRecord;
  }

  #keep(t: number): void {
    const state = copyOf(this.#state);
    const processes = state.alive.map((id) => copyOf(this.#process(id)));
    const places = [...state.queue, ...processes.flatMap((process) => process.running)];
    this.#kept.push({ t, state, requests: new Map(places.map((place) => [place, { ...this.#request(place) }])), processes });
  }

  /** Back to the last state that was kept before `t`. */
  #rewind(t: number): void {
    while (this.#kept.length > 1 && (this.#kept.at(-1) as Kept).t >= t) this.#kept.pop();
    const kept = this.#kept.at(-1) as Kept;
    this.#state = copyOf(kept.state);
    this.requests.length = kept.state.arrived;
    this.processes.length = kept.state.born;
    for (const [place, record] of kept.requests) this.requests[place] = { ...record };
    for (const record of kept.processes) this.processes[record.id - 1] = copyOf(record);
    if (this.stoppedAt > kept.t) this.stoppedAt = NEVER;
  }
}

function sameArrival(a: Arrival, b: Arrival): boolean {
  return a.t === b.t && a.key === b.key && a.number === b.number && a.service === b.service && a.fate === b.fate;
}

/** Time of the first item in which two sorted lists differ; NEVER when they do not. */
function firstChange<T extends { readonly t: number }>(before: readonly T[], after: readonly T[], same: (a: T, b: T) => boolean): number {
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const a = before[i];
    const b = after[i];
    if (!a || !b || !same(a, b)) return Math.min(a?.t ?? NEVER, b?.t ?? NEVER);
  }
  return NEVER;
}

/** The lowest number from 1 that nobody has. */
function lowestFree(taken: readonly number[]): number {
  let free = 1;
  while (taken.includes(free)) free++;
  return free;
}
