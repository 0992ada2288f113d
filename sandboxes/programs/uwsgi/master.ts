/**
 * The master: starts workers from its memory and watches them. It wakes once a second and for signals, and it never
 * touches a request: workers take connections from the socket themselves.
 */
import type { Exit, Host, Signal } from '../../host/host.ts';
import { bury } from './bury.ts';
import { ChainReload } from './chain.ts';
import { type FromWorker, sendTo } from './control.ts';
import { Deadlines } from './deadlines.ts';
import { type Entry, type Log, numbered, outputOf } from './log.ts';
import { instanceReport } from './report.ts';
import { newSlot, type Slot } from './slot.ts';
import type { Instance } from './startup.ts';
import { StatsServer } from './stats-server.ts';
import { newTally, nextLife } from './tally.ts';
import { Touched } from './touch.ts';
import { EXIT_NO_APP, EXIT_RELOAD, WORKER_START, type WorkerStart } from './worker.ts';

const TICK = 1000;
const FORK_BOMB_PAUSE = 2000;
const START_AT_ONCE = 2;
/** A worker whose start takes longer, ms, keeps no other from starting. */
const START_PATIENCE = 1500;

const SIGNAL_NUMBER: Readonly<Record<Signal, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGTERM: 15,
  SIGCHLD: 17,
};

/** What the master shall do next. */
type Order = 'stop' | 'graceful reload' | 'brutal reload';

/** How an instance ended: for good with an exit code, or to be started anew. */
export type Outcome = { readonly code: number } | 'reload';

export class Master {
  #host: Host;
  #log: Log;
  #instance: Instance;
  #slots: Slot[] = [];
  /** Writes what workers log, and numbers their requests. */
  #write: (...entries: readonly Entry[]) => void;
  #total = 0;
  #order: Order | null = null;
  #wake: () => void = () => {};
  #lastRespawn = 0;
  #respawnsInARow = 0;
  #stats: StatsServer;
  #chain: ChainReload;
  #deadlines: Deadlines;
  #ending = false;
  /** Resolves when the master does not sleep over a row of deaths. */
  #awake: Promise<void> = Promise.resolve();

  constructor(host: Host, log: Log, instance: Instance) {
    this.#host = host;
    this.#log = log;
    this.#instance = instance;
    this.#write = numbered(host, 0, outputOf(host, instance.options.logto));
    this.#chain = new ChainReload(log, ({ child }) => void host.kill(child.pid, 'SIGHUP').catch(() => {}));
    this.#deadlines = new Deadlines(host, log, instance.options);
    this.#stats = new StatsServer(host, log, instance, {
      slots: () => this.#slots,
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
    for (let worker = 1; worker <= options.processes && this.#order === null; worker++) {
      await this.#untilFewStart();
      const slot = await this.#start(worker, null);
      this.#slots.push(slot);
      this.#log.line(`spawned uWSGI worker ${worker} (pid: ${slot.child.pid}, cores: 1)`);
    }
    if (!(await this.#stats.open())) {
      this.#log.line('...brutally killing workers...');
      await this.#kill('SIGINT');
      return { code: 1 };
    }
    const order = await this.#untilOrder();
    this.#ending = true;
    const outcome = await this.#obey(order);
    this.#stats.close();
    return outcome;
  }

  async #untilOrder(): Promise<Order> {
    const { touchReload, touchChainReload } = this.#instance.options;
    const reload = await Touched.open(this.#host.fs, this.#log, touchReload);
    const chain = await Touched.open(this.#host.fs, this.#log, touchChainReload);
    for (;;) {
      await this.#tickOrOrder();
      const order = this.#order;
      this.#order = null;
      if (order !== null) return order;
      await this.#watch();
      const touched = await reload.look();
      if (touched !== null) {
        this.#log.dated(`*** ${touched} has been touched... grace them all !!! ***`);
        return 'graceful reload';
      }
      const link = await chain.look();
      if (link !== null) this.#chain.start(link);
      this.#chain.step(this.#slots, this.#second());
    }
  }

  #listenToSignals(dieOnTerm: boolean): void {
    const on = (signal: Exclude<Signal, 'SIGKILL'>, order: Order): void =>
      this.#host.onSignal(signal, () => {
        this.#order ??= order;
        this.#wake();
      });
    on('SIGHUP', 'graceful reload');
    on('SIGINT', 'stop');
    on('SIGTERM', dieOnTerm ? 'stop' : 'brutal reload');
    on('SIGQUIT', dieOnTerm ? 'brutal reload' : 'stop');
    this.#host.onSignal('SIGUSR1', () => this.#log.line(...instanceReport(this.#host.args, this.#instance.options, this.#slots)));
  }

  async #tickOrOrder(): Promise<void> {
    if (this.#order !== null) return;
    await Promise.race([this.#host.sleep(TICK), new Promise<void>((resolve) => (this.#wake = resolve))]);
  }

  // ---- workers ----

  async #start(worker: number, before: Slot | null): Promise<Slot> {
    const { options, listener, loaded, appStartup, image } = this.#instance;
    const tally = before ? nextLife(before.tally) : newTally();
    const start: WorkerStart = {
      worker,
      master: this.#host.pid,
      options,
      loaded,
      appStartup,
      counters: { tally, total: this.#total },
      title: [this.#host.name, ...this.#host.args].join(' '),
    };
    const child = await this.#host.spawn(this.#host.name, this.#host.args, {
      env: { ...this.#host.env, [WORKER_START]: JSON.stringify(start) },
      listeners: [listener],
      stdin: 'pipe',
      stdout: 'pipe',
      ...(image ? { image } : {}),
    });
    const slot = newSlot(worker, child, { tally, since: this.#second(), appStartup: loaded ? appStartup : null, before }, (from, message) =>
      this.#hear(from, message),
    );
    void child.exited.then((exit) => {
      slot.exit = exit;
      slot.busy = null;
      this.#isUp(slot);
    });
    return slot;
  }

  /**
   * fork() is free, a Python in WebAssembly is not: where processors are few, four that start at once would all be late,
   * and the first request with them.
   */
  async #untilFewStart(): Promise<void> {
    const starting = this.#slots.filter(({ up }) => !up).length;
    if (starting < START_AT_ONCE) return;
    await Promise.race([this.#host.sleep(START_PATIENCE), new Promise<void>((resolve) => (this.#wake = resolve))]);
  }

  #isUp(slot: Slot): void {
    slot.up = true;
    this.#wake();
  }

  #hear(slot: Slot, message: FromWorker): void {
    if (message.say === 'log') {
      this.#total += message.entries.filter((entry) => typeof entry !== 'string').length;
      this.#write(...message.entries);
      return;
    }
    if (message.say === 'up') {
      slot.appStartup = message.appStartup;
      this.#isUp(slot);
      return;
    }
    if (message.say === 'memory') {
      slot.bytes = message.bytes;
      return;
    }
    if (message.say === 'leaving') {
      slot.leaving = 'by itself';
      return;
    }
    slot.busy = message.say === 'busy' ? message : null;
    if (message.say === 'busy') slot.tally.begun = message.begun;
    else slot.tally = message.tally;
  }

  /** One look at everything. */
  async #watch(): Promise<void> {
    await this.#stats.measureQueue();
    for (const slot of this.#slots) {
      await this.#deadlines.harakiri(slot);
      await this.#deadlines.evilReload(slot);
      this.#deadlines.endLifetime(slot);
    }
    for (const [i, slot] of this.#slots.entries()) {
      // A worker that found no app has asked for the end of the instance: the order is on its way.
      if (slot.exit === null || slot.exit.code === EXIT_NO_APP) continue;
      this.#slots[i] = await this.#replace(slot, slot.exit);
    }
  }

  #second(): number {
    return Math.floor(this.#host.date() / 1000);
  }

  /** Start another worker in the place of one that has ended. */
  async #replace(slot: Slot, exit: Exit): Promise<Slot> {
    const oldPid = slot.child.pid;
    await slot.heard;
    if (slot.leaving === 'by itself' || slot.leaving === 'in turn')
      this.#log.line(`worker ${slot.worker} killed successfully (pid: ${oldPid})`);
    else if (exit.code !== EXIT_RELOAD) {
      const how = exit.signal === null ? '' : `, killed by signal ${SIGNAL_NUMBER[exit.signal]}`;
      this.#log.line(`DAMN ! worker ${slot.worker} (pid: ${oldPid}) died${how} :( trying respawn ...`);
    }
    await this.#pauseIfTooFast();
    await this.#untilFewStart();
    this.#chain.replaced(slot.worker);
    const next = await this.#start(slot.worker, slot);
    const newPid = next.child.pid;
    this.#log.line(`Respawned uWSGI worker ${slot.worker} (new pid: ${newPid})`);
    const recycled = slot.leaving !== null || exit.code === EXIT_RELOAD;
    this.#host.event('uwsgi.respawn', { worker: slot.worker, oldPid, newPid, why: slot.killedFor ?? (recycled ? 'recycled' : 'died') });
    return next;
  }

  async #pauseIfTooFast(): Promise<void> {
    this.#respawnsInARow = this.#second() <= this.#lastRespawn + 1 ? this.#respawnsInARow + 1 : 0;
    if (this.#respawnsInARow > this.#instance.options.processes) {
      this.#log.line('worker respawning too fast !!! i have to sleep a bit (2 seconds)...');
      this.#awake = this.#host.sleep(FORK_BOMB_PAUSE);
      await this.#awake;
      this.#respawnsInARow = 0;
    }
    this.#lastRespawn = this.#second();
  }

  // ---- orders ----

  async #obey(order: Order): Promise<Outcome> {
    const mercy = this.#instance.options.workerReloadMercy * 1000;
    if (order === 'stop') {
      this.#log.line('SIGINT/SIGTERM received...killing workers...');
      const start = this.#host.now();
      await this.#kill('SIGINT');
      await this.#host.sleep(TICK);
      await bury(this.#host, this.#log, this.#slots, mercy, start);
      this.#log.line('goodbye to uWSGI.');
      return { code: this.#slots.some(({ exit }) => exit?.code === EXIT_NO_APP) ? EXIT_NO_APP : 0 };
    }
    this.#log.line(order === 'graceful reload' ? '...gracefully killing workers...' : '...brutally killing workers...');
    if (order === 'graceful reload') this.#finishWorkers();
    else await this.#kill('SIGINT');
    await bury(this.#host, this.#log, this.#slots, mercy);
    return 'reload';
  }

  #finishWorkers(): void {
    for (const { worker, child } of this.#slots) {
      this.#log.line(`Gracefully killing worker ${worker} (pid: ${child.pid})...`);
      if (child.stdin) sendTo(child.stdin, { finish: true });
    }
  }

  async #kill(signal: Signal): Promise<void> {
    for (const { child, exit } of this.#slots) if (exit === null) await this.#host.kill(child.pid, signal).catch(() => {});
  }
}
