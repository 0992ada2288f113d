/**
 * Many deadlines over one sleep. A server sets a deadline for every request and almost always cancels it; a timer for
 * each would leave thousands of them ticking. Here a deadline is an entry in a set, and one sleeper looks at the nearest.
 */
import type { Host } from '../../host/host.ts';

export interface Deadline {
  /** When, on `host.now()`. */
  readonly at: number;
  readonly passed: () => void;
}

export class Deadlines {
  readonly #host: Pick<Host, 'now' | 'sleep'>;
  readonly #waiting = new Set<Deadline>();
  /** When the sleeper wakes next; Infinity when nobody sleeps. */
  #wakes = Number.POSITIVE_INFINITY;

  constructor(host: Pick<Host, 'now' | 'sleep'>) {
    this.#host = host;
  }

  /** Call `passed` in `ms` milliseconds unless the deadline is cancelled before. */
  set(ms: number, passed: () => void): Deadline {
    const deadline = { at: this.#host.now() + ms, passed };
    this.#waiting.add(deadline);
    if (deadline.at < this.#wakes) void this.#sleepUntil(deadline.at);
    return deadline;
  }

  cancel(deadline: Deadline): void {
    this.#waiting.delete(deadline);
  }

  async #sleepUntil(at: number): Promise<void> {
    this.#wakes = at;
    await this.#host.sleep(Math.max(0, at - this.#host.now()));
    // A nearer deadline has come meanwhile and has its own sleep: that one goes on.
    if (this.#wakes !== at) return;
    this.#wakes = Number.POSITIVE_INFINITY;
    const now = this.#host.now();
    let nearest = Number.POSITIVE_INFINITY;
    for (const deadline of [...this.#waiting]) {
      if (deadline.at <= now) {
        this.#waiting.delete(deadline);
        deadline.passed();
      } else nearest = Math.min(nearest, deadline.at);
    }
    if (nearest < this.#wakes) void this.#sleepUntil(nearest);
  }
}
