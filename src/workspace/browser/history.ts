/** Where a tab has been, and where it is there. */
import type { Ask } from './content.ts';

/** So many are kept. */
const MOST = 100;

export class History {
  #asks: Ask[] = [];
  #place = -1;

  get current(): Ask | null {
    return this.#asks[this.#place] ?? null;
  }

  /** So many steps from here, null when there is none. */
  at(step: number): Ask | null {
    return this.#asks[this.#place + step] ?? null;
  }

  /** What lay ahead is forgotten. The same place again is no new one. */
  push(ask: Ask): void {
    const again = this.current?.url === ask.url && this.current.method === ask.method;
    this.#asks = [...this.#asks.slice(0, this.#place + (again ? 0 : 1)), ask].slice(-MOST);
    this.#place = this.#asks.length - 1;
  }

  go(step: -1 | 0 | 1): void {
    if (this.at(step)) this.#place += step;
  }

  /** Goes there, and what is there now is this. */
  replace(ask: Ask, step: -1 | 0 | 1): void {
    if (!this.current) this.push(ask);
    this.go(step);
    this.#asks[this.#place] = ask;
  }
}
