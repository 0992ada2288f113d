/** A slide that is longer than its place, in pages: each begins with a whole line or part, and the last lines of one are the first of the next. */

/** Less than this (px) below the edge is no page of its own. */
const SLACK = 6;
/** A page is at least this part of the height. */
const LEAST = 0.45;

/** Where the pages of a text begin (px). `tops` are where its parts begin, in any order. */
export function pageStarts(height: number, total: number, tops: readonly number[]): number[] {
  const starts = [0];
  while (height > 0) {
    const start = starts.at(-1) ?? 0;
    if (start + height >= total - SLACK) break;
    const parts = tops.filter((top) => top > start + height * LEAST && top <= start + height);
    starts.push(Math.min(Math.max(...parts, parts.length ? 0 : start + height * 0.85), Math.max(total - height, start + 1)));
  }
  return starts;
}

const PARTS = 'p, li, pre, h2, h3, tr, .aside, figure, fieldset, .do, .pair, label';

export class Pages {
  readonly #area: HTMLElement;
  #starts: readonly number[] = [0];
  /** On its way to a page: what is passed on the way counts for nothing, or a second press would begin from there. */
  #going = false;

  /** `area` scrolls; `scrolled` is told the page when somebody has scrolled to it. */
  constructor(area: HTMLElement, scrolled: (page: number) => void) {
    this.#area = area;
    area.addEventListener('scroll', () => this.#going || scrolled(this.at), { passive: true });
    area.addEventListener('scrollend', () => {
      this.#going = false;
      scrolled(this.at);
    });
  }

  get count(): number {
    return this.#starts.length;
  }

  /** The page whose start has been reached. */
  get at(): number {
    const { scrollTop } = this.#area;
    return Math.max(
      0,
      this.#starts.findLastIndex((start) => start <= scrollTop + SLACK),
    );
  }

  /** Looks anew how long the text is. */
  measure(): void {
    const { clientHeight, scrollHeight, scrollTop } = this.#area;
    const { top } = this.#area.getBoundingClientRect();
    const parts = [...this.#area.querySelectorAll(PARTS)].filter((part) => part.getClientRects().length > 0);
    const tops = parts.map((part) => part.getBoundingClientRect().top - top + scrollTop - SLACK);
    this.#starts = pageStarts(clientHeight, scrollHeight, tops);
  }

  /** To a page; beyond the last is the last. */
  go(page: number, smooth: boolean): void {
    const to = this.#starts[Math.min(page, this.count - 1)] ?? 0;
    // a browser that does not say when it has arrived is not waited for, nor is a way of less than a pixel
    this.#going = smooth && 'onscrollend' in this.#area && Math.abs(this.#area.scrollTop - to) >= 1;
    this.#area.scrollTo({ top: to, behavior: smooth ? 'smooth' : 'instant' });
  }
}
