/**
 * The model of IIS: HTTP.sys with one request queue, WAS, and worker processes with a pool of threads each, fed with the
 * load of a run. It is a deterministic simulation: the same load and settings give the same state at every time, whether the
 * log came at once or grew. What it assumes, and where each rule is documented, is in sources.ts.
 */
import type { PoolSettings } from './application-host.ts';
import type { Arrival, Deed, Load } from './arrivals.ts';
import { firstChange } from './arrivals.ts';
import type { ProcessRecord, RequestRecord, State } from './records.ts';
import { copyOf, freshState, lowestFree, NEVER } from './records.ts';
import type { Parts, Step } from './steps.ts';
import { CORES, nextStep, START_TIME } from './steps.ts';

/** A copy of the state is kept so often: when earlier requests turn out otherwise, the simulation goes on from there. */
const KEEP_EVERY = 128;
/** So many copies at most: of the older ones every other goes then, and again. */
const MOST_KEPT = 64;

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
  #load: Load = { arrivals: [], deeds: [] };
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
  feed(load: Load): void {
    if (load === this.#load) return;
    const changed = firstChange(this.#load, load);
    this.#load = load;
    if (changed <= this.#state.now) this.#rewind(changed);
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /** Simulates all that happens up to `t`. */
  advance(t: number): void {
    if (t <= this.#until) return;
    for (let step = nextStep(this.#parts); step && step.t <= t; step = nextStep(this.#parts)) this.#take(step);
    this.#until = t;
  }

  get #parts(): Parts {
    const { settings, requests, processes } = this;
    return {
      settings,
      requests,
      processes,
      state: this.#state,
      arrival: this.#load.arrivals[this.#state.arrived],
      deed: this.#load.deeds[this.#state.deeds],
    };
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
        this.#suffer(this.#load.deeds[state.deeds++] as Deed, t);
        break;
      case 'arrive':
        this.#arrive(this.#load.arrivals[state.arrived] as Arrival, t);
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
    if (this.#kept.length > MOST_KEPT) this.#kept = this.#kept.filter((_, i) => i % 2 === 0 || i > MOST_KEPT / 2);
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
