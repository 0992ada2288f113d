/**
 * What a marked term means, shown beside it on hover, focus and tap. Fetched when it is first wanted. It can be pointed at, goes with
 * Escape, and stays until pointer and focus have left (WCAG 1.4.13).
 */
import { addStyle } from '../components/figure/style.ts';
import css from './note.css?inline';
import type { Term } from './terms/term.ts';
import { counterpart, TERMS } from './terms.ts';

/** So long may the pointer take on its way from the term to the note, in milliseconds. */
const GRACE_MS = 250;
const GAP = 6;
const MARGIN = 8;

const byId: ReadonlyMap<string, Term> = new Map(TERMS.map((term) => [term.id, term]));
const note = document.createElement('div');
let anchor: HTMLElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

export const isShownFor = (element: HTMLElement): boolean => anchor === element;

/** Shows the term's note; in its place when another one is shown. */
export function show(element: HTMLElement): void {
  clearTimeout(timer);
  const term = byId.get(element.dataset['term'] ?? '');
  if (!term || anchor === element) return;
  hide();
  fill(term);
  // beside the term for those who walk through the page, whatever lies around it
  document.body.append(note);
  anchor = element;
  anchor.setAttribute('aria-describedby', note.id);
  place(element);
}

export function hide(): void {
  clearTimeout(timer);
  anchor?.removeAttribute('aria-describedby');
  anchor = null;
  note.remove();
}

/** Unless the pointer comes back, or the focus is on the term. */
export function hideSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (anchor && anchor !== document.activeElement) hide();
  }, GRACE_MS);
}

function fill(term: Term): void {
  const name = document.createElement('strong');
  name.textContent = term.term;
  const meaning = document.createElement('p');
  meaning.append(name, ` ${term.says}`);
  note.replaceChildren(meaning);
  const other = counterpart(term);
  if (!other) return;
  const twin = document.createElement('p');
  twin.className = 'twin';
  const label = document.createElement('span');
  label.textContent = other.side;
  twin.append(label, ` ${other.says}`);
  note.append(twin);
}

/** Below the first line of the term, or above it where there is no room. In the page's own coordinates, so that it scrolls along. */
function place(element: HTMLElement): void {
  const [line = element.getBoundingClientRect()] = element.getClientRects();
  const { offsetWidth: width, offsetHeight: height } = note;
  const right = document.documentElement.clientWidth - MARGIN;
  const left = Math.max(MARGIN, Math.min(line.left, right - width));
  const below = line.bottom + GAP + height <= innerHeight;
  const top = below ? line.bottom + GAP : line.top - GAP - height;
  note.style.translate = `${Math.round(left + scrollX)}px ${Math.round(top + scrollY)}px`;
}

addStyle(css);
note.id = 'term-note';
note.className = 'term-note';
note.setAttribute('role', 'tooltip');
note.addEventListener('pointerenter', () => clearTimeout(timer));
note.addEventListener('pointerleave', hideSoon);
addEventListener('resize', hide);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && anchor) hide();
});
