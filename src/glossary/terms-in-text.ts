/** Terms marked in the text: what they mean is fetched when somebody first turns to one. A link to the glossary they are anyway. */

type Note = typeof import('./note.ts');

let note: Note | null = null;

const termAt = (event: Event): HTMLElement | null => (event.target instanceof Element ? event.target.closest<HTMLElement>('a.term') : null);

/** Without a connection the link still leads to the glossary. */
async function show(term: HTMLElement): Promise<void> {
  note ??= await import('./note.ts').catch(() => null);
  // who went on meanwhile does not want it any more
  if (term.matches(':hover, :focus')) note?.show(term);
}

for (const type of ['pointerover', 'focusin'])
  document.addEventListener(type, (event) => {
    const term = termAt(event);
    if (term) void show(term);
  });
document.addEventListener('pointerout', (event) => {
  if (termAt(event)) note?.hideSoon();
});
// at once, or it would lie over what the focus goes to
document.addEventListener('focusout', (event) => {
  if (termAt(event)?.matches(':not(:hover)')) note?.hide();
});

// Where nothing can hover, the first tap shows what the term means, the next one goes to the glossary.
let shownBefore = false;
document.addEventListener('pointerdown', (event) => {
  const term = termAt(event);
  shownBefore = term !== null && note?.isShownFor(term) === true;
});
document.addEventListener('click', (event) => {
  const term = termAt(event);
  if (!term || shownBefore || !matchMedia('(hover: none)').matches) return;
  event.preventDefault();
  void show(term);
});
