/** What a reader wants to hear of, in order: the hops of requests, and the events of processes and sockets. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { compareEvents } from './log.ts';
import type { RequestTrace } from './requests.ts';
import { Sorted } from './sorted.ts';

/** Something that happened: a hop of a request, or an event of a process or a socket. */
export interface Moment {
  readonly t: number;
  readonly request?: RequestTrace;
  readonly hop?: number;
  readonly event?: TraceEvent;
}

/** Process events that are moments; the rest only sets state. */
const TOLD = new Set(['process.start', 'process.exit', 'process.signal', 'socket.listen', 'uwsgi.ready', 'uwsgi.respawn']);

export class Moments {
  readonly #list = new Sorted<Moment>(inOrder);

  get list(): readonly Moment[] {
    return this.#list.items;
  }

  tell(event: TraceEvent): void {
    if (TOLD.has(event.type)) this.#list.add({ t: event.t, event });
  }

  forget(event: TraceEvent): void {
    if (TOLD.has(event.type)) this.#list.remove({ t: event.t, event });
  }

  /** A request is known, known better, or forgotten. Hops that are as they were keep their moment. */
  change(before: RequestTrace | null, after: RequestTrace | null): void {
    const stays = (hop: number): boolean => before?.start === after?.start && before?.hops[hop]?.t === after?.hops[hop]?.t;
    before?.hops.forEach(({ t }, hop) => {
      const moment: Moment = { t, request: before, hop };
      if (!after || !stays(hop)) this.#list.remove(moment);
      else (this.#list.items[this.#list.place(moment)] as { request: RequestTrace }).request = after;
    });
    after?.hops.forEach(({ t }, hop) => {
      if (!before || !stays(hop)) this.#list.add({ t, request: after, hop });
    });
  }

  settle(): void {
    this.#list.settle();
  }
}

/** By time. What happened at the same time: first events, then the hops of requests by when these began, whatever came to be known first. */
function inOrder(a: Moment, b: Moment): number {
  if (a.t !== b.t) return a.t - b.t;
  if (a.request && b.request) {
    const { request: one, hop: i = 0 } = a;
    const { request: other, hop: j = 0 } = b;
    return one.start - other.start || (one.key < other.key ? -1 : one.key > other.key ? 1 : 0) || i - j;
  }
  if (a.request || b.request) return a.request ? 1 : -1;
  return compareEvents(a.event as TraceEvent, b.event as TraceEvent);
}
