/**
 * Sums up answers for people who hear the page, never one by one: in one sentence once all that was asked for has come,
 * or after a while of what there is.
 */

import type { HttpResponse } from '../runtime/runtime.ts';
import { type Exchange, summarise } from './answer.ts';

/** So long after the last answer, in milliseconds: the next wish may follow at once. */
const CALM = 2500;
/** So long after the first at the latest, though others are still under way. */
const LATEST = 15_000;

export class Summaries {
  readonly #say: (text: string) => void;
  readonly #told = new Set<number>();
  #fresh: HttpResponse[] = [];
  #waiting = 0;
  #due = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** Looks at what has become of the requests. */
  see(exchanges: readonly Exchange[]): void {
    this.#waiting = exchanges.filter(({ response }) => !response).length;
    const answered = exchanges.flatMap(({ id, response }) => (response && !this.#told.has(id) ? [{ id, response }] : []));
    if (answered.length && !this.#fresh.length) this.#due = Date.now() + LATEST;
    for (const { id, response } of answered) {
      this.#told.add(id);
      this.#fresh.push(response);
    }
    if (!this.#fresh.length) return;
    clearTimeout(this.#timer);
    const left = this.#due - Date.now();
    this.#timer = setTimeout(() => this.#speak(), Math.max(0, this.#waiting ? left : Math.min(CALM, left)));
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #speak(): void {
    this.#say(summarise(this.#fresh, this.#waiting));
    this.#fresh = [];
  }
}
