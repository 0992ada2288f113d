/** What joins the relays of a class: one, in memory; or several machines over Redis (redis-bus.ts). Messages are short texts. */

/** `place`: where the class is, of which the last is kept for who comes late. `count`: what a relay has counted, of which none is kept. */
export type Topic = 'place' | 'count';
export type Heard = (topic: Topic, room: string, text: string) => void;

export interface Bus {
  /** Tells every relay, this one too. Errors: the broker cannot be reached. */
  publish(topic: Topic, room: string, text: string): Promise<void>;
  /** Hears everything from now on. */
  subscribe(heard: Heard): Promise<void>;
  /** The last place of a room; null before the first. */
  last(room: string): Promise<string | null>;
  close(): Promise<void>;
}

export class MemoryBus implements Bus {
  readonly #last = new Map<string, string>();
  readonly #listeners = new Set<Heard>();

  async publish(topic: Topic, room: string, text: string): Promise<void> {
    if (topic === 'place') this.#last.set(room, text);
    for (const heard of this.#listeners) heard(topic, room, text);
  }

  async subscribe(heard: Heard): Promise<void> {
    this.#listeners.add(heard);
  }

  async last(room: string): Promise<string | null> {
    return this.#last.get(room) ?? null;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }
}
