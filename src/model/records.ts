/** What the model of IIS writes down of every request and every process, and what it needs to go on. */
import type { Arrival } from './arrivals.ts';

export const NEVER = Number.POSITIVE_INFINITY;

/** `full` and `stopped` are a 503 by HTTP.sys; `lost` went down with its process. */
export type Outcome = 'done' | 'full' | 'stopped' | 'lost';

export interface RequestRecord {
  readonly arrival: Arrival;
  /** When a thread took it, when it was over (ms); NEVER while not. */
  start: number;
  end: number;
  outcome: Outcome | null;
  /** Id of its process, and which of the threads there, from 1. */
  process: number;
  seat: number;
}

export interface ProcessRecord {
  readonly id: number;
  /** Which place it takes among those that live, from 1. */
  readonly room: number;
  readonly start: number;
  /** From then on it takes requests, until `drain`. */
  readonly ready: number;
  up: boolean;
  drain: number;
  end: number;
  why: 'idle' | 'recycled' | 'crashed' | 'killed' | null;
  /** Id of the process it takes over from; 0 for none. */
  readonly replaces: number;
  recycling: boolean;
  threads: number;
  /** When a thread came to those it began with. */
  grew: number[];
  /** Positions of the requests in it. */
  running: number[];
  /** When it completed a request. */
  finished: number[];
  /** How many requests went down with it. */
  lost: number;
  idleSince: number;
  /** Since when requests wait while all its threads are taken. */
  fullSince: number;
}

export interface State {
  now: number;
  /** Positions of the requests in the queue, the first to be taken first. */
  queue: number[];
  /** Ids of the processes that live. */
  alive: number[];
  /** How many processes there have been. */
  born: number;
  /** How many arrivals and deeds have been taken. */
  arrived: number;
  deeds: number;
  /** The process that took the last request. */
  last: number;
  crashes: number[];
  stopped: boolean;
}

export function freshState(running: boolean): State {
  return { now: Number.NEGATIVE_INFINITY, queue: [], alive: [], born: 0, arrived: 0, deeds: 0, last: 0, crashes: [], stopped: !running };
}

/** A copy that shares no list with the original. */
export function copyOf<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, Array.isArray(one) ? [...one] : one])) as T;
}

/** The lowest number from 1 that nobody has. */
export function lowestFree(taken: readonly number[]): number {
  let free = 1;
  while (taken.includes(free)) free++;
  return free;
}
