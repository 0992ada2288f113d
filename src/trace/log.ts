/**
 * The log of a run: every trace event, in order of (t, pid, seq) whatever order the batches arrive in.
 * Processes send their events when they get round to it, so a later batch may hold earlier events.
 */

import type { TraceEvent, TraceHeader } from '../../sandboxes/host/events.ts';
import { TRACE_VERSION } from '../../sandboxes/host/events.ts';

export type LogListener = (added: readonly TraceEvent[]) => void;

/** Where an event belongs. The type comes last: it only separates what is otherwise the same moment. */
export function compareEvents(a: TraceEvent, b: TraceEvent): number {
  return a.t - b.t || a.pid - b.pid || a.seq - b.seq || (a.type < b.type ? -1 : a.type > b.type ? 1 : 0);
}

export class TraceLog {
  /** What a stored trace says about itself; null for a live log. */
  readonly header: TraceHeader | null;
  #events: TraceEvent[] = [];
  /** The same events in the order they arrived: a reader that keeps a position here never misses a late one. */
  #arrivals: TraceEvent[] = [];
  #listeners = new Set<LogListener>();

  constructor(events: readonly TraceEvent[] = [], header: TraceHeader | null = null) {
    this.header = header;
    this.add(events);
  }

  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  get arrivals(): readonly TraceEvent[] {
    return this.#arrivals;
  }

  /** Time of the last event, 0 for an empty log. */
  get end(): number {
    return this.#events.at(-1)?.t ?? 0;
  }

  /** Merges a batch. An event that is already there is left out, so a batch may be handed over twice. */
  add(batch: readonly TraceEvent[]): void {
    if (batch.length === 0) return;
    const incoming = [...batch].sort(compareEvents);
    const from = firstNotBefore(this.#events, incoming[0] as TraceEvent);
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
    for (const event of added) this.#arrivals.push(event);
    for (const listener of this.#listeners) listener(added);
  }

  /** Calls `listener` after every batch that brought something new. Returns the function that stops it. */
  subscribe(listener: LogListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads a stored trace: a header line, then one event a line. Errors name the line. */
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
        header = value as unknown as TraceHeader;
        return;
      }
      if (typeof value['type'] !== 'string') fail('an event needs a type');
      for (const field of ['t', 'pid', 'seq']) {
        if (!Number.isFinite(value[field])) fail(`${field} must be a number`);
      }
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

/** Index of the first event that does not come before `event`. */
function firstNotBefore(events: readonly TraceEvent[], event: TraceEvent): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareEvents(events[middle] as TraceEvent, event) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
