/**
 * One service: starting, running, stopping and starting again, with the states and the words of systemd 252
 * (src/core/service.c). One thing at a time: a stop calls off a start that is under way, a start waits for a stop.
 */
import type { Exit } from '../../host/host.ts';
import { Commands, StartLimit, waitFor } from './commands.ts';
import { endText, type Result, restarts, resultOf } from './ended.ts';
import { type Launching, NoResources, passOver } from './launch.ts';
import { type Main, Members } from './members.ts';
import type { Active, JobResult, Ran } from './protocol.ts';
import { makeRuntimeDirectories, removeRuntimeDirectories } from './runtime-directories.ts';
import { Starter } from './starter.ts';
import { ACTIVE, isUp, type Sub } from './states.ts';
import { takeDown } from './take-down.ts';
import type { Unit } from './unit.ts';

/** What became of a wait that may be called off. */
export type Called = 'off';

export class Service {
  readonly name: string;
  readonly members: Members;
  readonly commands: Commands;
  /** What its file says, as it was read last. */
  unit: Unit;
  sub: Sub = 'dead';
  result: Result = 'success';
  main: Main | null = null;
  ran: Ran[] = [];
  /** What it said of itself. */
  status = '';
  restartCount = 0;
  /** It was there before the supervisor, which did not start it. */
  adopted = false;
  /** Since when it is in this state, and when it last became active, in milliseconds since 1970. */
  since: number | null = null;
  activeSince: number | null = null;
  readonly #at: Omit<Launching, 'unit' | 'name'>;
  readonly #limit = new StartLimit();
  #starting: Promise<JobResult> | null = null;
  #stopping: Promise<void> | null = null;
  #reloading: Promise<JobResult> | null = null;
  #off = Promise.withResolvers<Called>();
  #ready = Promise.withResolvers<'ready'>();

  constructor(name: string, unit: Unit, at: Omit<Launching, 'unit' | 'name'>, notifySocket: (name: string) => Promise<string>) {
    this.name = name;
    this.unit = unit;
    this.#at = at;
    this.commands = new Commands(this, at, notifySocket);
    this.members = new Members(at.host);
  }

  get active(): Active {
    return ACTIVE[this.sub];
  }

  /** `shop.service - shop (uWSGI master and workers)` */
  get #title(): string {
    return this.unit.description === '' ? this.name : `${this.name} - ${this.unit.description}`;
  }

  say(text: string, priority = 6): Promise<void> {
    return this.#at.journal.say(this.name, text, priority);
  }

  /** It runs already, started by somebody else. */
  async adopt({ pid, command, started }: { pid: number; command: string; started: number }): Promise<void> {
    this.main = { pid, command, exited: null, exit: null };
    this.adopted = true;
    this.members.add(pid);
    await this.say(`${this.name}: Supervising process ${pid} which is not our child. We'll most likely not notice when it exits.`, 4);
    this.enter('running');
    const { host } = this.#at;
    this.since = host.date() - host.now() + started;
    this.activeSince = this.since;
  }

  enter(sub: Sub): void {
    const before = this.active;
    this.sub = sub;
    if (this.active === before) return;
    this.since = this.#at.host.date();
    if (this.active === 'active' && before !== 'reloading') this.activeSince = this.since;
  }

  // ---- jobs ----

  async start(): Promise<JobResult> {
    await this.#stopping;
    if (this.#starting !== null) return this.#starting;
    if (isUp(this.active)) return { job: 'done' };
    if (this.sub === 'auto-restart') this.#off.resolve('off');
    this.#starting = this.#bringUp().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async stop(): Promise<JobResult> {
    if (this.sub === 'auto-restart') {
      this.#off.resolve('off');
      this.enter('dead');
      await this.say(`Stopped ${this.#title}.`);
    }
    if (this.#starting !== null) {
      this.#off.resolve('off');
      await this.#starting;
    }
    this.#off.resolve('off');
    if (this.#stopping === null && this.active !== 'inactive' && this.active !== 'failed') this.#stopping = this.#ending(this.#stop());
    await this.#stopping;
    // what went down by itself meanwhile may be about to come up again
    return (this.sub as Sub) === 'auto-restart' ? this.stop() : { job: 'done' };
  }

  async reload(): Promise<JobResult> {
    await this.#starting;
    if (this.#reloading !== null) return this.#reloading;
    if (this.sub !== 'running') return { job: 'inactive' };
    if (this.unit.reload.length === 0) return { job: 'refused', why: 'cannot-reload' };
    this.#reloading = this.#reload().finally(() => {
      this.#reloading = null;
    });
    return this.#reloading;
  }

  async #reload(): Promise<JobResult> {
    this.enter('reload');
    await this.say(`Reloading ${this.#title}...`);
    let wrong: Result | Called | null = null;
    for (const command of this.unit.reload)
      wrong ??= await this.commands.control('ExecReload', command, new Promise(() => {}), this.unit.startTimeout);
    if ((this.sub as Sub) === 'reload') this.enter('running');
    await this.say(wrong === null ? `Reloaded ${this.#title}.` : `Reload failed for ${this.#title}.`);
    return wrong === null ? { job: 'done' } : { job: 'failed', result: 'success' };
  }

  /** Forgets that it failed, and how often it was started. */
  resetFailed(): void {
    this.#limit.forget();
    this.restartCount = 0;
    this.result = 'success';
    if (this.sub === 'failed') this.enter('dead');
  }

  // ---- what is heard of it ----

  /** A message over its notify socket: lines `NAME=VALUE`. */
  notified(message: string): void {
    for (const line of message.split('\n')) {
      if (line.startsWith('STATUS=')) this.status = line.slice('STATUS='.length);
      if (line === 'READY=1') this.#ready.resolve('ready');
    }
  }

  /** Sees the end of a main process that is not our child. */
  async look(): Promise<void> {
    const { main } = this;
    const living = await this.members.living();
    if (this.sub !== 'running' || main === null || main !== this.main || main.exited !== null) return;
    if (main.pid !== null && !living.some(({ pid }) => pid === main.pid)) await this.#crashed('success');
  }

  // ---- start ----

  async #bringUp(): Promise<JobResult> {
    if (await this.#tooOften()) return { job: 'failed', result: this.result };
    const off = Promise.withResolvers<Called>();
    this.#off = off;
    this.#ready = Promise.withResolvers();
    this.result = 'success';
    this.ran = [];
    this.main = null;
    this.adopted = false;
    this.status = '';
    this.enter(this.unit.startPre.length > 0 ? 'start-pre' : 'start');
    await this.say(`Starting ${this.#title}...`);
    const wrong = await this.#tryStart(off.promise);
    if (wrong === 'off') return { job: 'canceled' };
    if (wrong !== null) {
      this.result = wrong;
      await this.#ending(this.#down('start'));
      return { job: 'failed', result: wrong };
    }
    const main = this.main as Main | null;
    const isOver = this.unit.type === 'oneshot' && !this.unit.remainAfterExit;
    await this.say(`${isOver ? 'Finished' : 'Started'} ${this.#title}.`);
    if (isOver) this.enter('dead');
    else this.enter(this.unit.type === 'oneshot' ? 'exited' : 'running');
    if (isOver) await removeRuntimeDirectories(this.#at.host, this.unit);
    if (this.sub === 'running') void main?.exited?.then((exit) => this.#mainEnded(main, exit));
    return { job: 'done' };
  }

  /** More starts than the unit's limit: it stays failed. */
  async #tooOften(): Promise<boolean> {
    if (this.#limit.allows(this.unit, this.#at.host.now())) return false;
    await this.say(`${this.name}: Start request repeated too quickly.`, 4);
    if (this.result === 'success') this.result = 'start-limit-hit';
    await this.say(`${this.name}: Failed with result '${this.result}'.`, 4);
    this.enter('failed');
    await this.say(`Failed to start ${this.#title}.`, 3);
    return true;
  }

  async #tryStart(off: Promise<Called>): Promise<Result | Called | null> {
    try {
      await makeRuntimeDirectories(this.#at.host, this.unit);
      for (const command of this.unit.startPre) {
        const wrong = await this.commands.control('ExecStartPre', command, off, this.unit.startTimeout);
        if (wrong !== null) return wrong;
      }
      this.enter('start');
      return await new Starter(this, this.#at.host).run(off, this.#ready.promise);
    } catch (error) {
      if (!(error instanceof NoResources)) throw error;
      await this.say(`${this.name}: Failed to run 'start' task: ${error.message}`, 4);
      return 'resources';
    }
  }

  // ---- the end ----

  async #mainEnded(main: Main, exit: Exit): Promise<void> {
    main.exit = exit;
    if (this.main !== main || (this.sub !== 'running' && this.sub !== 'reload')) return;
    await this.#crashed(await this.judge(main, exit));
  }

  /** What the main process's end means; it is said when it is nothing good. */
  async judge(main: Main, exit: Exit): Promise<Result> {
    main.exit = exit;
    const result = resultOf(exit, this.unit);
    if (result !== 'success') await this.say(`${this.name}: Main process exited, ${endText(exit)}`, 5);
    return result;
  }

  async #crashed(result: Result): Promise<void> {
    if (this.#stopping !== null) return;
    this.result = result;
    await this.#ending(this.#down('crash'));
  }

  /** While this goes on, starts wait. */
  #ending(work: Promise<void>): Promise<void> {
    const done = work.finally(() => {
      if (this.#stopping === done) this.#stopping = null;
    });
    this.#stopping = done;
    return done;
  }

  async #stop(): Promise<void> {
    this.enter('stop');
    await this.say(`Stopping ${this.#title}...`);
    const { stop, stopTimeout } = this.unit;
    const isThere = (await this.members.living()).length > 0;
    for (const command of isThere ? stop : [])
      await this.commands.control('ExecStop', command, new Promise(() => {}), stopTimeout).catch(passOver);
    await this.#down('stop');
  }

  async #down(why: 'stop' | 'crash' | 'start'): Promise<void> {
    const known = this.main?.exit ?? null;
    this.enter('stop-sigterm');
    const timedOut = await takeDown(this.#at.host, this);
    const { main } = this;
    if (known === null && main?.pid && main.exited !== null && this.unit.killMode !== 'none') {
      const result = await this.judge(main, await main.exited);
      if (this.result === 'success') this.result = timedOut ? 'timeout' : result;
    }
    await removeRuntimeDirectories(this.#at.host, this.unit);
    this.status = '';
    if (this.result === 'success') await this.say(`${this.name}: Deactivated successfully.`);
    else await this.say(`${this.name}: Failed with result '${this.result}'.`, 4);
    this.enter(this.result === 'success' ? 'dead' : 'failed');
    if (why === 'stop') await this.say(`Stopped ${this.#title}.`);
    if (why === 'start') await this.say(`Failed to start ${this.#title}.`, 3);
    if (why !== 'stop' && restarts(this.unit, this.result, main?.exit ?? null)) this.#startAgain();
  }

  /** After RestartSec=, unless somebody starts or stops it first. */
  #startAgain(): void {
    const off = Promise.withResolvers<Called>();
    this.#off = off;
    this.enter('auto-restart');
    void waitFor(this.#at.host, new Promise<never>(() => {}), off.promise, this.unit.restartMs).then(async (what) => {
      if (what === 'off' || this.sub !== 'auto-restart') return;
      this.restartCount++;
      await this.say(`${this.name}: Scheduled restart job, restart counter is at ${this.restartCount}.`);
      await this.say(`Stopped ${this.#title}.`);
      if (this.sub === 'auto-restart') await this.start();
    });
  }
}
