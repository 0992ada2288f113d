/**
 * The master: starts workers from its memory and watches them. It wakes once a second and for signals, and it never
 * touches a request: workers take connections from the socket themselves. One loop, as in the real one (core/master.c):
 * a signal's handler only says what the workers shall do, and the loop sees to it that they do.
 */
import type { Exit, Host, Signal, Uncatchable } from '../../host/host.ts';
import { ChainReload } from './chain.ts';
import { sendTo } from './control.ts';
import { Crew } from './crew.ts';
import { Deadlines } from './deadlines.ts';
import { Gateway } from './gateway.ts';
import type { Log } from './log.ts';
import { notifyReady } from './notify.ts';
import { instanceReport } from './report.ts';
import type { Slot } from './slot.ts';
import type { Instance } from './startup.ts';
import { StatsServer } from './stats-server.ts';
import { Touched } from './touch.ts';
import { EXIT_NO_APP, EXIT_RELOAD } from './worker.ts';

const TICK = 1000;
const FORK_BOMB_PAUSE = 2000;

const SIGNAL_NUMBER: Readonly<Record<Signal, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
};

/** How an instance ended: for good with an exit code, or to be started anew. */
export type Outcome = { readonly code: number } | 'reload';

export class Master {
  #host: Host;
  #log: Log;
  #instance: Instance;
  #crew: Crew;
  #wake: () => void = () => {};
  #lastRespawn = 0;
  #respawnsInARow = 0;
  #stats: StatsServer;
  #chain: ChainReload;
  #deadlines: Deadlines;
  #gateway: Gateway;
  /** What the workers' ends are for. One that reloads can still be stopped, not the other way round. */
  #reloading = false;
  #dying = false;
  #dyingForNeedApp = false;
  /** Resolves when the master does not sleep over a row of deaths. */
  #awake: Promise<void> = Promise.resolve();

  constructor(host: Host, log: Log, instance: Instance) {
    this.#host = host;
    this.#log = log;
    this.#instance = instance;
    this.#crew = new Crew(host, log, instance);
    this.#chain = new ChainReload(log, (slot) => this.#finish(slot));
    this.#deadlines = new Deadlines(host, log, instance.options);
    this.#gateway = new Gateway(host, log, instance.options, instance.router, instance.listener.address);
    this.#stats = new StatsServer(host, log, instance, {
      slots: () => this.#crew.slots,
      ending: () => this.#ending,
      awake: () => this.#awake,
      wake: () => this.#wake(),
    });
  }

  /** Start the workers and stay until told to stop or to reload. */
  async run(again: boolean): Promise<Outcome> {
    const { options } = this.#instance;
    this.#log.line(`${again ? 'gracefully (RE)spawned' : 'spawned'} uWSGI master process (pid: ${this.#host.pid})`);
    this.#listenToSignals(options.dieOnTerm);
    while (this.#crew.slots.length < options.processes && !this.#ending) this.#tellIfEnding(await this.#crew.add());
    if (!(await this.#stats.open())) {
      this.#log.line('...brutally killing workers...');
      for (const slot of this.#alive()) this.#curse(slot, 'SIGINT');
      return { code: 1 };
    }
    if (!this.#ending) await this.#gateway.spawn();
    if (!this.#ending) await notifyReady(this.#host, this.#log);
    const outcome = await this.#loop();
    this.#stats.close();
    return outcome;
  }

  async #loop(): Promise<Outcome> {
    const { touchReload, touchChainReload } = this.#instance.options;
    const reload = await Touched.open(this.#host.fs, this.#log, touchReload);
    const chain = await Touched.open(this.#host.fs, this.#log, touchChainReload);
    let looked = this.#second();
    for (;;) {
      if (this.#ending && this.#alive().length === 0) return this.#over();
      if (!this.#ending) this.#chain.step(this.#crew.slots, this.#second());
      this.#mercy();
      const dead = this.#alive().find(({ exit }) => exit !== null);
      if (dead?.exit) {
        await this.#died(dead, dead.exit);
        continue;
      }
      if (this.#gateway.dead) await this.#gateway.spawn();
      await this.#tickOrSignal();
      if (this.#second() <= looked) continue;
      looked = this.#second();
      // The killed ones have a second to end.
      if (await this.#watch()) await this.#tickOrSignal();
      if (this.#ending) continue;
      const touched = await reload.look();
      if (touched !== null) {
        this.#log.dated(`*** ${touched} has been touched... grace them all !!! ***`);
        this.#graceful();
        continue;
      }
      const link = await chain.look();
      if (link !== null) this.#chain.start(link);
    }
  }

  #over(): Outcome {
    if (!this.#dying) return 'reload';
    this.#log.line('goodbye to uWSGI.');
    return { code: this.#dyingForNeedApp ? EXIT_NO_APP : 0 };
  }

  get #ending(): boolean {
    return this.#reloading || this.#dying;
  }

  /** Those whose end the master has not dealt with. */
  #alive(): Slot[] {
    return this.#crew.slots.filter(({ buried }) => !buried);
  }

  #second(): number {
    return Math.floor(this.#host.date() / 1000);
  }

  async #tickOrSignal(): Promise<void> {
    await Promise.race([this.#host.sleep(TICK), new Promise<void>((resolve) => (this.#wake = resolve))]);
  }

  /** One look at everything, once a second. True when somebody was killed. */
  async #watch(): Promise<boolean> {
    await this.#stats.measureQueue();
    const looks = this.#alive().map((slot) => this.#deadlines.look(slot));
    return looks.includes(true);
  }

  // ---- signals ----

  #listenToSignals(dieOnTerm: boolean): void {
    const on = (signal: Exclude<Signal, Uncatchable>, obey: () => void): void =>
      this.#host.onSignal(signal, () => {
        obey();
        this.#wake();
      });
    const [stop, brutal] = [() => this.#stop(), () => this.#brutal()];
    on('SIGHUP', () => this.#graceful());
    on('SIGINT', stop);
    on('SIGTERM', dieOnTerm ? stop : brutal);
    on('SIGQUIT', dieOnTerm ? brutal : stop);
    on('SIGUSR1', () => this.#log.line(...instanceReport(this.#host.args, this.#instance.options, this.#crew.slots)));
  }

  #stop(): void {
    if (this.#dying) return;
    this.#dying = true;
    this.#log.line('SIGINT/SIGTERM received...killing workers...');
    for (const slot of this.#alive()) this.#curse(slot, 'SIGINT');
    this.#gateway.bury();
  }

  #graceful(): void {
    if (this.#ending) return;
    this.#reloading = true;
    this.#gateway.bury();
    this.#log.line('...gracefully killing workers...');
    for (const slot of this.#alive()) this.#finish(slot);
  }

  #brutal(): void {
    if (this.#reloading) return;
    this.#reloading = true;
    this.#gateway.bury();
    this.#log.line('...brutally killing workers...');
    for (const slot of this.#alive()) this.#curse(slot, 'SIGINT');
  }

  /** From now on it has the time of worker-reload-mercy to end. */
  #curse(slot: Slot, signal: Signal | null): void {
    slot.cursed = this.#second();
    if (signal !== null && slot.exit === null) void this.#host.kill(slot.child.pid, signal).catch(() => {});
  }

  /** Its SIGHUP, but told in words: the worker itself could not say so while its Python is busy. */
  #finish(slot: Slot): void {
    this.#log.line(`Gracefully killing worker ${slot.worker} (pid: ${slot.child.pid})...`);
    this.#curse(slot, null);
    if (slot.child.stdin) sendTo(slot.child.stdin, { finish: true });
  }

  #mercy(): void {
    const { workerReloadMercy } = this.#instance.options;
    for (const slot of this.#alive()) {
      if (slot.cursed === null || this.#second() <= slot.cursed + workerReloadMercy) continue;
      // Without any mercy the real one even says it of those that have ended since it last looked.
      if (slot.exit !== null && workerReloadMercy > 0) continue;
      this.#log.dated(`worker ${slot.worker} (pid: ${slot.child.pid}) is taking too much time to die...NO MERCY !!!`);
      this.#curse(slot, 'SIGKILL');
    }
  }

  // ---- deaths ----

  async #died(slot: Slot, exit: Exit): Promise<void> {
    const { worker, child } = slot;
    await slot.heard;
    slot.buried = true;
    if (exit.code === EXIT_NO_APP) {
      const { lazyApps, needApp } = this.#instance.options;
      const failed = `OOPS ! failed loading app in worker ${worker} (pid ${child.pid})`;
      if (lazyApps && needApp) {
        this.#log.line(failed);
        this.#log.dated('need-app requested, destroying the instance...');
        this.#dyingForNeedApp = true;
        this.#stop();
        return;
      }
      this.#log.line(`${failed} :( trying again...`);
    }
    if (this.#ending) {
      this.#log.line(`worker ${worker} buried after ${slot.cursed === null ? 0 : this.#second() - slot.cursed} seconds`);
      return;
    }
    const words = lastWords(slot, exit);
    if (words !== null) this.#log.line(words);
    await this.#pauseIfTooFast();
    // Told to end while it slept: the place stays empty.
    if (!this.#ending) await this.#replace(slot, exit);
  }

  /** Start another worker in the place of one that has ended. */
  async #replace(slot: Slot, exit: Exit): Promise<void> {
    const { worker, child, leaving, killedFor } = slot;
    this.#chain.replaced(worker);
    const next = await this.#crew.replace(slot);
    const recycled = leaving !== null || exit.code === EXIT_RELOAD;
    this.#host.event('uwsgi.respawn', {
      worker,
      oldPid: child.pid,
      newPid: next.child.pid,
      why: killedFor ?? (recycled ? 'recycled' : 'died'),
    });
    this.#tellIfEnding(next);
  }

  /** When the order to end came while this one was being started, it has not heard of it. */
  #tellIfEnding(slot: Slot): void {
    if (this.#ending) this.#curse(slot, 'SIGINT');
  }

  async #pauseIfTooFast(): Promise<void> {
    this.#respawnsInARow = this.#second() <= this.#lastRespawn + 1 ? this.#respawnsInARow + 1 : 0;
    if (this.#respawnsInARow > this.#instance.options.processes) {
      this.#log.line('worker respawning too fast !!! i have to sleep a bit (2 seconds)...');
      // A signal ends this sleep(3), too.
      const signal = new Promise<void>((resolve) => (this.#wake = resolve));
      this.#awake = Promise.race([this.#host.sleep(FORK_BOMB_PAUSE), signal]);
      await this.#awake;
      this.#respawnsInARow = 0;
    }
    this.#lastRespawn = this.#second();
  }
}

/** What is said of a worker that ended while nobody ends the instance; nothing of one that was told to by a signal of its own. */
function lastWords({ worker, child, leaving }: Slot, { code, signal }: Exit): string | null {
  const killed = signal === null ? '' : `killed by signal ${SIGNAL_NUMBER[signal]} `;
  if (leaving === 'by itself' || leaving === 'in turn') return `worker ${worker} killed successfully (pid: ${child.pid})`;
  if (leaving === 'told' && killed) return `DAMN ! worker ${worker} (pid: ${child.pid}) MISTERIOUSLY ${killed}:( trying respawn ...`;
  if (leaving === 'told' || code === EXIT_RELOAD) return null;
  return `DAMN ! worker ${worker} (pid: ${child.pid}) died${killed && `, ${killed.trimEnd()}`} :( trying respawn ...`;
}
