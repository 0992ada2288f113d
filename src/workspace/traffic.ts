/** Requests as a table shows them: who took each one, and where its time went. Pure; the joining is in src/trace/requests.ts. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { Requests, type RequestTrace } from '../trace/requests.ts';

export interface Row {
  readonly key: string;
  readonly number: number;
  readonly method: string;
  readonly url: string;
  /** 0 when no answer came, null while it is under way. */
  readonly status: number | null;
  /** The worker process that had it last, null when it never got to one. */
  readonly pid: number | null;
  readonly worker: number | null;
  /** Milliseconds, null for what did not happen or is not over. In the listen queue of the workers' socket: */
  readonly waited: number | null;
  /** in a worker: */
  readonly ran: number | null;
  /** from the client's first byte to the end of the answer: */
  readonly total: number | null;
}

/** Joins events to rows. */
export class Traffic {
  readonly #requests = new Requests();
  readonly #workers = new Map<number, number>();

  /** Takes a batch. */
  add(events: readonly TraceEvent[]): void {
    for (const event of events) {
      if (event.type === 'process.role' && event.role === 'worker' && event.worker !== undefined)
        this.#workers.set(event.pid, event.worker);
      this.#requests.apply(event);
    }
    this.#requests.settle();
  }

  /** The last `count` requests, newest first. */
  newest(count: number): Row[] {
    return this.#requests.list
      .slice(-count)
      .reverse()
      .map((request) => this.#row(request));
  }

  /** The request with that key (see requestKey), or null. */
  find(key: string): Row | null {
    const request = this.#requests.byKey.get(key);
    return request ? this.#row(request) : null;
  }

  #row(request: RequestTrace): Row {
    const { key, number, method, url, status } = request;
    const at = (stage: RequestTrace['hops'][number]['stage']) => request.hops.findLast((hop) => hop.stage === stage)?.t;
    const job = request.jobs.at(-1);
    const between = (from: number | undefined, to: number | undefined) =>
      from === undefined || to === undefined || !Number.isFinite(to) ? null : to - from;
    return {
      key,
      number,
      method,
      url,
      status,
      pid: job?.pid ?? null,
      worker: (job && this.#workers.get(job.pid)) ?? null,
      waited: between(at('queued'), at('accepted')),
      ran: between(job?.from, job?.to),
      total: between(request.start, request.end),
    };
  }
}
