/** What a reader wants to hear of, in order: the hops of requests, and the events of processes and sockets. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { compareEvents } from './log.ts';
import type { RequestTrace } from './requests.ts';
import { Sorted } from './sorted.ts';

/** Something that happened: a hop of a request, what happened to it when it was over (a position in `late`), or an event of a process or a socket. */
export interface Moment {
  readonly t: number;
  readonly request?: RequestTrace;
  readonly hop?: number;
  readonly late?: number;
  readonly event?: TraceEvent;
}

/** Process events that are moments; the rest only sets state. */
const TOLD = new Set(['process.start', 'process.exit', 'process.signal', 'socket.listen', 'uwsgi.ready', 'uwsgi.respawn']);

/** Where a request has what such a moment is about. */
const LISTS = { hop: 'hops', late: 'late' } as const;

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

  /** A request is known, known better, or forgotten. What is as it was keeps its moment. */
  change(before: RequestTrace | null, after: RequestTrace | null): void {
    for (const kind of ['hop', 'late'] as const) {
      const was = before?.[LISTS[kind]] ?? [];
      const is = after?.[LISTS[kind]] ?? [];
      const stays = (at: number): boolean => before?.start === after?.start && was[at]?.t === is[at]?.t;
      was.forEach(({ t }, at) => {
        const moment: Moment = { t, request: before as RequestTrace, [kind]: at };
        if (!after || !stays(at)) this.#list.remove(moment);
        else (this.#list.items[this.#list.place(moment)] as { request: RequestTrace }).request = after;
      });
      is.forEach(({ t }, at) => {
        if (!before || !stays(at)) this.#list.add({ t, request: after as RequestTrace, [kind]: at });
      });
    }
  }

  settle(): void {
    this.#list.settle();
  }
}

/** By time. What happened at the same time: first events, then the hops of requests by when these began, whatever came to be known first. */
function inOrder(a: Moment, b: Moment): number {
  if (a.t !== b.t) return a.t - b.t;
  if (a.request && b.request) {
    const { request: one, hop: i, late: k = 0 } = a;
    const { request: other, hop: j, late: l = 0 } = b;
    // what came late came after all its hops
    const place = (hop: number | undefined, late: number): number => hop ?? one.hops.length + other.hops.length + late;
    return one.start - other.start || (one.key < other.key ? -1 : one.key > other.key ? 1 : 0) || place(i, k) - place(j, l);
  }
  if (a.request || b.request) return a.request ? 1 : -1;
  return compareEvents(a.event as TraceEvent, b.event as TraceEvent);
}
