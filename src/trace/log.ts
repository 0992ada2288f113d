/**
 * The log of a run: every trace event, in order of (t, pid, seq) whatever order the batches arrive in.
 * Processes send their events when they get round to it, so a later batch may hold earlier events.
 *
 * A live log is a ring: when it has more events than its capacity, it drops a tenth of it at once, the oldest that no longer
 * hold (see ring.ts), and counts them. Whole finished requests go; what lives stays, however old its events are. From the time
 * `whole` on, frames and moments are those of a log that kept everything, and so are the counts of answers and of
 * requests served. An event from before that time which comes later still is dropped too.
 */

import type { EventType, TraceEvent, TraceHeader } from '../../sandboxes/host/events.ts';
import { TRACE_VERSION } from '../../sandboxes/host/events.ts';
import { whyNoEvent, whyNoHeader } from './fields.ts';
import { countWhile } from './search.ts';

/** This part of the capacity is dropped at once. */
const DROPPED_AT_ONCE = 0.1;

/** What makes a log a ring. */
export interface Ring {
  /** How many events it keeps. */
  readonly capacity: number;
  /** Which of the events `old`, all there are before `before`, go; `hard`: also such that still hold. Whoever knows the log forgets them. */
  drop(log: TraceLog, old: readonly TraceEvent[], before: number, hard: boolean): ReadonlySet<TraceEvent>;
}

/** An event of one type. */
export type Of<T extends EventType> = Extract<TraceEvent, { type: T }>;

type LogListener = (added: readonly TraceEvent[]) => void;

/** Where an event belongs. The type comes last: it only separates what is otherwise the same moment. */
export function compareEvents(a: TraceEvent, b: TraceEvent): number {
  return a.t - b.t || a.pid - b.pid || a.seq - b.seq || (a.type < b.type ? -1 : a.type > b.type ? 1 : 0);
}

export class TraceLog {
  /** What a stored trace says about itself; null for a live log. */
  readonly header: TraceHeader | null;
  readonly #ring: Ring | null;
  #events: TraceEvent[] = [];
  /** The same events in the order they arrived: a reader that keeps a position here never misses a late one. */
  #arrivals: TraceEvent[] = [];
  #listeners = new Set<LogListener>();
  #dropped = 0;
  #whole = Number.NEGATIVE_INFINITY;
  #version = 0;

  constructor(events: readonly TraceEvent[] = [], header: TraceHeader | null = null, ring: Ring | null = null) {
    this.header = header;
    this.#ring = ring;
    this.add(events);
  }

  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  /** Begun anew whenever events are dropped. */
  get arrivals(): readonly TraceEvent[] {
    return this.#arrivals;
  }

  /** How many events it keeps: Infinity when it is no ring. */
  get capacity(): number {
    return this.#ring?.capacity ?? Number.POSITIVE_INFINITY;
  }

  /** How many events were dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Time from which on nothing is missing, -Infinity as long as nothing was dropped. */
  get whole(): number {
    return this.#whole;
  }

  /** One more after every batch that added or dropped anything: two readings of the same version see the same log. */
  get version(): number {
    return this.#version;
  }

  /** Time of the last event, 0 for an empty log. */
  get end(): number {
    return this.#events.at(-1)?.t ?? 0;
  }

  /** Merges a batch. An event that is already there is left out, so a batch may be handed over twice. */
  add(batch: readonly TraceEvent[]): void {
    const incoming = inOrder(batch.filter((event) => event.t >= this.#whole));
    const late = batch.length - incoming.length;
    this.#dropped += late;
    if (late > 0) this.#version++;
    if (incoming.length === 0) return;
    const first = incoming[0] as TraceEvent;
    const from = countWhile(this.#events, (event) => compareEvents(event, first) < 0);
    const later = this.#events.splice(from);
    const added: TraceEvent[] = [];
    let next = 0;
    let last = this.#events.at(-1);
    const push = (event: TraceEvent, fresh: boolean): void => {
      if (last && compareEvents(last, event) === 0) return;
      this.#events.push(event);
      last = event;
      if (fresh) added.push(event);
    };
    for (const event of incoming) {
      while (next < later.length && compareEvents(later[next] as TraceEvent, event) <= 0) push(later[next++] as TraceEvent, false);
      push(event, true);
    }
    while (next < later.length) push(later[next++] as TraceEvent, false);
    if (added.length === 0) return;
    if (late === 0) this.#version++;
    for (const event of added) this.#arrivals.push(event);
    if (this.#events.length > this.capacity) this.#drop();
    for (const listener of this.#listeners) listener(added);
  }

  /** Calls `listener` after every batch that brought something new. Returns the function that stops it. */
  subscribe(listener: LogListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #drop(): void {
    const excess = this.#events.length - this.capacity;
    const step = excess + Math.ceil(this.capacity * DROPPED_AT_ONCE);
    // When little of the oldest is over, look further; when hardly anything is over in most of the log, what is not must go as well.
    for (let cut = step; cut < this.#events.length * 0.75 && this.#dropBefore(cut, false) < Math.max(excess, step / 2); ) cut += step;
    if (this.#events.length > this.capacity) this.#dropBefore(Math.max(step, Math.floor(this.#events.length / 2)), true);
  }

  /** Drops what can go of the first `cut` events. Returns how many went. */
  #dropBefore(cut: number, hard: boolean): number {
    if (!this.#ring) return 0;
    const before = this.#events[cut]?.t ?? this.end;
    const old = this.#events.slice(
      0,
      countWhile(this.#events, (event) => event.t < before),
    );
    const gone = this.#ring.drop(this, old, before, hard);
    this.#events = [...old.filter((event) => !gone.has(event)), ...this.#events.slice(old.length)];
    this.#arrivals = [];
    this.#dropped += gone.size;
    this.#whole = before;
    return gone.size;
  }

  /** Reads a stored trace: a header line, then one event a line. Errors name the line, and the field that is wrong. */
  static parse(text: string): TraceLog {
    let header: TraceHeader | null = null;
    const events: TraceEvent[] = [];
    text.split('\n').forEach((source, index) => {
      if (source.trim() === '') return;
      const fail = (why: string): never => {
        throw new Error(`trace, line ${index + 1}: ${why}`);
      };
      let value: Record<string, unknown> = {};
      try {
        value = JSON.parse(source) as Record<string, unknown>;
      } catch {
        fail('not JSON');
      }
      if (typeof value !== 'object' || value === null) fail('not an object');
      if (header === null) {
        if (value['kind'] !== 'recording') fail('the first line must be the header, {"v":1,"kind":"recording",…}');
        if (value['v'] !== TRACE_VERSION) fail(`version ${String(value['v'])}, this page reads version ${TRACE_VERSION}`);
        const wrong = whyNoHeader(value);
        if (wrong) fail(wrong);
        header = value as unknown as TraceHeader;
        return;
      }
      const wrong = whyNoEvent(value);
      if (wrong) fail(wrong);
      events.push(value as unknown as TraceEvent);
    });
    if (header === null) throw new Error('trace, line 1: the header is missing');
    return new TraceLog(events, header);
  }

  /** The stored form, in order, with a line end after the last line. */
  serialise(header: TraceHeader): string {
    return `${[header, ...this.#events].map((line) => JSON.stringify(line)).join('\n')}\n`;
  }
}

/** Sorts what is not sorted; a stored trace is. */
function inOrder(events: TraceEvent[]): TraceEvent[] {
  const isSorted = events.every((event, i) => i === 0 || compareEvents(events[i - 1] as TraceEvent, event) <= 0);
  return isSorted ? events : events.sort(compareEvents);
}
