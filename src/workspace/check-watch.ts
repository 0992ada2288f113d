/**
 * Looks at a lesson's checks again after something has happened, without a press: not while things go on happening, not while
 * nobody looks at the page, and never when nothing has happened.
 */

/** After the last sign so long, in milliseconds; and where signs do not end, at most so long after the first. */
const CALM_MS = 400;
const LATEST_MS = 2_500;

/** The parts of a document that are used. */
export interface Onlooker {
  readonly hidden: boolean;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
}

export class CheckWatch {
  readonly #look: () => Promise<void>;
  readonly #page: Onlooker;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the first sign came that nobody has followed up; null when there is none. */
  #first: number | null = null;
  #looking = false;

  /** `look` is never called again before it has ended. It watches as long as the page is there. */
  constructor(look: () => Promise<void>, page: Onlooker) {
    this.#look = look;
    this.#page = page;
    page.addEventListener('visibilitychange', () => this.#plan());
  }

  /** Something has happened that a check may see. */
  sign(): void {
    this.#first ??= performance.now();
    this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#first === null || this.#looking || this.#page.hidden) return;
    const latest = this.#first + LATEST_MS - performance.now();
    this.#timer = setTimeout(() => void this.#follow(), Math.max(0, Math.min(CALM_MS, latest)));
  }

  async #follow(): Promise<void> {
    this.#first = null;
    this.#looking = true;
    // a sandbox that breaks meanwhile says so itself
    await this.#look().catch(() => {});
    this.#looking = false;
    this.#plan();
  }
}
