/** One of the master's workers: its process, and what the master knows of it. */
import type { Child, Exit, PipeReader } from '../../host/host.ts';
import { type FromWorker, lines } from './control.ts';
import type { WorkerState } from './stats.ts';
import type { Tally } from './tally.ts';

export interface Slot {
  readonly worker: number;
  readonly child: Child;
  exit: Exit | null;
  /** Resolves when all that the worker said has been heard. */
  readonly heard: Promise<void>;
  tally: Tally;
  busy: (FromWorker & { say: 'busy' }) | null;
  /** Has the master dealt with its end? */
  buried: boolean;
  /** Has its Python started, or does it need none? */
  python: boolean;
  /** Has it started, or ended? */
  up: boolean;
  /** Since which second it is meant to end; null when it is not. */
  cursed: number | null;
  /** Seconds that its app's import took; null when it has none. */
  appStartup: number | null;
  /** When it was started, in seconds since 1970. */
  readonly since: number;
  /** Its memory as far as it has said, and the master has not acted on it. */
  bytes: number;
  /** It has been told to go, as the next one of a chain reload or otherwise, or goes by itself. */
  leaving: 'told' | 'in turn' | 'by itself' | null;
  /** What the master has killed it for. */
  killedFor: 'harakiri' | 'memory' | null;
  /** Over all its lives: how often a process was started for it, and how often harakiri ended one. */
  readonly spawns: number;
  harakiris: number;
}

/** A slot for a process that was just started, in the place of `before`. `hear` gets what it says. */
export function newSlot(
  worker: number,
  child: Child,
  { tally, since, appStartup, before }: { tally: Tally; since: number; appStartup: number | null; before: Slot | null },
  hear: (slot: Slot, message: FromWorker) => void,
): Slot {
  const listen = (output: PipeReader): Promise<void> => lines<FromWorker>(output, (message) => hear(slot, message));
  const slot: Slot = {
    worker,
    child,
    exit: null,
    heard: child.stdout ? listen(child.stdout) : Promise.resolve(),
    tally,
    busy: null,
    buried: false,
    python: false,
    up: false,
    cursed: null,
    appStartup,
    since,
    bytes: 0,
    leaving: null,
    killedFor: null,
    spawns: (before?.spawns ?? 0) + 1,
    harakiris: before?.harakiris ?? 0,
  };
  return slot;
}

/** The slot for the stats server. `gone`: an ended process will not be replaced. */
export function workerState(slot: Slot, gone: boolean): WorkerState {
  const { worker, child, exit, up, tally, harakiris, spawns, since, appStartup, busy } = slot;
  return {
    id: worker,
    pid: gone && exit !== null ? 0 : child.pid,
    accepting: up && exit === null,
    tally,
    harakiris,
    spawns,
    lastSpawn: since,
    appStartup,
    request: busy && { vars: busy.vars, start: Math.floor(busy.since / 1000) },
  };
}
