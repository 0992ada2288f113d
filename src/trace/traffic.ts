/**
 * Requests as a table shows them: who took each one, and where its time went. The joining is in src/trace, the same for
 * the table as for the figure, so that both give a request the same number.
 */
import type { TraceLog } from './log.ts';
import type { RequestTrace } from './requests.ts';
import { indexOf } from './trace-index.ts';

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
  /** Nginx answered it from a file, or would have. */
  readonly isStatic: boolean;
  /** It stands in the listen queue now. */
  readonly waits: boolean;
  /** Milliseconds, null for what did not happen or is not over. In the listen queue of the workers' socket: */
  readonly waited: number | null;
  /** from the worker's call of the app to its return, or the worker's death: */
  readonly ran: number | null;
  /** from the client's first byte to the end of the answer. The parts of an answered request lie within it: */
  readonly total: number | null;
}

/** The rows of a log. */
export class Traffic {
  readonly #log: TraceLog;

  constructor(log: TraceLog) {
    this.#log = log;
  }

  /** The last `count` requests, newest first. */
  newest(count: number): Row[] {
    return indexOf(this.#log)
      .requests.list.slice(-count)
      .reverse()
      .map((request) => this.#row(request));
  }

  /** The request with that key (see requestKey), or null. */
  find(key: string): Row | null {
    const request = indexOf(this.#log).requests.byKey.get(key);
    return request ? this.#row(request) : null;
  }

  #row(request: RequestTrace): Row {
    const { key, number, method, url, status, start, end } = request;
    const at = (stage: RequestTrace['hops'][number]['stage']) => request.hops.findLast((hop) => hop.stage === stage)?.t;
    const job = request.jobs.at(-1);
    // A worker says that it is done when the answer is on its way, and the client may have it by then. But when the client
    // left without an answer the worker really went on.
    const last = status ? end : Number.POSITIVE_INFINITY;
    const between = (from: number | undefined, to: number | undefined) =>
      from === undefined || to === undefined || !Number.isFinite(to) ? null : Math.max(0, Math.min(to, last) - from);
    const called = job && job.called !== null ? Math.max(job.called, job.from) : undefined;
    return {
      key,
      number,
      method,
      url,
      status,
      pid: job?.pid ?? null,
      worker: (job && indexOf(this.#log).processes.byPid.get(job.pid)?.worker) ?? null,
      isStatic: request.file !== null,
      waits: request.hops.at(-1)?.stage === 'queued',
      waited: between(at('queued'), at('accepted')),
      ran: between(called, job?.to),
      total: between(start, end),
    };
  }
}
