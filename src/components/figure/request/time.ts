/** Where a request's time went: a bar, and the same in words beneath it. */
import type { Names } from '../../../diagram/words.ts';
import type { RequestTrace } from '../../../trace/requests.ts';
import { duration } from '../../../trace/text.ts';
import { el } from './dom.ts';
import { spansOf } from './spans.ts';
import { holderName } from './words.ts';

export class TimeBar {
  readonly element: HTMLElement;
  readonly #bar = el('div', { class: 'time', 'aria-hidden': 'true' });
  readonly #legend = el('ul', { class: 'legend', 'aria-label': 'Where its time went' });
  readonly #names: Names;

  constructor(names: Names) {
    this.#names = names;
    this.element = el('div', {}, this.#bar, this.#legend);
  }

  /** `now` counts for a request under way. */
  show(request: RequestTrace, now: number): void {
    const spans = spansOf(request, now);
    const over = Number.isFinite(request.end);
    // what was never sent took no time
    this.element.hidden = spans.length < 2 && over;
    this.#bar.replaceChildren(
      ...spans.map(({ holder, ms }) => {
        const piece = el('span', { class: holder });
        piece.style.flexGrow = String(Math.max(ms, 0.001));
        return piece;
      }),
    );
    const words = spans.map(({ holder, ms }) =>
      el('li', { class: holder }, `${holderName(holder, this.#names)} `, el('b', {}, duration(ms))),
    );
    const whole = duration(Math.max(0, (over ? request.end : now) - request.start));
    this.#legend.replaceChildren(...words, el('li', {}, el('b', {}, whole), over ? ' in all' : ' so far'));
  }
}
