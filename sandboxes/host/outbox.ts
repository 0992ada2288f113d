/**
 * Collects messages and posts them together: under load one post carries many messages, and that is most of the speed of
 * the sandbox.
 */
import { soon } from './soon.ts';
import type { Outlet } from './wire.ts';

/** How long a message waits for company. The eye does not see it; under load it saves most posts. */
export const LINGER_MS = 20;

/**
 * Those with something that may wait, and one timer for all of them: a browser's timer costs more than a message, and a busy
 * server has an outbox for each of its peers.
 */
const lingering = new Set<{ flush(): void }>();

function linger(outbox: { flush(): void }): void {
  if (lingering.size === 0) setTimeout(flushAll, LINGER_MS);
  lingering.add(outbox);
}

function flushAll(): void {
  const due = [...lingering];
  lingering.clear();
  for (const outbox of due) outbox.flush();
}

export class Outbox<M> {
  #messages: M[] = [];
  #outlet: Outlet<M>;
  #instead: (message: M) => M | null;
  #scheduled = false;
  #flush = (): void => this.flush();

  /** `instead` of a message that cannot be copied: what tells the other side, which may wait for it; or null. */
  constructor(outlet: Outlet<M>, instead: (message: M) => M | null = () => null) {
    this.#outlet = outlet;
    this.#instead = instead;
  }

  push(message: M): void {
    this.#messages.push(message);
    if (this.#scheduled) return;
    this.#scheduled = true;
    soon(this.#flush);
  }

  /** A message that may wait for company: it goes with the next one, or within `LINGER_MS`. */
  pushLater(message: M): void {
    this.#messages.push(message);
    if (!this.#scheduled) linger(this);
  }

  /** Is something waiting that ought to go soon, not only what may wait for company? */
  get urgent(): boolean {
    return this.#scheduled;
  }

  /** Post what is waiting now, for code that is about to block its thread. */
  flush(): void {
    this.#scheduled = false;
    if (this.#messages.length === 0) return;
    const batch = this.#messages;
    this.#messages = [];
    try {
      this.#outlet.post(batch);
    } catch {
      for (const message of batch) this.#postAlone(message);
    }
  }

  /** Hostile code may slip what cannot be copied (a port) into one message, and memory may be short: that must not cost the others. */
  #postAlone(message: M): void {
    try {
      this.#outlet.post([message]);
    } catch {
      // This is the one.
      const instead = this.#instead(message);
      if (instead !== null) this.#outlet.post([instead]);
    }
  }
}
