/**
 * A log in the Trace Event Format, which Perfetto (ui.perfetto.dev) and chrome://tracing open. The format is described in
 * "Trace Event Format", https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 * Used of it: M (names), X (spans), s/t/f (flows, one for each request), C (counters), i (instants). Times are in microseconds.
 *
 * Spans on one thread must nest, and a server that has several requests at once has spans that do not: so each process gets
 * as many "threads" as it ever had requests at once.
 */
import type { TraceLog } from './log.ts';
import type { ProcessFacts } from './processes.ts';
import { kindOf } from './processes.ts';
import type { Job, RequestTrace } from './requests.ts';
import { pathOf } from './text.ts';
import type { TraceIndex } from './trace-index.ts';
import { indexOf } from './trace-index.ts';

interface ChromeEvent {
  readonly ph: 'M' | 'X' | 's' | 't' | 'f' | 'C' | 'i';
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  /** A flow event belongs to the span around it. */
  readonly bp?: 'e';
  /** An instant concerns its process. */
  readonly s?: 'p';
  readonly args?: Readonly<Record<string, string | number | null>>;
}

/** A request's time in one process, in microseconds. */
interface Span {
  readonly request: RequestTrace;
  readonly kind: 'client' | 'nginx' | 'worker';
  readonly pid: number;
  readonly from: number;
  readonly to: number;
  readonly job?: Job;
}

/** The events of one process that concern it as a whole. */
const MAIN = 0;

const micros = (t: number): number => Math.round(t * 1000);

/** The log as one JSON text. */
export function chromeTrace(log: TraceLog): string {
  const index = indexOf(log);
  const ofRequests = index.requests.list.map((request) => ({ request, spans: spansOf(request, log.end) }));
  const spans = ofRequests.flatMap((one) => one.spans);
  const lanes = lanesOf(spans);
  const events = [
    ...spans.flatMap((span) => spanEvents(span, lanes.get(span) ?? MAIN)),
    ...ofRequests.flatMap((one) => flowOf(one.request, one.spans, lanes)),
    ...countersOf(log, index),
    ...instantsOf(log),
  ].sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  return JSON.stringify({
    traceEvents: [...namesOf(index, spans, lanes), ...events],
    displayTimeUnit: 'ms',
    otherData: { dropped: log.dropped },
  });
}

/** Where a request was: with its client from beginning to end, in nginx from the gate to the answer, with each worker that took it. */
function spansOf(request: RequestTrace, last: number): Span[] {
  const end = Number.isFinite(request.end) ? request.end : Math.max(last, request.hops.at(-1)?.t ?? last);
  const gate = request.hops.find((hop) => hop.stage === 'gate');
  const response = request.hops.find((hop) => hop.stage === 'response');
  const spans: Span[] = [{ request, kind: 'client', pid: request.client, from: micros(request.start), to: micros(end) }];
  if (gate) spans.push({ request, kind: 'nginx', pid: gate.pid, from: micros(gate.t), to: micros(response?.t ?? end) });
  for (const job of request.jobs)
    spans.push({
      request,
      kind: 'worker',
      pid: job.pid,
      from: micros(job.from),
      to: micros(Math.max(job.from, Math.min(job.to, last))),
      job,
    });
  return spans;
}

/** A thread for each span, from 1, so that no two of one thread overlap. */
function lanesOf(spans: readonly Span[]): ReadonlyMap<Span, number> {
  const lanes = new Map<Span, number>();
  const free = new Map<number, number[]>();
  for (const span of [...spans].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const ends = free.get(span.pid) ?? [];
    const found = ends.findIndex((end) => end <= span.from);
    const lane = found === -1 ? ends.length : found;
    ends[lane] = span.to;
    free.set(span.pid, ends);
    lanes.set(span, lane + 1);
  }
  return lanes;
}

function spanEvents({ request, kind, pid, from, to, job }: Span, tid: number): ChromeEvent[] {
  const { number, key, method, url, status, reason } = request;
  const args = { request: number, key, status, ...(reason ? { reason } : {}) };
  const whole: ChromeEvent = {
    ph: 'X',
    name: `${number} ${method} ${pathOf(url)}`,
    cat: kind,
    pid,
    tid,
    ts: from,
    dur: to - from,
    args,
  };
  if (job?.called == null) return [whole];
  const called = Math.min(to, Math.max(from, micros(job.called)));
  return [whole, { ph: 'X', name: 'WSGI', cat: 'wsgi', pid, tid, ts: called, dur: to - called }];
}

/** One arrow from process to process, from the client and back to it. */
function flowOf(request: RequestTrace, spans: readonly Span[], lanes: ReadonlyMap<Span, number>): ChromeEvent[] {
  const flow = (ph: 's' | 't' | 'f', span: Span, ts: number): ChromeEvent => ({
    ph,
    name: 'request',
    cat: 'request',
    id: request.number,
    bp: 'e',
    pid: span.pid,
    tid: lanes.get(span) ?? MAIN,
    ts,
  });
  const [client, ...others] = spans as [Span, ...Span[]];
  const nginx = others.find((span) => span.kind === 'nginx');
  const steps = others.map((span) => flow('t', span, span.from));
  for (const hop of request.hops)
    if (nginx && (hop.stage === 'returned' || hop.stage === 'failed')) steps.push(flow('t', nginx, Math.min(micros(hop.t), nginx.to)));
  // the very end of a span would be outside of it
  const end = flow('f', client, Math.max(client.from, client.to - 1));
  return [flow('s', client, client.from), ...steps.filter((step) => step.ts <= end.ts).sort((a, b) => a.ts - b.ts), end];
}

/** The length of each listen queue, as the kernel said it. */
function countersOf(log: TraceLog, index: TraceIndex): ChromeEvent[] {
  return log.events.flatMap((event): ChromeEvent[] => {
    if (event.type !== 'conn.queued' && event.type !== 'conn.accepted') return [];
    const listener = index.processes.listeners.get(event.listener);
    const name = `listen queue ${listener?.address ?? event.listener}`;
    return [{ ph: 'C', name, pid: listener?.pid ?? event.pid, tid: MAIN, ts: micros(event.t), args: { waiting: event.waiting } }];
  });
}

function instantsOf(log: TraceLog): ChromeEvent[] {
  return log.events.flatMap((event): ChromeEvent[] => {
    const instant = { ph: 'i', s: 'p', pid: event.pid, tid: MAIN, ts: micros(event.t) } as const;
    if (event.type === 'process.signal') return [{ ...instant, name: event.signal, cat: 'signal', args: { from: event.from } }];
    if (event.type !== 'process.exit') return [];
    return [{ ...instant, name: event.signal ? `killed by ${event.signal}` : `exit ${event.code}`, cat: 'exit' }];
  });
}

function namesOf(index: TraceIndex, spans: readonly Span[], lanes: ReadonlyMap<Span, number>): ChromeEvent[] {
  const named = (name: string, pid: number, tid: number, args: Readonly<Record<string, string | number>>): ChromeEvent => ({
    ph: 'M',
    name,
    pid,
    tid,
    ts: 0,
    args,
  });
  const threads = new Map<number, number>();
  for (const span of spans) threads.set(span.pid, Math.max(threads.get(span.pid) ?? 0, lanes.get(span) ?? 0));
  for (const { pid } of index.processes.list) if (!threads.has(pid)) threads.set(pid, 0);
  return [...threads].flatMap(([pid, count]) => [
    named('process_name', pid, MAIN, { name: nameOf(index.processes.byPid.get(pid)) }),
    named('process_sort_index', pid, MAIN, { sort_index: pid }),
    named('thread_name', pid, MAIN, { name: 'process' }),
    ...Array.from({ length: count }, (_, i) => named('thread_name', pid, i + 1, { name: i === 0 ? 'requests' : `requests ${i + 1}` })),
  ]);
}

function nameOf(process: ProcessFacts | undefined): string {
  if (!process) return 'clients';
  const name = kindOf(process) || 'process';
  if (process.role === 'worker') return `${name} worker ${process.worker ?? ''}`.trim();
  return process.role ? `${name} ${process.role}` : name;
}
