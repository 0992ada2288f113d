/**
 * Starts and stops the lesson's servers, and knows from the trace when they are ready: a process listens when the
 * kernel says so of it or of a child; a uWSGI pool is ready when its first worker waits for requests.
 * Every wait has an end: a process that dies or takes too long is an error that says which, and what it printed.
 */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Proc, Runtime } from '../runtime/runtime.ts';
import { type Front, frontUnder } from './front.ts';
import { type Reader, readersIn } from './readers.ts';
import { ServerError } from './server-error.ts';
import { Processes, SUPERVISOR } from './server-processes.ts';

export { ServerError } from './server-error.ts';

export interface StartCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** How long things may take, in milliseconds. */
export interface Limits {
  /** From spawn until it listens. */
  readonly listen: number;
  /** From then until the first worker is ready: Python has to load. */
  readonly ready: number;
  /** From SIGTERM until SIGKILL, and again from there. */
  readonly stop: number;
  /** Without a sign of life for so long, a start counts as hanging. */
  readonly quiet: number;
}
export const LIMITS: Limits = { listen: 20_000, ready: 45_000, stop: 6_000, quiet: 8_000 };

interface Started extends StartCommand {
  readonly proc: Proc;
  /** The end of what it printed. */
  output: string;
  /** How many workers uWSGI said last that it starts; null before it has. */
  workers: number | null;
  ended: { code: number | null; signal: string | null } | null;
}

/** What uWSGI says when it makes no sense of the number of processes; it then runs on, and never serves anybody. */
const NO_WORKERS = /\*\*\* Operational MODE: no-workers \*\*\*.*\n/;

/** uWSGI's word on how many workers there will be; ours and real workers without threads have one core each. */
const CORES = /^mapped \d+ bytes \(\d+ KB\) for (\d+) cores$/gm;

/** The supervisor's word that all that is enabled was started, and on one that was not. */
const BOOTED = /^systemd\[\d+\]: Startup finished\b/m;
const UNIT_FAILED = /^systemd\[\d+\]: Failed to start (\S+\.service)\b/m;

/** Of what a server prints, so many characters are kept: a start that fails is explained by the last of them. */
const KEPT_OUTPUT = 64_000;

/** Will this one never serve? uwsgi that ends is over, whatever its exit code; nginx may leave its work to a child. */
function hasFailed({ program, ended, output }: Started): boolean {
  if (program === 'uwsgi') return ended !== null || NO_WORKERS.test(output);
  return ended !== null && (ended.code !== 0 || ended.signal !== null);
}

/** The command as one would type it. */
export function commandLine({ program, args }: StartCommand): string {
  return [program, ...args.map((arg) => (/[^\w@%+=:,./-]/.test(arg) ? `'${arg}'` : arg))].join(' ');
}

export class Servers {
  readonly #commands: readonly StartCommand[];
  readonly #onOutput: (program: string, text: string) => void;
  readonly #limits: Limits;
  readonly #processes = new Processes();
  #waiting: (() => void)[] = [];
  #started: readonly Started[] = [];
  /** When something of the start under way was last heard. */
  #heard = 0;
  /** The moment of the last event that was seen, and of the last one before the last start. */
  #latest = Number.NEGATIVE_INFINITY;
  #before = Number.NEGATIVE_INFINITY;
  /** Has a start timed out? Who hangs in it would not hear SIGTERM. */
  #hung = false;
  /** Has a start got so far that all of them listened? */
  #listened = false;

  constructor(commands: readonly StartCommand[], onOutput: (program: string, text: string) => void, limits: Limits = LIMITS) {
    this.#commands = commands;
    this.#onOutput = onOutput;
    this.#limits = limits;
  }

  /** Hand over every batch of the trace: it is how this class sees. */
  see(events: readonly TraceEvent[]): void {
    for (const event of events) {
      this.#latest = Math.max(this.#latest, event.t);
      this.#processes.see(event);
    }
    this.#wake();
  }

  /** Which servers have read their files anew in these events, because they started or were told to; each once. */
  readersIn(events: readonly TraceEvent[]): Reader[] {
    return readersIn(events, this.#processes, this.#programs());
  }

  lives(program: string): boolean {
    return this.#processes.lives(program);
  }

  /** Who has port 80 in hand now. */
  get front(): Front {
    const supervisor = this.#started.find(({ program }) => program === SUPERVISOR);
    return supervisor ? frontUnder(supervisor.output, this.#processes.runs('nginx', supervisor.proc.pid), this.lives('uwsgi')) : 'page';
  }

  /**
   * Starts the commands in order, each when the one before it listens, and waits until all are ready. Throws ServerError,
   * or the reason of `signal` once that is aborted: then nothing more is started, and what was stays until it is stopped.
   */
  async start(runtime: Runtime, onStep: (text: string, done: number) => void, signal: AbortSignal): Promise<void> {
    const started: Started[] = [];
    this.#started = started;
    this.#before = this.#latest;
    this.#hung = false;
    this.#heard = performance.now();
    for (const command of this.#commands) {
      signal.throwIfAborted();
      onStep(`Starting ${command.program}`, started.length / (this.#commands.length + 1));
      const server = await this.#spawn(runtime, command);
      started.push(server);
      const listens = () => this.#processes.count(this.#processes.listening, server.proc.pid) > 0;
      await this.#until(listens, this.#limits.listen, started, server, 'does not listen', signal);
      if (command.program === SUPERVISOR) await this.#booted(started, server, signal);
    }
    this.#listened = true;
    const pools = this.#pools(started);
    if (pools.length) onStep('Waiting for a worker with Python loaded', started.length / (this.#commands.length + 1));
    for (const pool of pools)
      await this.#until(() => this.#readyIn(pool) > 0, this.#limits.ready, started, pool, 'has no worker ready', signal);
  }

  /** Waits until the supervisor has started all that is enabled. Throws ServerError when one of them did not start. */
  async #booted(started: readonly Started[], server: Started, signal: AbortSignal): Promise<void> {
    const over = () => BOOTED.test(server.output) || UNIT_FAILED.test(server.output);
    await this.#until(over, this.#limits.ready, started, server, 'does not start all services', signal);
    const failed = UNIT_FAILED.exec(server.output)?.[1];
    if (failed) throw new ServerError(`${failed} did not start`, `systemctl status ${failed} says more.`, server.output);
  }

  /** uwsgi, and the supervisor when uwsgi runs under it. */
  #pools(started: readonly Started[]): Started[] {
    return started.filter(
      ({ program, proc }) => program === 'uwsgi' || (program === SUPERVISOR && this.#processes.runs('uwsgi', proc.pid)),
    );
  }

  #readyIn({ proc }: Started): number {
    return this.#processes.count(this.#processes.ready, proc.pid);
  }

  /** Those of the events that came after the last start; who reloads by a signal has not been started. */
  sinceStart(events: readonly TraceEvent[]): readonly TraceEvent[] {
    return events.filter(({ t }) => t > this.#before);
  }

  /** Has the start under way given no sign of life for long? */
  get quiet(): boolean {
    return performance.now() - this.#heard > this.#limits.quiet;
  }

  /**
   * Waits until every worker that uWSGI said it would start is ready, not only the first. False when that takes too long:
   * one of them may hang or die again and again.
   */
  async allReady(signal: AbortSignal): Promise<boolean> {
    const pools = this.#pools(this.#started).filter(({ ended }) => !ended);
    const full = (pool: Started) => this.#readyIn(pool) >= (pool.workers ?? 1);
    return this.#met(() => pools.every((pool) => pool.ended !== null || full(pool)), this.#limits.ready, signal);
  }

  /**
   * Stops every process that runs one of the servers' programs, the learner's own too: SIGTERM, and SIGKILL for who stays. The
   * supervisor comes first: it stops its services itself and starts none of them again.
   * With `atOnce`, or after a start that timed out, SIGKILL for all: who hangs in its start does not hear SIGTERM. Throws the reason of `signal` when that is aborted.
   */
  async stop(runtime: Runtime, signal: AbortSignal, atOnce = false): Promise<void> {
    const gone = () => this.#running().length === 0;
    if (!atOnce && !this.#hung) {
      await this.#signal(runtime, this.#processes.supervisors(), 'SIGTERM');
      if (await this.#met(() => this.#processes.supervisors().length === 0, this.#limits.stop, signal)) {
        const running = this.#running();
        const masters = running.filter((pid) => !running.includes(this.#processes.parentOf(pid)));
        await this.#signal(runtime, masters, 'SIGTERM');
        if (await this.#met(gone, this.#limits.stop, signal)) return;
      }
    }
    await this.#signal(runtime, this.#running(), 'SIGKILL');
    if (await this.#met(gone, this.#limits.stop, signal)) return;
    throw new ServerError('The servers do not stop', `Processes ${this.#running().join(', ')} are still there after SIGKILL.`, '');
  }

  #running(): number[] {
    return this.#processes.running(this.#programs());
  }

  /** The servers' programs; under the supervisor those that it can have. */
  #programs(): ReadonlySet<string> {
    const programs = this.#commands.map(({ program }) => program);
    return new Set(programs.includes(SUPERVISOR) ? [...programs, 'nginx', 'uwsgi'] : programs);
  }

  async #signal(runtime: Runtime, pids: readonly number[], signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    // a process may be gone before the signal comes: that is what was wanted
    await Promise.allSettled(pids.map((pid) => runtime.kill(pid, signal)));
  }

  async #spawn(runtime: Runtime, command: StartCommand): Promise<Started> {
    this.#onOutput(command.program, `$ ${commandLine(command)}\n`);
    const proc = await runtime.spawn(command.program, command.args);
    const server: Started = { ...command, proc, output: '', workers: null, ended: null };
    // it may be told to stop before the trace has said that it started
    this.#processes.spawned(server.proc.pid, command.program);
    server.proc.onOutput((text) => {
      // a line may come in parts
      const fresh = server.output.slice(server.output.lastIndexOf('\n') + 1) + text;
      // it is said again after a reload, and may be another number then
      for (const [, workers] of fresh.matchAll(CORES)) server.workers = Number(workers);
      server.output = (server.output + text).slice(-KEPT_OUTPUT);
      this.#onOutput(command.program, text);
      this.#wake();
    });
    void server.proc.exited.then((exit) => {
      server.ended = exit;
      this.#onOutput(command.program, `[${command.program} ended: ${exit.signal ?? `exit code ${exit.code}`}]\n`);
      this.#wake();
    });
    return server;
  }

  /** Waits for `done`; one of the `started` that fails in the meantime, or time, ends it with an error. */
  async #until(
    done: () => boolean,
    ms: number,
    started: readonly Started[],
    server: Started,
    missing: string,
    signal: AbortSignal,
  ): Promise<void> {
    const failed = () => started.find(hasFailed);
    const met = await this.#met(() => done() || failed() !== undefined, ms, signal);
    const dead = failed();
    if (dead && !dead.ended)
      throw new ServerError(
        'uwsgi starts no workers',
        'It reads the number of processes as 0, so nobody would take a request.',
        dead.output.slice(0, dead.output.indexOf('\n', dead.output.search(NO_WORKERS))),
      );
    if (dead?.ended) {
      const { code, signal } = dead.ended;
      throw new ServerError(
        `${dead.program} ended while it was starting`,
        signal ? `It was ended by ${signal}.` : `Its exit code is ${code}; what it printed says why.`,
        dead.output,
      );
    }
    if (met) return;
    this.#hung = true;
    throw new ServerError(`${server.program} ${missing}`, `It was given ${ms / 1000} seconds.`, server.output, !this.#listened);
  }

  /** True once `done` holds, false when `ms` have passed. It is asked again whenever something was seen. */
  #met(done: () => boolean, ms: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (done()) return resolve(true);
      const leave = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        this.#waiting = this.#waiting.filter((one) => one !== look);
      };
      const settle = (result: boolean) => {
        leave();
        resolve(result);
      };
      const stop = () => {
        leave();
        reject(signal.reason);
      };
      const look = () => {
        if (done()) settle(true);
      };
      const timer = setTimeout(settle, ms, false);
      signal.addEventListener('abort', stop);
      this.#waiting.push(look);
    });
  }

  #wake(): void {
    this.#heard = performance.now();
    for (const look of this.#waiting) look();
  }
}
