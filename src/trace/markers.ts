/**
 * What the scrub bar marks: a worker that died, a reload, a listen queue that was full. Facts are kept as they come, in any
 * order, and judged when somebody asks.
 */
import type { RespawnReason, TraceEvent } from '../../sandboxes/host/events.ts';
import type { Of, TraceLog } from './log.ts';
import { compareEvents } from './log.ts';
import type { ProcessFacts } from './processes.ts';
import { kindOf } from './processes.ts';
import { Sorted } from './sorted.ts';
import type { TraceIndex } from './trace-index.ts';
import { indexOf } from './trace-index.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface Marker {
  readonly t: number;
  readonly kind: 'crash' | 'reload' | 'full';
  readonly text: string;
}

type Full = Of<'conn.failed'> | Of<'conn.queued'>;

/** A queue that is full again within so many milliseconds has been full all along. */
const LULL = 1000;

class Marks {
  /** From when on the log was whole when it was read: when that has changed, this is to be made anew. */
  readonly whole: number;
  readonly #log: TraceLog;
  readonly #index: TraceIndex;
  /** Why the master replaced a worker, by the old one's pid. */
  readonly #why = new Map<number, RespawnReason>();
  /** Who sent a process any signal. */
  readonly #signalled = new Map<number, Set<number>>();
  /** When a process was asked to reload. */
  readonly #hups = new Map<number, Set<number>>();
  readonly #full = new Sorted<Full>(compareEvents);
  #fulls = 0;
  #read: number;
  #version = '';
  /** What is made of that version, in the words asked for. */
  readonly #lists = new Map<Vocabulary, readonly Marker[]>();

  constructor(log: TraceLog) {
    this.#log = log;
    this.#index = indexOf(log);
    this.whole = log.whole;
    for (const event of log.events) this.#apply(event);
    this.#read = log.arrivals.length;
  }

  /** By time. The same list as long as nothing changed. */
  list(words: Vocabulary): readonly Marker[] {
    const { arrivals } = this.#log;
    for (; this.#read < arrivals.length; this.#read++) this.#apply(arrivals[this.#read] as TraceEvent);
    const version = `${this.#index.changes.version} ${this.#fulls}`;
    if (this.#version !== version) this.#lists.clear();
    this.#version = version;
    const known = this.#lists.get(words);
    if (known) return known;
    this.#full.settle();
    const { list: processes } = this.#index.processes;
    const list = [
      ...processes.flatMap((process) => [...this.#crash(process, words), ...this.#reloads(process, words)]),
      ...this.#queues(words),
    ]
      .filter(({ t }) => t >= this.whole)
      .sort((a, b) => a.t - b.t || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) || (a.text < b.text ? -1 : 1));
    this.#lists.set(words, list);
    return list;
  }

  #apply(event: TraceEvent): void {
    switch (event.type) {
      case 'uwsgi.respawn':
        this.#why.set(event.oldPid, event.why);
        break;
      case 'process.signal':
        note(this.#signalled, event.pid, event.from);
        if (event.signal === 'SIGHUP') note(this.#hups, event.pid, event.t);
        break;
      case 'conn.failed':
        if (event.code === 'EAGAIN') this.#fill(event);
        break;
      case 'conn.queued': {
        // most are far from full; of a listener that is not known yet it has to be seen later
        const backlog = this.#index.processes.listeners.get(event.listener)?.backlog ?? 0;
        if (event.waiting >= backlog) this.#fill(event);
      }
    }
  }

  #fill(event: Full): void {
    this.#fulls++;
    this.#full.add(event);
  }

  /** A worker that died, and what came of the request that it had. */
  #crash(process: ProcessFacts, words: Vocabulary): Marker[] {
    if (!this.#crashed(process)) return [];
    const name = `${kindOf(process) === 'nginx' ? words.gateProcess.worker : words.worker} ${process.worker ?? process.pid}`;
    const end = process.signal === null ? `ended with code ${process.code}` : `killed by ${process.signal}`;
    const how = this.#why.get(process.pid) === 'harakiri' ? 'killed: it took too long' : end;
    const job = this.#index.jobs(process.pid).at(-1);
    const request = job && !job.served && job.to === process.exitAt ? this.#index.requests.byKey.get(job.key) : undefined;
    const failed = request?.hops.find((hop) => hop.stage === 'failed' && hop.t >= process.exitAt);
    const lost = request && failed ? `, request ${request.number} gets ${failed.status}` : '';
    return [{ t: process.exitAt, kind: 'crash', text: `${name} ${how}${lost}` }];
  }

  #crashed({ pid, ppid, role, exitAt, code, signal }: ProcessFacts): boolean {
    if (role !== 'worker' || !Number.isFinite(exitAt)) return false;
    const why = this.#why.get(pid);
    if (why) return why === 'died' || why === 'harakiri';
    const bad = signal !== null || code !== 0;
    const stopped =
      this.#signalled.get(pid)?.has(ppid) || (this.#index.processes.byPid.get(ppid)?.toldToEnd ?? Number.POSITIVE_INFINITY) <= exitAt;
    return bad && !stopped;
  }

  /** A master that was asked to reload, or, when nobody was seen to ask, that said anew what it is. */
  #reloads(process: ProcessFacts, words: Vocabulary): Marker[] {
    if (process.role !== 'master') return [];
    const hups = [...(this.#hups.get(process.pid) ?? [])];
    const unasked = process.said.slice(1).filter((t, i) => !hups.some((hup) => hup <= t && hup > (process.said[i] as number)));
    const name = kindOf(process) === 'nginx' ? words.gate : words.pool;
    return [...hups, ...unasked].map((t) => ({ t, kind: 'reload', text: `${name} reloads` }));
  }

  #queues(words: Vocabulary): Marker[] {
    const spells = new Map<string, { t: number; last: number; refused: number }[]>();
    const listeners = [...this.#index.processes.listeners.values()];
    for (const event of this.#full.items) {
      const listener = event.type === 'conn.queued' ? this.#index.processes.listeners.get(event.listener) : undefined;
      if (event.type === 'conn.queued' && (!listener || event.waiting < listener.backlog)) continue;
      const address = event.type === 'conn.failed' ? event.address : (listener?.address ?? '');
      const refused = event.type === 'conn.failed' ? 1 : 0;
      const past = spells.get(address) ?? [];
      const spell = past.at(-1);
      if (spell && event.t - spell.last <= LULL) {
        spell.last = event.t;
        spell.refused += refused;
      } else spells.set(address, [...past, { t: event.t, last: event.t, refused }]);
    }
    return [...spells].flatMap(([address, all]) =>
      all.map(({ t, refused }) => {
        const backlog = listeners.find((listener) => listener.address === address && listener.from <= t && t < listener.to)?.backlog;
        const limit = backlog === undefined ? '' : `: ${backlog} wait`;
        return { t, kind: 'full', text: `${words.queue} of ${address} full${limit}${refused ? `, ${refused} refused` : ''}` };
      }),
    );
  }
}

function note(facts: Map<number, Set<number>>, pid: number, value: number): void {
  const known = facts.get(pid);
  if (known) known.add(value);
  else facts.set(pid, new Set([value]));
}

const known = new WeakMap<TraceLog, Marks>();

/** The markers of a log by time, with a short text for each in these words. The same list as long as nothing changed. */
export function markersOf(log: TraceLog, words: Vocabulary): readonly Marker[] {
  indexOf(log);
  let marks = known.get(log);
  if (!marks || marks.whole !== log.whole) {
    marks = new Marks(log);
    known.set(log, marks);
  }
  return marks.list(words);
}
