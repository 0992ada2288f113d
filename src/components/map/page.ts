/** The map's filter: shows the rows that are wanted, says how many, and keeps the wish in the address. */
import { fits, queryOf, type Wish, wishIn } from '../../map/filter.ts';

const form = document.querySelector<HTMLFormElement>('form.filter');
const text = form?.querySelector<HTMLInputElement>('input[name="q"]');
const group = form?.querySelector<HTMLSelectElement>('select');
const likenesses = [...(form?.querySelectorAll<HTMLInputElement>('input[name="same"]') ?? [])];
const count = document.querySelector<HTMLElement>('.count');
const nothing = document.querySelector<HTMLElement>('.nothing');
const table = document.querySelector<HTMLElement>('table.rows');
const bodies = [...document.querySelectorAll<HTMLElement>('table.rows tbody')];
const groups = bodies.map(({ dataset }) => dataset['group'] ?? '');
/** What the row says: the names of its links' places are no words of it. */
const wordsOf = (row: HTMLElement): string =>
  [...row.querySelectorAll('th, td[data-column], .how > :not(.links)')].map(({ textContent }) => textContent).join(' ');
const rows = bodies.flatMap((body) =>
  [...body.querySelectorAll<HTMLElement>('tr[id]')].map((element) => ({
    element,
    shown: { text: wordsOf(element), group: body.dataset['group'] ?? '', same: element.dataset['same'] ?? '' },
  })),
);

const fromForm = (): Wish =>
  wishIn(
    queryOf({
      q: text?.value ?? '',
      group: group?.value ?? '',
      same: (likenesses.find(({ checked }) => checked)?.value ?? '') as Wish['same'],
    }),
    groups,
  );

function intoForm(wish: Wish): void {
  if (text) text.value = wish.q;
  if (group) group.value = wish.group;
  for (const one of likenesses) one.checked = one.value === wish.same;
}

function show(wish: Wish): void {
  for (const { element, shown } of rows) element.hidden = !fits(shown, wish);
  for (const body of bodies) body.hidden = body.querySelector('tr[id]:not([hidden])') === null;
  const left = rows.filter(({ element }) => !element.hidden).length;
  if (count) count.textContent = left === rows.length ? `All ${rows.length} rows` : `${left} of ${rows.length} rows`;
  if (nothing) nothing.hidden = left > 0;
  if (table) table.hidden = left === 0;
}

function take(wish: Wish): void {
  show(wish);
  history.replaceState(history.state, '', `${location.pathname}${queryOf(wish)}${location.hash}`);
}

function showAll(): void {
  const all: Wish = { q: '', group: '', same: '' };
  intoForm(all);
  take(all);
}

/** A link to one row comes before a wish that hides it. */
function showTarget(): void {
  const target = document.getElementById(location.hash.slice(1));
  if (!target || target.closest('[hidden]') === null) return;
  showAll();
  target.scrollIntoView();
}

form?.addEventListener('input', () => take(fromForm()));
// Enter has nothing more to do: the rows follow every letter
form?.addEventListener('submit', (event) => event.preventDefault());
form?.addEventListener('reset', (event) => {
  event.preventDefault();
  showAll();
  text?.focus();
});
document.querySelector('.print')?.addEventListener('click', () => window.print());
window.addEventListener('hashchange', showTarget);

const wish = wishIn(location.search, groups);
intoForm(wish);
show(wish);
showTarget();
