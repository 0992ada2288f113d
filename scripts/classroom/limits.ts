/** How much of everything a relay takes. */

export interface Limits {
  /** Pages that listen, in all rooms together. */
  readonly clients: number;
  /** Of them from one address. Not few: a school may have one address for all. */
  readonly clientsPerAddress: number;
  /** Checks that are counted in a room; what more pages report counts before what fewer do. */
  readonly checks: number;
  /** Messages a second of a teacher, and of one page; twice as many may come at once. */
  readonly placesPerSecond: number;
  readonly reportsPerSecond: number;
  /** What may wait for a slow page before it has to connect anew, in bytes. */
  readonly waiting: number;
  readonly beatMs: number;
}

export const LIMITS: Omit<Limits, 'beatMs'> = {
  clients: 1000,
  clientsPerAddress: 400,
  checks: 40,
  placesPerSecond: 30,
  reportsPerSecond: 4,
  waiting: 64 * 1024,
};

/** Lets through so many a second, and twice as many at once. */
export class Allowance {
  readonly #perSecond: number;
  #left: number;
  #at: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#left = 2 * perSecond;
    this.#at = now;
  }

  /** Whether one more is all right at the time `now` (ms). */
  take(now: number): boolean {
    this.#left = Math.min(2 * this.#perSecond, this.#left + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
