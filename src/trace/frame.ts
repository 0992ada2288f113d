/**
 * The state of everything at one moment: `frameAt(log, t)`. It looks things up by time and replays nothing, so a frame
 * is the same whether playing, stepping or dragging led to it.
 */

import type { Hop, Stage } from './hops.ts';
import type { TraceLog } from './log.ts';
import type { ProcessesFrame, ProcessFrame } from './process-frames.ts';
import { processesAt } from './process-frames.ts';
import type { ListenerFacts } from './processes.ts';
import type { RequestTrace } from './requests.ts';
import { countUntil } from './search.ts';
import type { Outcome, TraceIndex } from './trace-index.ts';
import { indexOf, OUTCOMES } from './trace-index.ts';

export type { ProcessFrame, ProcessState } from './process-frames.ts';

export interface ListenerFrame {
  readonly id: number;
  readonly address: string;
  readonly backlog: number;
  readonly server: string;
  /** Keys of the requests that wait, first in line first. */
  readonly waiting: readonly string[];
  /** Connections that still stand in the queue though their client has gone. */
  readonly givenUp: number;
  /** Connections through it that neither end has let go of, those in the queue included. */
  readonly open: number;
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

export interface Frame extends ProcessesFrame {
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
  /** Open connections: of clients to nginx, and of nginx to uwsgi. */
  readonly connections: { readonly clients: number; readonly upstream: number };
  /** Whether it is known who waits in a queue: of the real servers it is not, the kernel keeps that to itself. */
  readonly queueSeen: boolean;
  /** Every request that has begun and is not over. */
  readonly requests: readonly RequestFrame[];
  readonly answers: Readonly<Record<Outcome, number>>;
  /** Static files opened so far, the latest last (at most FILES, each once). */
  readonly files: readonly string[];
}

const FILES = 3;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The frame of `log` at `t` (ms since the sandbox started). */
export function frameAt(log: TraceLog, t: number): Frame {
  const index = indexOf(log);
  const requests = index.requests.active(t).map((trace) => requestFrame(trace, index, t));
  const listeners = openAt(index, t).map((facts) => listenerFrame(facts, index, requests, t));
  return {
    t,
    ...processesAt(index, t),
    listeners,
    deserted: desertedAt(index, listeners, t),
    connections: connectionsAt(index, t),
    queueSeen: log.header?.real === undefined,
    requests,
    answers: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, index.ended(outcome, t)])) as Record<Outcome, number>,
    files: index.lastFiles(t, FILES),
  };
}

/** Keys of the requests that wait at `t` in the queue of a listener, first in line first. */
export function waitingAt(log: TraceLog, listener: number, t: number): string[] {
  const index = indexOf(log);
  return inLine(
    index.requests.active(t).map((trace) => requestFrame(trace, index, t)),
    listener,
  ).map((request) => request.key);
}

/** Does anything move at `t`, or only time? */
export function isQuiet(frame: Frame): boolean {
  return frame.requests.length === 0 && !frame.processes.some((process) => process.state === 'busy' || process.state === 'stuck');
}

function openAt(index: TraceIndex, t: number): ListenerFacts[] {
  return [...index.processes.listeners.values()].filter((listener) => listener.from <= t && t < listener.to).sort((a, b) => a.id - b.id);
}

function desertedAt(index: TraceIndex, open: readonly ListenerFrame[], t: number): string[] {
  const closed = [...index.processes.listeners.values()].filter((listener) => listener.to <= t).sort((a, b) => a.id - b.id);
  const servers = new Set(closed.map((listener) => index.processes.server(listener)));
  return [...servers].filter((server) => !open.some((listener) => listener.server === server));
}

/** Those of closed listeners too: a connection outlives the socket through which it came. */
function connectionsAt(index: TraceIndex, t: number): Frame['connections'] {
  const count = { clients: 0, upstream: 0 };
  for (const listener of index.processes.listeners.values()) {
    const server = index.processes.server(listener);
    if (server === 'nginx') count.clients += index.connections.open(listener.id, t);
    else if (server === 'uwsgi') count.upstream += index.connections.open(listener.id, t);
  }
  return count;
}

function requestFrame(trace: RequestTrace, index: TraceIndex, t: number): Mutable<RequestFrame> {
  const at = countUntil(trace.hops, t, (hop) => hop.t) - 1;
  const hop = trace.hops[at] as Hop;
  const next = trace.hops[at + 1];
  let pid: number | null = null;
  let status: number | null = null;
  for (let i = 0; i <= at; i++) {
    const past = trace.hops[i] as Hop;
    if (past.stage === 'accepted' || past.stage === 'room') pid = past.pid;
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

function inLine(requests: readonly Mutable<RequestFrame>[], listener: number): Mutable<RequestFrame>[] {
  return requests
    .filter((request) => request.stage === 'queued' && request.listener === listener)
    .sort((a, b) => a.since - b.since || a.trace.start - b.trace.start || (a.key < b.key ? -1 : 1));
}

/** Also gives those who wait their place in the line. */
function listenerFrame(facts: ListenerFacts, index: TraceIndex, requests: readonly Mutable<RequestFrame>[], t: number): ListenerFrame {
  const waiting = inLine(requests, facts.id);
  waiting.forEach((request, place) => {
    request.place = place + 1;
  });
  return {
    id: facts.id,
    address: facts.address,
    backlog: facts.backlog,
    server: index.processes.server(facts),
    waiting: waiting.map((request) => request.key),
    givenUp: index.connections.givenUp(facts.id, t),
    open: index.connections.open(facts.id, t),
  };
}
