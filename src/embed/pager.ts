/** One step at a time: a frame as high as its lesson must not be as high as all of it. The last page is the task and the questions. */

export interface Page {
  /** `step-3`, or `turn`. */
  readonly id: string;
  /** From 1. */
  readonly index: number;
}

export interface Pager {
  readonly now: Page | null;
  /** Shows a page; false when there is none of that number. */
  go(index: number): boolean;
}

interface Options {
  /** Are steps shown at all, and the task with the questions? */
  readonly steps: boolean;
  readonly turn: boolean;
  /** The page shown first, from 1. */
  readonly first: number;
  /** The learner does not turn pages. */
  readonly lone: boolean;
  /** The learner, or the host, has gone to another page. `before`: null for the first one. */
  readonly onPage: (page: Page, before: Page | null, byLearner: boolean) => void;
}

export function mountPager(root: HTMLElement, { steps, turn, first, lone, onPage }: Options): Pager {
  const parts = [
    ...(steps ? root.querySelectorAll<HTMLElement>('.step') : []),
    ...(turn ? root.querySelectorAll<HTMLElement>('.turn') : []),
  ];
  const bar = root.querySelector<HTMLElement>('.pager');
  const [back, next] = bar?.querySelectorAll('button') ?? [];
  const said = bar?.querySelector('.at');
  const pageAt = (at: number): Page => ({ id: parts[at]?.id || 'turn', index: at + 1 });
  let at = -1;

  function go(index: number, byLearner = false): boolean {
    if (!Number.isInteger(index) || index < 1 || index > parts.length) return false;
    const before = at < 0 ? null : pageAt(at);
    at = index - 1;
    for (const [one, part] of parts.entries()) part.hidden = one !== at;
    const isTurn = parts[at]?.matches('.turn');
    const count = parts.filter((part) => !part.matches('.turn')).length;
    if (said) said.textContent = isTurn ? 'Your turn' : `Step ${index} of ${count}`;
    if (back) back.disabled = at === 0;
    if (next) next.disabled = at === parts.length - 1;
    if (before?.index !== index) onPage(pageAt(at), before, byLearner);
    return true;
  }

  for (const part of root.querySelectorAll<HTMLElement>('.step, .turn')) part.hidden = !parts.includes(part);
  if (bar) bar.hidden = lone || parts.length < 2;
  back?.addEventListener('click', () => go(at, true));
  next?.addEventListener('click', () => go(at + 2, true));
  // a link in the text to another step, or to the questions
  window.addEventListener('hashchange', () => {
    const target = document.getElementById(location.hash.slice(1));
    const to = parts.findIndex((part) => target && part.contains(target));
    if (to >= 0 && go(to + 1, true)) target?.scrollIntoView();
  });
  if (!go(first)) go(1);
  root.dataset['paged'] = '';
  return {
    get now() {
      return at < 0 ? null : pageAt(at);
    },
    go: (index) => go(index),
  };
}
