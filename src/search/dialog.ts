/** Search as a dialog: a combobox whose list are the results. The index is fetched when the dialog is first opened, and then kept. */
import MiniSearch, { type SearchResult } from 'minisearch';
import { make, showDialog } from '../components/dialogs/dialog.ts';
import { excerpt, marked, type Part } from './excerpt.ts';
import { type Entry, OPTIONS, SEARCH } from './options.ts';

/** So many results are shown: who needs more needs another word. */
const MOST = 20;

let index: Promise<MiniSearch<Entry>> | null = null;
/** What was looked for last, to go on with. */
let last = '';

/** Errors: the network's, and what the server said instead. */
function load(address: string): Promise<MiniSearch<Entry>> {
  index ??= fetch(address)
    .then(async (answer) => {
      if (!answer.ok) throw new Error(`the site answered ${answer.status}`);
      return MiniSearch.loadJSONAsync(await answer.text(), OPTIONS);
    })
    .catch((error: unknown) => {
      index = null;
      throw error;
    });
  return index;
}

/** Opens the dialog. `address` is the index's, `base` the site's. */
export function openSearch(address: string, base: string): void {
  const input = make('input');
  const said = make('p', 'said');
  const list = make('div', 'body');
  const hint = make('p', 'hint');
  hint.append(key('↑'), ' ', key('↓'), ' choose, ', key('Enter'), ' open, ', key('Esc'), ' close');
  said.setAttribute('role', 'status');
  list.id = 'search-results';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Results');
  const attributes = { type: 'text', role: 'combobox', 'aria-controls': list.id, 'aria-autocomplete': 'list', 'aria-expanded': 'false' };
  const more = {
    'aria-label': 'Search',
    placeholder: 'A word, a setting, a command',
    autocomplete: 'off',
    spellcheck: 'false',
    enterkeyhint: 'go',
  };
  for (const [name, value] of Object.entries({ ...attributes, ...more })) input.setAttribute(name, value);
  input.value = last;

  let options: HTMLAnchorElement[] = [];
  let active = -1;

  function choose(to: number): void {
    active = options.length ? (to + options.length) % options.length : -1;
    for (const [at, option] of options.entries()) option.setAttribute('aria-selected', String(at === active));
    const option = options[active];
    if (option) input.setAttribute('aria-activedescendant', option.id);
    else input.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest' });
  }

  function show(results: readonly SearchResult[]): void {
    options = results.slice(0, MOST).map((result, at) => optionOf(result, at, base));
    list.replaceChildren(...options);
    list.scrollTop = 0;
    input.setAttribute('aria-expanded', String(options.length > 0));
    choose(options.length ? 0 : -1);
  }

  async function search(): Promise<void> {
    const query = input.value.trim();
    last = query;
    try {
      const ready = await load(address);
      // typed on meanwhile
      if (query !== input.value.trim()) return;
      const results = query ? ready.search(query, SEARCH) : [];
      show(results);
      said.textContent = wordsOn(query, results.length);
    } catch (error) {
      show([]);
      said.replaceChildren(`The search could not be loaded: ${error instanceof Error ? error.message : error}. `, again());
    }
  }

  function again(): HTMLElement {
    const button = make('button', 'link', 'Try again');
    button.type = 'button';
    button.addEventListener('click', () => {
      input.focus();
      void search();
    });
    return button;
  }

  input.addEventListener('input', () => void search());
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(active < 0 && step < 0 ? -1 : active + step);
    else if (event.key === 'Enter' && !event.isComposing) options[active]?.click();
    else return;
    event.preventDefault();
  });
  list.addEventListener('pointermove', ({ target }) => {
    const at = options.findIndex((option) => target instanceof Node && option.contains(target));
    if (at >= 0 && at !== active) choose(at);
  });

  const dialog = showDialog('Search', 'search-dialog', [magnifier(), input], [said, list, hint]);
  list.addEventListener('click', (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!elsewhere && event.target instanceof Element && event.target.closest('a')) dialog.close();
  });
  input.select();
  input.focus();
  void search();
}

function wordsOn(query: string, count: number): string {
  if (!query) return 'Lessons step by step, the glossary, and the settings of Nginx and uWSGI.';
  if (count === 0) return `Nothing has “${query}” in it. Try fewer words, or another one.`;
  if (count > MOST) return `${count} found, the first ${MOST} are shown.`;
  return `${count} found.`;
}

function optionOf({ id, to, place, title, text, match }: SearchResult, at: number, base: string): HTMLAnchorElement {
  const words = Object.keys(match);
  const option = make('a');
  option.id = `search-option-${at}-${id}`;
  option.href = `${base}${to}`;
  option.tabIndex = -1;
  option.setAttribute('role', 'option');
  const name = make('span', 'title');
  name.append(...pieces(marked(String(title), words)));
  const shown = make('span', 'excerpt');
  shown.append(...pieces(excerpt(String(text), words)));
  option.append(make('span', 'place', String(place)), name, shown);
  return option;
}

const pieces = (parts: readonly Part[]): (Node | string)[] => parts.map(({ text, hit }) => (hit ? make('mark', '', text) : text));

const key = (name: string): HTMLElement => make('kbd', '', name);

function magnifier(): Node {
  const holder = make('div');
  holder.innerHTML =
    '<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20"></path></svg>';
  return holder.firstChild ?? holder;
}
