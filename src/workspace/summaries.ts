/**
 * Sums up answers for people who hear the page, never one by one: in one sentence once all that was asked for has come,
 * or after a while of what there is.
 */

import type { HttpResponse } from '../runtime/runtime.ts';
import { summarise } from './answer.ts';

/** So long after the last answer, in milliseconds: the next wish may follow at once. */
const CALM = 2500;
/** So long after the first at the latest, though others are still under way. */
const LATEST = 15_000;

export class Summaries {
  readonly #say: (text: string) => void;
  #fresh: HttpResponse[] = [];
  #waiting = 0;
  #due = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  sent(): void {
    this.#waiting++;
    this.#wait();
  }

  answered(response: HttpResponse): void {
    this.#waiting--;
    if (!this.#fresh.length) this.#due = Date.now() + LATEST;
    this.#fresh.push(response);
    this.#wait();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    if (!this.#fresh.length) return;
    clearTimeout(this.#timer);
    const left = this.#due - Date.now();
    this.#timer = setTimeout(() => this.#speak(), Math.max(0, this.#waiting ? left : Math.min(CALM, left)));
  }

  #speak(): void {
    this.#say(summarise(this.#fresh, this.#waiting));
    this.#fresh = [];
  }
}
