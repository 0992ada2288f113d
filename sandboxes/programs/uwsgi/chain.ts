/** A chain reload: each worker finishes and is replaced when the one before it serves again, so that some always serve. */
import type { Log } from './log.ts';
import type { Slot } from './slot.ts';

export class ChainReload {
  #log: Log;
  #finish: (slot: Slot) => void;
  /** Number of the worker whose turn it is; 0 when no chain reload is under way. */
  #turn = 0;
  #lastSaid = 0;

  constructor(log: Log, finish: (slot: Slot) => void) {
    this.#log = log;
    this.#finish = finish;
  }

  /** Someone touched the file. */
  start(path: string): void {
    const words = this.#turn === 0 ? 'chain reload !!!' : 'but chain reload is already running';
    this.#log.dated(`*** ${path} has been touched... ${words} ***`);
    if (this.#turn === 0) this.#turn = 1;
  }

  /** The worker was replaced. */
  replaced(worker: number): void {
    if (worker === this.#turn) this.#turn++;
  }

  /** One step, at a tick in this second. */
  step(slots: readonly Slot[], second: number): void {
    if (this.#turn === 0) return;
    const before = slots[this.#turn - 2];
    if (before && before.exit === null && !before.up) {
      if (second !== this.#lastSaid) this.#log.dated(`chain is still waiting for worker ${before.worker}...`);
      this.#lastSaid = second;
      return;
    }
    for (let slot = slots[this.#turn - 1]; slot !== undefined; slot = slots[++this.#turn - 1]) {
      // It has ended, and is replaced in a moment.
      if (slot.exit !== null) return;
      // One that is only starting is fresh.
      if (!slot.up) continue;
      if (slot.leaving === null) {
        this.#log.dated(`chain next victim is worker ${slot.worker}`);
        slot.leaving = 'in turn';
        this.#finish(slot);
      }
      return;
    }
    this.#turn = 0;
    this.#log.dated('chain reloading complete');
  }
}
