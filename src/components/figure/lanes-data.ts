/**
 * What the lanes show of a stretch of time, in trace time (ms) and without a pixel: a lane for the visitor, one for nginx and one
 * for each worker with the spans of requests in it, and how many waited. Pure; it looks only at what lies in the stretch.
 */
import type { TraceLog } from '../../trace/log.ts';
import type { ProcessFacts } from '../../trace/processes.ts';
import type { Job, RequestTrace } from '../../trace/requests.ts';
import { countUntil } from '../../trace/search.ts';
import type { TraceIndex } from '../../trace/trace-index.ts';
import { indexOf } from '../../trace/trace-index.ts';

export interface Span {
  readonly request: RequestTrace;
  readonly from: number;
  /** Infinity while nothing says that it is over. */
  readonly to: number;
  /** At work, in line, or on its way from the visitor and back. */
  readonly kind: 'work' | 'wait' | 'way';
}

/** A process in its lane: replaced, another one goes on in the same lane. */
export interface Life {
  readonly pid: number;
  readonly from: number;
  readonly ready: number;
  readonly to: number;
  /** It was killed. */
  readonly killed: boolean;
}

export interface Lane {
  readonly id: string;
  /** Number of the worker; null for the visitor and nginx. */
  readonly worker: number | null;
  readonly spans: readonly Span[];
  readonly lives: readonly Life[];
}

/** From `t` on so many wait. */
interface Depth {
  readonly t: number;
  readonly waiting: number;
}

export interface Stretch {
  readonly lanes: readonly Lane[];
  readonly depths: readonly Depth[];
  /** Whether it is known who waits: of the real servers it is not. */
  readonly queueSeen: boolean;
  /** How many may wait; null when nobody listened. */
  readonly limit: number | null;
}

/** The stretch of `log` between two trace times. */
export function stretchOf(log: TraceLog, from: number, to: number): Stretch {
  const index = indexOf(log);
  const { requests } = index;
  const inside = [...requests.active(from), ...requests.list.slice(requests.begun(from), requests.begun(to))];
  const waits = inside.flatMap(waitsOf);
  const work = workOf(index, from, to);
  return {
    lanes: [
      { id: 'visitor', worker: null, lives: [], spans: inside.map((request) => span(request, request.start, request.end, 'way')) },
      {
        id: 'nginx',
        worker: null,
        lives: livesOf(index, ({ server, role }) => server === 'nginx' && role === 'worker'),
        spans: gateSpans(inside, waits),
      },
      ...workersOf(index).map((worker) => workerLane(index, worker, work)),
    ],
    depths: depthsOf(waits),
    queueSeen: log.header?.real === undefined,
    limit:
      [...index.processes.listeners.values()].findLast((one) => index.processes.server(one) === 'uwsgi' && one.from <= to)?.backlog ?? null,
  };
}

const span = (request: RequestTrace, from: number, to: number, kind: Span['kind']): Span => ({ request, from, to, kind });

/** When a request stood in the line of the workers' socket; after a failure it may have stood there twice. */
function waitsOf(request: RequestTrace): Span[] {
  return request.hops.flatMap((hop, at) =>
    hop.stage === 'queued' ? [span(request, hop.t, request.hops[at + 1]?.t ?? Number.POSITIVE_INFINITY, 'wait')] : [],
  );
}

/** In nginx: what it holds, with the part that waits in line on top. */
function gateSpans(inside: readonly RequestTrace[], waits: readonly Span[]): Span[] {
  const held = inside.flatMap((request) => {
    const gate = request.hops.find((hop) => hop.stage === 'gate');
    if (!gate) return [];
    const last = request.hops.findLast((hop) => hop.stage === 'response');
    return [span(request, gate.t, last?.t ?? request.end, 'way')];
  });
  return [...held, ...waits].sort((a, b) => a.from - b.from);
}

function workersOf(index: TraceIndex): number[] {
  const numbers = [...index.processes.byPid.values()].flatMap(({ server, worker }) =>
    server === 'uwsgi' && worker !== null ? [worker] : [],
  );
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function livesOf(index: TraceIndex, wanted: (process: ProcessFacts) => boolean): Life[] {
  return [...index.processes.byPid.values()]
    .filter(wanted)
    .sort((a, b) => a.start - b.start || a.pid - b.pid)
    .map(({ pid, start, readyAt, exitAt, signal }) => ({ pid, from: start, ready: readyAt, to: exitAt, killed: signal !== null }));
}

function workerLane(index: TraceIndex, worker: number, work: ReadonlyMap<number, readonly Span[]>): Lane {
  const lives = livesOf(index, (process) => process.server === 'uwsgi' && process.worker === worker);
  return { id: `worker ${worker}`, worker, lives, spans: lives.flatMap(({ pid }) => work.get(pid) ?? []) };
}

/** What the processes work at, by pid: also for requests that are over, when nobody waits for the answer any more. */
function workOf(index: TraceIndex, from: number, to: number): Map<number, Span[]> {
  const work = new Map<number, Span[]>();
  for (const pid of index.processes.byPid.keys()) {
    const jobs = index.jobs(pid);
    const spans: Span[] = [];
    // one after the other, but for those that took no time on a coarse clock: the first that ends before is the last to look at
    for (let at = countUntil(jobs, to, (job) => job.from) - 1; at >= 0; at--) {
      const job = jobs[at] as Job;
      if (job.to < from) break;
      const request = index.requests.byKey.get(job.key);
      if (request && job.to > from) spans.unshift(span(request, job.from, job.to, 'work'));
    }
    if (spans.length > 0) work.set(pid, spans);
  }
  return work;
}

function depthsOf(waits: readonly Span[]): Depth[] {
  const steps = waits.flatMap(({ from, to }) =>
    Number.isFinite(to)
      ? [
          { t: from, by: 1 },
          { t: to, by: -1 },
        ]
      : [{ t: from, by: 1 }],
  );
  let waiting = 0;
  return steps
    .sort((a, b) => a.t - b.t || a.by - b.by)
    .map(({ t, by }) => {
      waiting += by;
      return { t, waiting };
    });
}
