/** What joins the relays of a class: one, in memory; or several machines over Redis (redis-bus.ts). Messages are short texts. */

/** `place`: where the class is, of which the last is kept for who comes late. `count`: what a relay has counted, of which none is kept. */
export type Topic = 'place' | 'count';
export type Heard = (topic: Topic, room: string, text: string) => void;

/** The last place of a room. */
export interface Last {
  readonly text: string;
  /** So long since it was published (ms): machines may have different clocks. */
  readonly ago: number;
}

export interface Bus {
  /** Tells every relay, this one too. Errors: the broker cannot be reached. */
  publish(topic: Topic, room: string, text: string): Promise<void>;
  /** Hears everything from now on. `missed` is called when something may have been said that was not heard: then ask for the last. */
  subscribe(heard: Heard, missed: () => void): Promise<void>;
  /** Null before the first, and after the class. Errors: the broker cannot be reached. */
  last(room: string): Promise<Last | null>;
  close(): Promise<void>;
}

export class MemoryBus implements Bus {
  readonly #last = new Map<string, { readonly text: string; readonly at: number }>();
  readonly #listeners = new Set<Heard>();

  async publish(topic: Topic, room: string, text: string): Promise<void> {
    if (topic === 'place') this.#last.set(room, { text, at: performance.now() });
    for (const heard of this.#listeners) heard(topic, room, text);
  }

  async subscribe(heard: Heard): Promise<void> {
    this.#listeners.add(heard);
  }

  async last(room: string): Promise<Last | null> {
    const last = this.#last.get(room);
    return last ? { text: last.text, ago: performance.now() - last.at } : null;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }
}
