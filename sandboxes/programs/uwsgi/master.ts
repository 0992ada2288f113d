/**
 * The master: starts workers from its memory and watches them. It wakes once a second and for signals, and it never
 * touches a request: workers take connections from the socket themselves.
 */
import type { Exit, Host, Listener, Signal } from '../../host/host.ts';
import { type FromWorker, sendTo } from './control.ts';
import { type Entry, type Log, numbered } from './log.ts';
import { newSlot, type Slot, workerState } from './slot.ts';
import { FIRST_FD, openStats } from './socket.ts';
import type { Instance } from './startup.ts';
import { serveStats, statsJson, unstarted } from './stats.ts';
import { newTally, nextLife } from './tally.ts';
import { EXIT_NO_APP, EXIT_RELOAD, WORKER_START, type WorkerStart } from './worker.ts';

const TICK = 1000;
const MB = 1024 * 1024;
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
  /** The queue of the socket when it was last measured, and how long it may get: a Unix socket tells neither. */
  #queue = 0;
  #maxQueue = 0;
  #ending = false;
  /** Resolves when the master does not sleep over a row of deaths. */
  #awake: Promise<void> = Promise.resolve();

  constructor(host: Host, log: Log, instance: Instance) {
    this.#host = host;
    this.#log = log;
    this.#instance = instance;
    this.#write = numbered(host);
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
    const stats = options.stats === null ? null : await this.#openStats(options.stats);
    if (stats === 'failed') return { code: 1 };
    const order = await this.#untilOrder();
    this.#ending = true;
    const outcome = await this.#obey(order);
    stats?.close();
    return outcome;
  }

  async #untilOrder(): Promise<Order> {
    for (;;) {
      await this.#tickOrOrder();
      const order = this.#order;
      this.#order = null;
      if (order !== null) return order;
      await this.#watch();
    }
  }

  async #openStats(address: string): Promise<Listener | 'failed'> {
    const { options } = this.#instance;
    const listener = await openStats(this.#host, address, options);
    if (!('accept' in listener)) {
      this.#log.line(...listener.lines, '...brutally killing workers...');
      await this.#kill('SIGINT');
      return 'failed';
    }
    // The real one's number: each worker costs it a pair of pipes, and three more are its own.
    this.#log.line(`*** Stats server enabled on ${address} fd: ${FIRST_FD + options.sockets.length + 2 * options.processes + 3} ***`);
    void serveStats(
      listener,
      () => this.#picture(),
      () => this.#wake(),
    );
    return listener;
  }

  async #picture(): Promise<string> {
    await this.#awake;
    const { pid, uid, gid, cwd } = this.#host;
    const { options, loaded, appStartup } = this.#instance;
    const [socket] = options.sockets;
    const notYet = unstarted(loaded ? appStartup : null);
    return statsJson({
      pid,
      uid,
      gid,
      cwd,
      thunderLock: options.thunderLock,
      socket: { name: socket?.address ?? '', protocol: socket?.protocol ?? '', queue: this.#queue, maxQueue: this.#maxQueue },
      workers: Array.from({ length: options.processes }, (_, i) => {
        const slot = this.#slots[i];
        return slot ? workerState(slot, this.#ending) : notYet;
      }),
    });
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
    const slot = newSlot(worker, child, { tally, since: this.#second(), before }, (from, message) => this.#hear(from, message));
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
    await this.#measureQueue();
    for (const slot of this.#slots) {
      await this.#harakiri(slot);
      await this.#evilReload(slot);
      this.#endLifetime(slot);
    }
    for (const [i, slot] of this.#slots.entries()) {
      // A worker that found no app has asked for the end of the instance: the order is on its way.
      if (slot.exit === null || slot.exit.code === EXIT_NO_APP) continue;
      this.#slots[i] = await this.#replace(slot, slot.exit);
    }
  }

  async #measureQueue(): Promise<void> {
    const { options, listener } = this.#instance;
    if ('path' in listener.address) return;
    this.#queue = await listener.waiting();
    this.#maxQueue = listener.backlog;
    if (this.#queue === 0 || this.#queue < this.#maxQueue) return;
    const name = options.sockets[0]?.address ?? '';
    this.#log.dated(`*** uWSGI listen queue of socket "${name}" (fd: ${FIRST_FD}) full !!! (${this.#queue}/${this.#maxQueue}) ***`);
  }

  async #harakiri(slot: Slot): Promise<void> {
    const { busy, worker, child, exit } = slot;
    const { harakiri } = this.#instance.options;
    if (harakiri === 0 || busy === null || exit !== null) return;
    const since = Math.floor(busy.since / 1000);
    if (Math.floor(this.#host.date() / 1000) <= since + harakiri) return;
    this.#log.dated(`*** HARAKIRI ON WORKER ${worker} (pid: ${child.pid}, try: 1) ***`);
    this.#log.dated(`HARAKIRI !!! worker ${worker} status !!!`);
    this.#log.dated(`HARAKIRI [core 0] ${busy.address} - ${busy.method} ${busy.uri} since ${since}`);
    this.#log.dated(`HARAKIRI !!! end of worker ${worker} status !!!`);
    slot.killedFor = 'harakiri';
    slot.harakiris++;
    await this.#host.kill(child.pid, 'SIGKILL').catch(() => {});
    await child.exited;
  }

  async #evilReload(slot: Slot): Promise<void> {
    const { evilReloadOnRss } = this.#instance.options;
    const { worker, child, exit, bytes } = slot;
    if (evilReloadOnRss === 0 || exit !== null || bytes < evilReloadOnRss * MB) return;
    this.#log.line(`*** EVIL RELOAD ON WORKER ${worker} RSS: ${bytes} (pid: ${child.pid}) ***`);
    slot.bytes = 0;
    slot.killedFor = 'memory';
    await this.#host.kill(child.pid, 'SIGKILL').catch(() => {});
    await child.exited;
  }

  #endLifetime(slot: Slot): void {
    const { maxWorkerLifetime } = this.#instance.options;
    const { worker, child, exit, since, leaving } = slot;
    const lifetime = this.#second() - since;
    if (maxWorkerLifetime === 0 || exit !== null || leaving !== null || lifetime <= maxWorkerLifetime) return;
    this.#log.line(`worker ${worker} lifetime reached, it was running for ${lifetime} second(s)`);
    slot.leaving = 'told';
    if (child.stdin) sendTo(child.stdin, { finish: true });
  }

  #second(): number {
    return Math.floor(this.#host.date() / 1000);
  }

  /** Start another worker in the place of one that has ended. */
  async #replace(slot: Slot, exit: Exit): Promise<Slot> {
    const oldPid = slot.child.pid;
    await slot.heard;
    if (slot.leaving === 'by itself') this.#log.line(`worker ${slot.worker} killed successfully (pid: ${oldPid})`);
    else if (exit.code !== EXIT_RELOAD) {
      const how = exit.signal === null ? '' : `, killed by signal ${SIGNAL_NUMBER[exit.signal]}`;
      this.#log.line(`DAMN ! worker ${slot.worker} (pid: ${oldPid}) died${how} :( trying respawn ...`);
    }
    await this.#pauseIfTooFast();
    await this.#untilFewStart();
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
    if (order === 'stop') {
      this.#log.line('SIGINT/SIGTERM received...killing workers...');
      const start = this.#host.now();
      await this.#kill('SIGINT');
      await this.#host.sleep(TICK);
      await this.#bury(start);
      this.#log.line('goodbye to uWSGI.');
      return { code: this.#slots.some(({ exit }) => exit?.code === EXIT_NO_APP) ? EXIT_NO_APP : 0 };
    }
    this.#log.line(order === 'graceful reload' ? '...gracefully killing workers...' : '...brutally killing workers...');
    if (order === 'graceful reload') this.#finishWorkers();
    else await this.#kill('SIGINT');
    await this.#bury();
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

  /** Wait for every worker's end; after the time of mercy, end it. */
  async #bury(start = this.#host.now()): Promise<void> {
    for (const { worker, child, heard } of this.#slots) {
      const left = this.#instance.options.workerReloadMercy * 1000 - (this.#host.now() - start);
      const gone = await Promise.race([child.exited.then(() => true), this.#host.sleep(Math.max(left, 0)).then(() => false)]);
      if (!gone) {
        this.#log.dated(`worker ${worker} (pid: ${child.pid}) is taking too much time to die...NO MERCY !!!`);
        await this.#host.kill(child.pid, 'SIGKILL').catch(() => {});
        await child.exited;
      }
      await heard;
      if ((await child.exited).code === EXIT_NO_APP) {
        this.#log.line(`OOPS ! failed loading app in worker ${worker} (pid ${child.pid})`);
        this.#log.dated('need-app requested, destroying the instance...');
      } else this.#log.line(`worker ${worker} buried after ${Math.round((this.#host.now() - start) / 1000)} seconds`);
    }
  }
}
