/** What a run did second by second, from its trace: the numbers behind the charts. Pure, but that it keeps what cannot change any more. */
import type { TraceLog } from '../../trace/log.ts';
import { processesAt } from '../../trace/process-frames.ts';
import type { RequestTrace } from '../../trace/requests.ts';
import { indexOf, type TraceIndex } from '../../trace/trace-index.ts';

export interface Second {
  /** Seconds since the sandbox started, at its beginning. */
  readonly at: number;
  /** Requests that were answered in it, and that ended without an answer or with a 5xx. */
  readonly answers: number;
  readonly failed: number;
  /** So long it took until 50, 95 and 99 of 100 answers were there (ms), of those of the last SPREAD seconds; null without any. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** The most that waited for a worker at once, and the most workers that were busy at once. */
  readonly waiting: number;
  readonly busy: number;
  /** Workers there were at its end. */
  readonly workers: number;
}

/** Percentiles are of so many seconds: of one second alone they would jump. */
const SPREAD = 5;
/** Processes say things late: a second can change for so long. */
const SETTLED_AFTER = 3;

export function secondOf(log: TraceLog, at: number): Second {
  const index = indexOf(log);
  const from = at * 1000;
  const to = from + 1000;
  const requests = within(index, from, to);
  const ended = requests.filter(({ end }) => end >= from && end < to);
  const times = within(index, to - SPREAD * 1000, to)
    .filter(({ end, status }) => status && end >= to - SPREAD * 1000 && end < to)
    .map(({ start, end }) => end - start)
    .sort((a, b) => a - b);
  const failed = ended.filter(({ status }) => !status || status >= 500).length;
  return {
    at,
    answers: ended.length - failed,
    failed,
    p50: rank(times, 0.5),
    p95: rank(times, 0.95),
    p99: rank(times, 0.99),
    waiting: mostAtOnce(requests.flatMap(waits), from, to),
    busy: mostAtOnce(
      requests.flatMap(({ jobs }) => jobs.map((job) => [job.from, job.to] as const)),
      from,
      to,
    ),
    workers: processesAt(index, to).workers.filter(({ state }) => state !== 'dead').length,
  };
}

/** The last of a log's seconds. */
export class Seconds {
  readonly #log: TraceLog;
  readonly #known = new Map<number, Second>();

  constructor(log: TraceLog) {
    this.#log = log;
  }

  /** The `count` whole seconds before `now` (ms since the sandbox started), the oldest first; fewer when it has not run that long. */
  before(now: number, count: number): readonly Second[] {
    const end = Math.floor(now / 1000);
    const start = Math.max(0, end - count);
    for (const at of this.#known.keys()) if (at < start) this.#known.delete(at);
    return Array.from({ length: Math.max(0, end - start) }, (_, i) => this.#second(start + i, end));
  }

  #second(at: number, end: number): Second {
    const second = this.#known.get(at) ?? secondOf(this.#log, at);
    if (at < end - SETTLED_AFTER) this.#known.set(at, second);
    return second;
  }
}

/** The value that so large a part of the sorted ones does not exceed. */
export function rank(sorted: readonly number[], part: number): number | null {
  return sorted[Math.ceil(sorted.length * part) - 1] ?? null;
}

/** Requests that were under way at some time between, by start. */
function within(index: TraceIndex, from: number, to: number): RequestTrace[] {
  const { requests } = index;
  return [...requests.active(from), ...requests.list.slice(requests.begun(from), requests.begun(to))];
}

/** When it stood in the queue of the workers' socket. */
function waits({ hops }: RequestTrace): (readonly [number, number])[] {
  return hops.flatMap(({ stage, t }, i) => (stage === 'queued' ? [[t, hops[i + 1]?.t ?? Number.POSITIVE_INFINITY] as const] : []));
}

/** The most of these stretches of time that lay over one another between `from` and `to`. */
export function mostAtOnce(stretches: readonly (readonly [number, number])[], from: number, to: number): number {
  const steps = stretches
    .filter(([begin, end]) => begin < to && end > from)
    .flatMap(([begin, end]) => [
      [Math.max(begin, from), 1],
      [Math.min(end, to), -1],
    ])
    // who leaves makes room for who comes at the same time
    .sort(([a = 0, by = 0], [b = 0, other = 0]) => a - b || by - other);
  let now = 0;
  let most = 0;
  for (const [, by = 0] of steps) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}
