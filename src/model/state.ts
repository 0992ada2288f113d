/** The model of IIS at one moment, looked up in what it wrote down: a state does not depend on how the moment was reached. */
import { countUntil, self } from '../trace/search.ts';
import type { Iis } from './iis.ts';
import type { Outcome, ProcessRecord, RequestRecord } from './records.ts';
import { CORES } from './steps.ts';

/** `starting`: loads the app; `draining`: finishes what it has and takes nothing new; `dead`: crashed or killed, and no other runs. */
export type ProcessState = 'starting' | 'idle' | 'busy' | 'draining' | 'dead';

export interface ProcessView {
  readonly id: number;
  readonly room: number;
  readonly state: ProcessState;
  readonly threads: number;
  /** The requests in it, by seat. */
  readonly running: readonly RequestRecord[];
  readonly served: number;
  readonly record: ProcessRecord;
}

export interface IisState {
  readonly t: number;
  /** The first to be taken first. */
  readonly waiting: readonly RequestRecord[];
  readonly running: readonly RequestRecord[];
  readonly processes: readonly ProcessView[];
  /** The last that got a 503. */
  readonly refused: readonly RequestRecord[];
  /** WAS has taken the pool out of service. */
  readonly stopped: boolean;
  readonly over: Readonly<Record<Outcome, number>>;
}

/** Of those that were refused, so many are kept in sight. */
const LAST = 20;

/** The state at `t` (ms, trace time). */
export function stateAt(iis: Iis, t: number): IisState {
  iis.advance(t);
  const waiting: RequestRecord[] = [];
  const running: RequestRecord[] = [];
  const refused: RequestRecord[] = [];
  const over: Record<Outcome, number> = { done: 0, full: 0, stopped: 0, lost: 0 };
  const begun = countUntil(iis.requests, t, (record) => record.arrival.t);
  for (let i = 0; i < begun; i++) {
    const record = iis.requests[i] as RequestRecord;
    if (record.end <= t) {
      if (record.outcome) over[record.outcome]++;
      if (record.outcome === 'full' || record.outcome === 'stopped') refused.push(record);
    } else if (record.start <= t) running.push(record);
    else waiting.push(record);
  }
  const records = iis.processes.filter((process) => process.start <= t);
  const shown = records.filter((process) => process.end > t);
  const last = records.at(-1);
  if (shown.length === 0 && last && (last.why === 'crashed' || last.why === 'killed')) shown.push(last);
  return {
    t,
    waiting,
    running,
    refused: refused.slice(-LAST),
    processes: shown.map((process) => processView(process, running, t)),
    stopped: iis.stoppedAt <= t,
    over,
  };
}

function processView(record: ProcessRecord, all: readonly RequestRecord[], t: number): ProcessView {
  const running = all.filter((one) => one.process === record.id).sort((a, b) => a.seat - b.seat);
  return {
    id: record.id,
    room: record.room,
    state: stateOf(record, running.length, t),
    threads: CORES + countUntil(record.grew, t, self),
    running,
    served: countUntil(record.finished, t, self),
    record,
  };
}

function stateOf(record: ProcessRecord, running: number, t: number): ProcessState {
  if (record.end <= t) return 'dead';
  if (record.drain <= t) return 'draining';
  if (record.ready > t) return 'starting';
  return running > 0 ? 'busy' : 'idle';
}
