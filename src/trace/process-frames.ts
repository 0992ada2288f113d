/** The processes at one moment: which are shown, and what each is doing. */
import type { ProcessFacts, Slot } from './processes.ts';
import { kindOf, later } from './processes.ts';
import type { Job, RequestTrace } from './requests.ts';
import { countUntil, lastUntil, self } from './search.ts';
import type { TraceIndex } from './trace-index.ts';

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
  /** How many bytes of memory it said it has; null before it said so. */
  readonly memory: number | null;
  /** The request in it and since when. */
  readonly request: string | null;
  /** That request; it may be over, and nobody waits for the answer any more. */
  readonly trace: RequestTrace | null;
  readonly since: number;
}

/** What of a frame is about processes: see Frame. */
export interface ProcessesFrame {
  readonly processes: readonly ProcessFrame[];
  readonly gate: ProcessFrame | null;
  readonly master: ProcessFrame | null;
  readonly workers: readonly ProcessFrame[];
}

const STUCK_AFTER = 10_000;
/** The coarsest clock of a browser, in milliseconds. */
const CLOCK = 1;

export function processesAt(index: TraceIndex, t: number): ProcessesFrame {
  const { processes: facts } = index;
  const known = facts.list.slice(
    0,
    countUntil(facts.list, t, (process) => process.start),
  );
  const pool = currentUwsgi(known, index, t);
  const front = latestNginx(known, index, t);
  const processes: ProcessFrame[] = [];
  const workers: ProcessFrame[] = [];
  for (const process of known) {
    const slot = facts.slot(process);
    if (slot ? isReplaced(process, slot, t) : process.exitAt <= t && !process.server) continue;
    const kind = kindOf(process);
    if (process.exitAt <= t && kind === 'uwsgi' && !(pool && isOf(process, pool, index, t))) continue;
    if (process.exitAt <= t && kind === 'nginx' && front && facts.root(process).start < front.start) continue;
    const frame = processFrame(process, slot ?? [process], index, t);
    processes.push(frame);
    if (frame.server === 'uwsgi' && frame.worker !== null && facts.root(process) === pool) workers.push(frame);
  }
  const nginx = processes.filter((process) => process.server === 'nginx' || process.program === 'nginx');
  const lively = nginx.filter((process) => process.state !== 'dead');
  return {
    processes,
    gate: (lively.length ? lively : nginx).findLast((process) => process.role === 'worker') ?? lively.at(-1) ?? nginx.at(-1) ?? null,
    master: processes.find((process) => process.pid === pool?.pid && process.role !== 'worker') ?? null,
    workers: workers.sort((a, b) => (a.worker ?? 0) - (b.worker ?? 0)),
  };
}

/** Has the next process of its slot started? */
function isReplaced(process: ProcessFacts, slot: Slot, t: number): boolean {
  const next = slot[slot.indexOf(process) + 1];
  return next !== undefined && next.start <= t;
}

/**
 * The uwsgi to show, by its first process: the newest that lives. One that has not said what it is gives way to one that
 * has, for it may be a mere `uwsgi --version` beside the server. When none lives, the one that was started last.
 */
function currentUwsgi(known: readonly ProcessFacts[], index: TraceIndex, t: number): ProcessFacts | undefined {
  let last: ProcessFacts | undefined;
  let living: ProcessFacts | undefined;
  let serving: ProcessFacts | undefined;
  for (const process of known) {
    if (kindOf(process) !== 'uwsgi') continue;
    const root = index.processes.root(process);
    last = later(last, root);
    if (process.exitAt <= t) continue;
    living = later(living, root);
    if (root.roleAt <= t) serving = later(serving, root);
  }
  return serving ?? living ?? last;
}

/** The nginx that was started last, by its first process, of those that said that they serve. */
function latestNginx(known: readonly ProcessFacts[], index: TraceIndex, t: number): ProcessFacts | undefined {
  let last: ProcessFacts | undefined;
  for (const process of known) {
    if (kindOf(process) !== 'nginx') continue;
    const root = index.processes.root(process);
    if (root.roleAt <= t) last = later(last, root);
  }
  return last;
}

/**
 * Is a process one of that uwsgi's, and not left from before its last reload? By when it said what it is: of the real servers it is not
 * seen to a millisecond when a process was started.
 */
function isOf(process: ProcessFacts, pool: ProcessFacts, index: TraceIndex, t: number): boolean {
  if (process === pool) return true;
  const since = Number.isFinite(process.roleAt) ? process.roleAt : process.start;
  return index.processes.root(process) === pool && since >= (lastUntil(pool.said, t, self) ?? 0);
}

function processFrame(process: ProcessFacts, slot: Slot, index: TraceIndex, t: number): ProcessFrame {
  const { pid, ppid, program, role, server, worker } = process;
  const current = jobAt(index.jobs(pid), t);
  return {
    pid,
    ppid,
    program,
    role,
    server,
    worker,
    state: stateOf(process, slot, current, index, t),
    served: index.served(pid, t),
    memory: index.processes.memory(pid, t),
    request: current?.key ?? null,
    trace: (current && index.requests.byKey.get(current.key)) ?? null,
    since: current?.from ?? process.start,
  };
}

/** What a process works on at `t`. Where clocks are coarse, jobs that took no time stand beside, and after, the one that began at the same time. */
function jobAt(jobs: readonly Job[], t: number): Job | undefined {
  const last = countUntil(jobs, t, (job) => job.from) - 1;
  for (let i = last; i >= 0 && (jobs[last] as Job).from - (jobs[i] as Job).from < CLOCK; i--) {
    if (t < (jobs[i] as Job).to) return jobs[i];
  }
  return undefined;
}

function stateOf(process: ProcessFacts, slot: Slot, job: Job | undefined, index: TraceIndex, t: number): ProcessState {
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
