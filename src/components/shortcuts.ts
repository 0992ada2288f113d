/** What every page offers by a key and by a button: search, and the list of keys. Each is fetched when it is first wanted. */

import { siteBase } from '../site.ts';
import { pressAgain } from './early.ts';

const searchButton = document.querySelector<HTMLElement>('button.search');

const OFFERS = {
  search: async () => {
    const { openSearch } = await import('../search/dialog.ts');
    openSearch(searchButton?.dataset['index'] ?? '', siteBase());
  },
  keys: async () => (await import('./dialogs/keys.ts')).showKeys(),
};

type Offer = keyof typeof OFFERS;

/** What takes letters keeps them: fields, the terminal, the editor. So does a dialog that is open. */
const TYPES = 'input:not([type="radio"], [type="checkbox"], [type="range"], [type="button"]), textarea, select, [contenteditable="true"]';

/** Whoever has opened the terminal and types means the shell, though the focus is still on its tab. */
const TERMINAL_TAB = '[role="tab"][id$="-tab-terminal"]';

function offerOf(event: KeyboardEvent): Offer | null {
  if (event.defaultPrevented || event.altKey || !(event.target instanceof Element)) return null;
  if (event.target.closest(TYPES) || document.querySelector('dialog:modal')) return null;
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === 'k' && !event.shiftKey ? 'search' : null;
  if (event.target.closest(TERMINAL_TAB)) return null;
  return event.key === '/' ? 'search' : event.key === '?' ? 'keys' : null;
}

async function open(offer: Offer): Promise<void> {
  try {
    await OFFERS[offer]();
  } catch {
    sayNotLoaded(offer);
  }
}

/** At the window's end, until the next try. */
function sayNotLoaded(offer: Offer): void {
  document.querySelector('.not-loaded.over-page')?.remove();
  const note = document.createElement('p');
  note.className = 'not-loaded over-page';
  note.setAttribute('role', 'alert');
  note.textContent = `${offer === 'search' ? 'The search' : 'The list of keys'} could not be loaded. Check the connection, then press again.`;
  document.body.append(note);
  document.addEventListener('pointerdown', () => note.remove(), { once: true });
  document.addEventListener('keydown', () => note.remove(), { once: true });
}

// a page without the bar, as a stage, has keys of its own
if (searchButton) {
  document.addEventListener('keydown', (event) => {
    const offer = offerOf(event);
    if (!offer) return;
    event.preventDefault();
    void open(offer);
  });
  searchButton.addEventListener('click', () => void open('search'));
}
for (const button of document.querySelectorAll('button.show-keys')) button.addEventListener('click', () => void open('keys'));
pressAgain('button.search, button.show-keys');
