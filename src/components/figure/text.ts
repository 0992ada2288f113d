/** The text view: the account of the log, a line for every moment, the present one marked. It reads like a transcript. */
import type { Names } from '../../diagram/words.ts';
import { WORDS } from '../../diagram/words.ts';
import type { TraceLog } from '../../trace/log.ts';
import { account, seconds, sentence } from '../../trace/text.ts';
import type { Moment } from '../../trace/trace-index.ts';
import { indexOf } from '../../trace/trace-index.ts';
import { NOTHING_YET } from './caption.ts';
import { copy } from './copy.ts';
import { addStyle } from './style.ts';
import textCss from './text.css?inline';
import type { Seen, View, ViewEvents } from './view.ts';

/** So many lines are in the page, about the present one. The clipboard gets all. */
const BEFORE = 120;
const AFTER = 60;
const COPY = 'Copy all';

export function mountText(element: HTMLElement, events: ViewEvents): View {
  addStyle(textCss);
  element.innerHTML = `<div class="account">
    <p class="account-head"><span></span><button type="button">${COPY}</button></p>
    <ol aria-label="What happened" tabindex="0"></ol>
  </div>`;
  const list = element.querySelector('ol') as HTMLElement;
  const about = element.querySelector('span') as HTMLElement;
  const button = element.querySelector('button') as HTMLButtonElement;
  let lines: Moment[] = [];
  let first = 0;
  let names: Names = 'python';
  let seen: Seen | null = null;
  let marked: Element | null = null;
  /** The visitor reads elsewhere: their scrolling is left alone until the present line changes by their own doing. */
  let at = -2;
  /** Shown moment when all was copied: at another one the button offers it again. */
  let copiedAt = Number.NaN;

  function show(now: Seen): void {
    seen = now;
    const { moments } = indexOf(now.log);
    const present = indexOf(now.log).momentAt(now.t);
    const from = windowStart(present, moments.length);
    const shown = moments.slice(from, from + BEFORE + AFTER);
    if (names !== now.names || from !== first || !startsWith(shown, lines)) {
      lines = [];
      list.replaceChildren();
    }
    names = now.names;
    first = from;
    list.append(...shown.slice(lines.length).map((moment) => line(now.log, moment)));
    lines = shown;
    if (lines.length === 0) list.replaceChildren(Object.assign(document.createElement('li'), { textContent: NOTHING_YET }));
    if (now.t !== copiedAt) button.textContent = COPY;
    about.textContent = aboutText(moments.length);
    mark(present - from, present !== at);
    at = present;
  }

  function line(log: TraceLog, moment: Moment): HTMLLIElement {
    const item = document.createElement('li');
    item.dataset['t'] = String(moment.t);
    item.textContent = `${seconds(moment.t)}: ${sentence(log, moment, WORDS[names].told)}`;
    return item;
  }

  function aboutText(count: number): string {
    const all = `${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'}`;
    return count > lines.length ? `${all}, ${lines.length} of them here` : all;
  }

  function mark(position: number, moved: boolean): void {
    const item = list.children[position] ?? null;
    if (item !== marked) {
      marked?.removeAttribute('aria-current');
      item?.setAttribute('aria-current', 'true');
      marked = item;
    }
    if (!moved || !(item instanceof HTMLElement)) return;
    const top = item.offsetTop - list.offsetTop;
    list.scrollTop = top - list.clientHeight * 0.7;
  }

  list.addEventListener('click', (event) => {
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-t]') : null;
    // who selects text to copy it wants to stay
    if (item && getSelection()?.isCollapsed !== false) events.seek(Number(item.dataset['t']));
  });
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step && seen && indexOf(seen.log).moments[indexOf(seen.log).momentAt(seen.t) + step];
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    events.seek(next.t);
  });
  button.addEventListener('click', async () => {
    if (!seen) return;
    const text = account(seen.log, WORDS[names].told);
    copiedAt = seen.t;
    button.textContent = (await copy(`${text.join('\n')}\n`)) ? 'Copied' : 'Copying is forbidden here';
  });

  return {
    show,
    // a line is either there or not
    move() {},
    destroy() {},
  };
}

/** The first line of those that are in the page. It moves in leaps, so that most of the time only what is new is added. */
function windowStart(present: number, count: number): number {
  if (count <= BEFORE + AFTER) return 0;
  return Math.max(0, Math.floor((present - BEFORE / 2) / AFTER) * AFTER);
}

function startsWith(list: readonly Moment[], start: readonly Moment[]): boolean {
  // the ends are enough: what comes late lands in between and moves the last one
  return start.length <= list.length && start[0] === list[0] && start.at(-1) === list[start.length - 1];
}
