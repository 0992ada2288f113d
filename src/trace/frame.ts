/**
 * The state of everything at one moment: `frameAt(log, t)`. It looks things up by time and replays nothing, so a frame
 * is the same whether playing, stepping or dragging led to it.
 */

import type { Hop, Stage } from './hops.ts';
import type { TraceLog } from './log.ts';
import type { ListenerFacts, ProcessFacts } from './processes.ts';
import { kindOf } from './processes.ts';
import type { Job, RequestTrace } from './requests.ts';
import { countUntil, lastUntil, self } from './search.ts';
import type { Outcome, TraceIndex } from './trace-index.ts';
import { indexOf, OUTCOMES } from './trace-index.ts';

/** `stuck`: still at work though nobody waits for the answer any more, or for longer than ten seconds. */
export type ProcessState = 'starting' | 'idle' | 'busy' | 'stuck' | 'dying' | 'dead' | 'respawning';

export interface ProcessFrame {
  readonly pid: number;
  readonly ppid: number;
  readonly program: string;
  readonly role: 'master' | 'worker' | null;
  readonly server: 'nginx' | 'uwsgi' | null;
  readonly worker: number | null;
  readonly state: ProcessState;
  /** Requests this process has answered: one that takes the place of a dead one begins at 0. */
  readonly served: number;
  /** The request in it and since when. */
  readonly request: string | null;
  readonly since: number;
}

export interface ListenerFrame {
  readonly id: number;
  readonly address: string;
  readonly backlog: number;
  readonly server: string;
  /** Keys of the requests that wait, first in line first. */
  readonly waiting: readonly string[];
  /** Connections that still stand in the queue though their client has gone. */
  readonly givenUp: number;
}

export interface RequestFrame {
  readonly key: string;
  readonly number: number;
  readonly stage: Stage;
  readonly since: number;
  /** 0..1 on the way to the next hop; 0 while the next hop is not known. */
  readonly progress: number;
  /** Pid of the worker it is with, goes to or comes from. */
  readonly pid: number | null;
  /** Its number among the workers. */
  readonly worker: number | null;
  readonly listener: number | null;
  /** Place in the waiting line from 1; null when it does not wait. */
  readonly place: number | null;
  /** What the answer will say, from the moment that is known. */
  readonly status: number | null;
  readonly stageBefore: Stage | null;
  readonly trace: RequestTrace;
}

export interface Frame {
  readonly t: number;
  /** Processes alive, and dead ones of a server that nobody has replaced. */
  readonly processes: readonly ProcessFrame[];
  readonly gate: ProcessFrame | null;
  /** The first process of the uwsgi that runs now, or ran last; null when that one works without a master. */
  readonly master: ProcessFrame | null;
  /** The workers of that uwsgi, one per worker id. */
  readonly workers: readonly ProcessFrame[];
  readonly listeners: readonly ListenerFrame[];
  /** Servers that had a socket, and nobody listens there any more. */
  readonly deserted: readonly string[];
  /** Every request that has begun and is not over. */
  readonly requests: readonly RequestFrame[];
  readonly answers: Readonly<Record<Outcome, number>>;
  /** Static files opened so far, the latest last (at most three, each once). */
  readonly files: readonly string[];
}

const STUCK_AFTER = 10_000;

/** The frame of `log` at `t` (ms since the sandbox started). */
export function frameAt(log: TraceLog, t: number): Frame {
  const index = indexOf(log);
  const requests = index.requests.active(t).map((trace) => requestFrame(trace, index, t));
  const listeners = [...index.processes.listeners.values()]
    .filter((listener) => listener.from <= t && t < listener.to)
    .sort((a, b) => a.id - b.id)
    .map((listener) => listenerFrame(listener, index, requests, t));
  const known = [...index.processes.byPid.values()]
    .filter((process) => process.start <= t)
    .sort((a, b) => a.start - b.start || a.pid - b.pid);
  const root = (process: ProcessFacts): ProcessFacts => index.processes.root(process);
  const pool = currentUwsgi(known, root, t);
  const slotOf = (process: ProcessFacts): string => `${process.server} ${root(process).pid} ${process.worker}`;
  const slots = new Map<string, ProcessFacts[]>();
  for (const process of known) {
    if (process.worker !== null) slots.set(slotOf(process), [...(slots.get(slotOf(process)) ?? []), process]);
  }
  const processes: ProcessFrame[] = [];
  for (const process of known) {
    const slot = slots.get(slotOf(process));
    if (process.exitAt <= t && kindOf(process) === 'uwsgi' && !(pool && isOf(process, pool, root, t))) continue;
    if (slot ? slot.at(-1) === process : process.exitAt > t || process.server)
      processes.push(processFrame(process, slot ?? [process], index, t));
  }
  const nginx = processes.filter((process) => process.server === 'nginx' || process.program === 'nginx');
  const lively = nginx.filter((process) => process.state !== 'dead');
  return {
    t,
    processes,
    gate: (lively.length ? lively : nginx).findLast((process) => process.role === 'worker') ?? lively.at(-1) ?? nginx.at(-1) ?? null,
    master: processes.find((process) => process.pid === pool?.pid && process.role !== 'worker') ?? null,
    workers: processes
      .filter(
        ({ pid, server, worker }) => server === 'uwsgi' && worker !== null && root(index.processes.byPid.get(pid) as ProcessFacts) === pool,
      )
      .sort((a, b) => (a.worker ?? 0) - (b.worker ?? 0)),
    listeners,
    deserted: desertedAt(index, listeners, t),
    requests,
    answers: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, countUntil(index.ends[outcome], t, self)])) as Record<Outcome, number>,
    files: lastFiles(index, t),
  };
}

/**
 * The uwsgi to show, by its first process: the newest that lives. One that has not said what it is gives way to one that
 * has, for it may be a mere `uwsgi --version` beside the server. When none lives, the one that was started last.
 */
function currentUwsgi(known: readonly ProcessFacts[], root: (process: ProcessFacts) => ProcessFacts, t: number): ProcessFacts | undefined {
  const all = known.filter((process) => kindOf(process) === 'uwsgi');
  const living = all.filter((process) => process.exitAt > t).map(root);
  const roots = (living.length ? living : all.map(root)).sort((a, b) => a.start - b.start || a.pid - b.pid);
  return (living.length ? roots.findLast((process) => process.roleAt <= t) : undefined) ?? roots.at(-1);
}

/** Is a process one of that uwsgi's, and not left from before its last reload? */
function isOf(process: ProcessFacts, pool: ProcessFacts, root: (process: ProcessFacts) => ProcessFacts, t: number): boolean {
  if (process === pool) return true;
  return root(process) === pool && process.start >= (lastUntil(pool.said, t, self) ?? 0);
}

function desertedAt(index: TraceIndex, open: readonly ListenerFrame[], t: number): string[] {
  const closed = [...index.processes.listeners.values()].filter((listener) => listener.to <= t);
  const servers = new Set(closed.map((listener) => index.processes.server(listener)));
  return [...servers].filter((server) => !open.some((listener) => listener.server === server));
}

/** Does anything move at `t`, or only time? */
export function isQuiet(frame: Frame): boolean {
  return frame.requests.length === 0 && !frame.processes.some((process) => process.state === 'busy' || process.state === 'stuck');
}

function requestFrame(trace: RequestTrace, index: TraceIndex, t: number): RequestFrame {
  const at = countUntil(trace.hops, t, (hop) => hop.t) - 1;
  const hop = trace.hops[at] as Hop;
  const next = trace.hops[at + 1];
  let pid: number | null = null;
  let status: number | null = null;
  for (const past of trace.hops.slice(0, at + 1)) {
    if (past.stage === 'accepted') pid = past.pid;
    else if (past.stage === 'upstream') pid = null;
    status = past.status ?? status;
  }
  return {
    key: trace.key,
    number: trace.number,
    stage: hop.stage,
    since: hop.t,
    progress: next ? (t - hop.t) / (next.t - hop.t) : 0,
    pid,
    worker: pid === null ? null : (index.processes.byPid.get(pid)?.worker ?? null),
    listener: hop.listener ?? null,
    place: null,
    status,
    stageBefore: trace.hops[at - 1]?.stage ?? null,
    trace,
  };
}

/** Also gives those who wait their place in the line. */
function listenerFrame(facts: ListenerFacts, index: TraceIndex, requests: RequestFrame[], t: number): ListenerFrame {
  const waiting = requests
    .filter((request) => request.stage === 'queued' && request.listener === facts.id)
    .sort((a, b) => a.since - b.since || a.trace.start - b.trace.start || (a.key < b.key ? -1 : 1));
  waiting.forEach((request, place) => {
    requests[requests.indexOf(request)] = { ...request, place: place + 1 };
  });
  return {
    id: facts.id,
    address: facts.address,
    backlog: facts.backlog,
    server: index.processes.server(facts),
    waiting: waiting.map((request) => request.key),
    givenUp: index.requests.givenUp(facts.id, t),
  };
}

function processFrame(process: ProcessFacts, slot: readonly ProcessFacts[], index: TraceIndex, t: number): ProcessFrame {
  const { pid, ppid, program, role, server, worker } = process;
  const job = lastUntil(index.jobs.get(pid) ?? [], t, (one) => one.from);
  const current = job && t < job.to ? job : undefined;
  return {
    pid,
    ppid,
    program,
    role,
    server,
    worker,
    state: stateOf(process, slot, current, index, t),
    served: countUntil(index.served.get(pid) ?? [], t, self),
    request: current?.key ?? null,
    since: current?.from ?? process.start,
  };
}

function stateOf(process: ProcessFacts, slot: readonly ProcessFacts[], job: Job | undefined, index: TraceIndex, t: number): ProcessState {
  if (process.exitAt <= t) return 'dead';
  if (process.toldToEnd <= t && process.exitAt !== Number.POSITIVE_INFINITY) return 'dying';
  if (job) {
    const answered = (index.requests.byKey.get(job.key)?.end ?? 0) <= t;
    return answered || t - job.from > STUCK_AFTER ? 'stuck' : 'busy';
  }
  const serves = ['nginx', 'uwsgi'].includes(kindOf(process));
  const up = process.server === 'uwsgi' && process.worker !== null ? process.readyAt <= t : !serves || process.roleAt <= t;
  if (up) return 'idle';
  return slot[0] === process ? 'starting' : 'respawning';
}

function lastFiles(index: TraceIndex, t: number): string[] {
  const found: string[] = [];
  for (let i = countUntil(index.files, t, (request) => request.file?.t ?? 0) - 1; i >= 0 && found.length < 3; i--) {
    const path = index.files[i]?.file?.path ?? '';
    if (!found.includes(path)) found.unshift(path);
  }
  return found;
}
