/**
 * Load from the sandbox's browser: so many requests a second, or many at once. It never has more under way than MOST, and counts what
 * it therefore did not send: a sender that piles up its own requests would measure itself. The clock is given, so that tests own it.
 */

/** A request of the mix, and how many parts of the whole it has. */
export interface Route {
  readonly url: string;
  readonly parts: number;
}

export interface Clock {
  now(): number;
  /** Calls `what` again and again until the returned function is called. */
  every(ms: number, what: () => void): () => void;
}

/** So many at once: the sandbox's browser opens at most 64 connections. */
export const MOST = 60;
export const FASTEST = 50;
const TICK_MS = 50;
/** What was slept through is not made up for: no more than this is owed at once. */
const LONGEST_TICK_MS = 250;
/** It cannot keep up as long as it left something out in this time. */
const BEHIND_MS = 2000;

export class Load {
  readonly #send: (url: string) => Promise<unknown>;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #mix: Mix = new Mix([]);
  #rate = 0;
  #owed = 0;
  #last = 0;
  #quit: (() => void) | null = null;
  #behindUntil = 0;
  #outstanding = 0;
  #sent = 0;
  #missed = 0;

  /** `send` may fail: that no answer comes is not the sender's concern. `changed` is called when anything below did. */
  constructor(send: (url: string) => Promise<unknown>, clock: Clock, changed: () => void = () => {}) {
    this.#send = send;
    this.#clock = clock;
    this.#changed = changed;
  }

  get rate(): number {
    return this.#rate;
  }
  /** Under way now. */
  get outstanding(): number {
    return this.#outstanding;
  }
  get sent(): number {
    return this.#sent;
  }
  /** Were to be sent, and were not, because MOST were under way. */
  get missed(): number {
    return this.#missed;
  }
  get isBehind(): boolean {
    return this.#clock.now() < this.#behindUntil;
  }

  set routes(routes: readonly Route[]) {
    this.#mix = new Mix(routes);
  }

  /** Requests a second, from 0 (stops) to FASTEST. */
  set rate(rate: number) {
    this.#rate = Math.max(0, Math.min(FASTEST, rate));
    if (this.#rate === 0) this.stop();
    else if (!this.#quit) {
      this.#owed = 1;
      this.#last = this.#clock.now();
      this.#quit = this.#clock.every(TICK_MS, () => this.#tick());
      this.#tick();
    }
    this.#changed();
  }

  /** All at once, as far as there is room. */
  burst(count: number): void {
    for (let i = 0; i < count; i++) this.#one();
    this.#changed();
  }

  /** Sends no more. What is under way goes on. */
  stop(): void {
    this.#rate = 0;
    this.#quit?.();
    this.#quit = null;
    this.#changed();
  }

  #tick(): void {
    const now = this.#clock.now();
    this.#owed += (this.#rate * Math.min(now - this.#last, LONGEST_TICK_MS)) / 1000;
    this.#last = now;
    for (; this.#owed >= 1; this.#owed--) this.#one();
    this.#changed();
  }

  #one(): void {
    const url = this.#mix.next();
    if (url === null) return;
    if (this.#outstanding >= MOST) {
      this.#missed++;
      this.#behindUntil = this.#clock.now() + BEHIND_MS;
      return;
    }
    this.#sent++;
    this.#outstanding++;
    const over = (): void => {
      this.#outstanding--;
      this.#changed();
    };
    this.#send(url).then(over, over);
  }
}

/** Goes round its routes so that each comes as often as its parts say, evenly spread: never by chance. */
class Mix {
  readonly #routes: { readonly url: string; readonly parts: number; credit: number }[];
  readonly #whole: number;

  constructor(routes: readonly Route[]) {
    this.#routes = routes.filter(({ parts }) => parts > 0).map((route) => ({ ...route, credit: 0 }));
    this.#whole = this.#routes.reduce((sum, { parts }) => sum + parts, 0);
  }

  /** Null when there is none. */
  next(): string | null {
    let [chosen] = this.#routes;
    if (!chosen) return null;
    for (const route of this.#routes) {
      route.credit += route.parts;
      if (route.credit > chosen.credit) chosen = route;
    }
    chosen.credit -= this.#whole;
    return chosen.url;
  }
}
