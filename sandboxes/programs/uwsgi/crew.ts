/** The master's workers: how they are started from its memory, and what they say. */
import type { Host } from '../../host/host.ts';
import type { FromWorker } from './control.ts';
import { type Entry, type Log, numbered, outputOf } from './log.ts';
import { newSlot, type Slot } from './slot.ts';
import type { Instance } from './startup.ts';
import { newTally, nextLife } from './tally.ts';
import { WORKER_START, type WorkerStart } from './worker.ts';

const START_AT_ONCE = 2;
/** A worker whose start takes longer, ms, keeps no other from starting. */
const START_PATIENCE = 1500;

export class Crew {
  readonly slots: Slot[] = [];
  #host: Host;
  #log: Log;
  #instance: Instance;
  /** Writes what workers log, and numbers their requests. */
  #write: (...entries: readonly Entry[]) => void;
  #total = 0;
  #oneIsUp: () => void = () => {};

  constructor(host: Host, log: Log, instance: Instance) {
    this.#host = host;
    this.#log = log;
    this.#instance = instance;
    this.#write = numbered(host, 0, outputOf(host, instance.options.logto));
  }

  /** The first start of the next worker. */
  async add(): Promise<Slot> {
    const worker = this.slots.length + 1;
    await this.#untilFewStart();
    const slot = await this.#start(worker, null);
    this.slots.push(slot);
    this.#log.line(`spawned uWSGI worker ${worker} (pid: ${slot.child.pid}, cores: 1)`);
    return slot;
  }

  /** Another process in the place of one that has ended. */
  async replace(before: Slot): Promise<Slot> {
    await this.#untilFewStart();
    const slot = await this.#start(before.worker, before);
    this.slots[before.worker - 1] = slot;
    this.#log.line(`Respawned uWSGI worker ${slot.worker} (new pid: ${slot.child.pid})`);
    return slot;
  }

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
      diesWithParent: options.noOrphans,
      ...(image ? { image } : {}),
    });
    const since = Math.floor(this.#host.date() / 1000);
    const slot = newSlot(worker, child, { tally, since, appStartup: loaded ? appStartup : null, before }, (from, message) =>
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
   * and the first request with them. The first one starts alone: that request waits for it.
   */
  async #untilFewStart(): Promise<void> {
    const starting = this.slots.filter(({ up }) => !up).length;
    const most = this.slots.some(({ up }) => up) ? START_AT_ONCE : 1;
    if (starting < most) return;
    await Promise.race([this.#host.sleep(START_PATIENCE), new Promise<void>((resolve) => (this.#oneIsUp = resolve))]);
  }

  #isUp(slot: Slot): void {
    slot.up = true;
    this.#oneIsUp();
  }

  #hear(slot: Slot, message: FromWorker): void {
    switch (message.say) {
      case 'log':
        this.#total += message.entries.filter((entry) => typeof entry !== 'string').length;
        this.#write(...message.entries);
        break;
      case 'python':
        slot.python = true;
        break;
      case 'up':
        slot.appStartup = message.appStartup;
        this.#isUp(slot);
        break;
      case 'memory':
        slot.bytes = message.bytes;
        break;
      case 'leaving':
        slot.leaving = 'by itself';
        slot.cursed = Math.floor(this.#host.date() / 1000);
        break;
      case 'busy':
        slot.busy = message;
        slot.tally.begun = message.begun;
        break;
      case 'done':
        slot.busy = null;
        slot.tally = message.tally;
    }
  }
}
