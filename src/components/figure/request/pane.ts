/** The right side of the dialog: one hop, in the forms that there are of it. */
import type { Names } from '../../../diagram/words.ts';
import type { ByteHop } from '../../../trace/bytes.ts';
import type { RequestTrace } from '../../../trace/requests.ts';
import { copy } from '../copy.ts';
import { bodyOf } from './bodies.ts';
import { byKey, el } from './dom.ts';
import { BUSY, type Form, formsOf, missing } from './forms.ts';
import { noteOf } from './words.ts';

/** Narrower than this (CSS px), bytes stand in shorter rows. */
const NARROW = 620;

export class Pane {
  readonly element = el('div', { class: 'pane' });
  /** Label of the form that was chosen last: the next hop shows the same one if it has it. */
  #wanted = '';
  readonly #say: (text: string) => void;

  readonly #recorded: boolean;

  /** `recorded`: the log has bytes. `say` tells what happened to those who do not see it. */
  constructor(recorded: boolean, say: (text: string) => void) {
    this.#recorded = recorded;
    this.#say = say;
  }

  /** `aside` is said beneath. */
  show(hop: ByteHop, request: RequestTrace, names: Names, aside: string): void {
    const forms = formsOf(hop);
    const note = noteOf(hop, request, names);
    const parts: HTMLElement[] = [];
    if (note) parts.push(el('h3', {}, note.heading), el('p', {}, note.text));
    if (hop.note !== '') parts.push(el('p', { class: 'quote' }, hop.note));
    if (aside !== '') parts.push(el('p', {}, aside));
    if (forms.length > 0) parts.push(...this.#tabs(forms));
    else if (!note)
      parts.push(
        el(
          'p',
          { class: 'missing' },
          this.#recorded ? nothingOf(hop) : 'This recording was made without bytes: it knows only who spoke when.',
        ),
      );
    this.element.replaceChildren(...parts);
  }

  #tabs(forms: readonly Form[]): HTMLElement[] {
    const list = el('div', { role: 'tablist', 'aria-label': 'Forms' });
    const panel = el('div', { role: 'tabpanel', id: 'request-form', tabindex: '0' });
    const take = el('button', { type: 'button', class: 'copy' }, 'Copy');
    const tabs = forms.map(({ label }, index) =>
      el('button', { type: 'button', role: 'tab', id: `request-tab-${index}`, 'aria-controls': 'request-form' }, label),
    );
    let chosen = forms[0] as Form;
    const choose = (index: number): void => {
      chosen = forms[index] as Form;
      for (const [at, tab] of tabs.entries()) {
        tab.setAttribute('aria-selected', String(at === index));
        tab.tabIndex = at === index ? 0 : -1;
      }
      panel.setAttribute('aria-labelledby', `request-tab-${index}`);
      const lost = chosen.of ? missing(chosen.of) : '';
      const said = (text: string): HTMLElement[] => (text ? [el('p', { class: 'missing' }, text)] : []);
      const body = bodyOf(chosen, this.element.clientWidth < NARROW);
      panel.replaceChildren(...said(chosen.about ?? ''), body, ...said(lost));
      panel.scrollTop = 0;
    };
    for (const [index, tab] of tabs.entries()) {
      tab.addEventListener('click', () => {
        this.#wanted = (forms[index] as Form).label;
        choose(index);
      });
    }
    list.addEventListener('keydown', (event) => {
      const next = byKey(event, tabs);
      next?.focus();
      next?.click();
    });
    take.addEventListener('click', () => void this.#copy(chosen.copy, panel));
    list.append(...tabs);
    choose(
      Math.max(
        0,
        forms.findIndex(({ label }) => label === this.#wanted),
      ),
    );
    return [el('div', { class: 'forms' }, list, take), panel];
  }

  /** Where nothing can be copied, the text is selected instead. */
  async #copy(text: string, panel: HTMLElement): Promise<void> {
    if (await copy(text)) return this.#say('Copied.');
    getSelection()?.selectAllChildren(panel);
    this.#say('The browser does not let this page copy. The text is selected: press Ctrl+C.');
  }
}

/** Said where the trace has nothing of a hop. */
function nothingOf({ kind, bytes }: ByteHop): string {
  if (bytes) return missing(bytes);
  return kind === 'environ'
    ? `The environ was not kept: this worker ${BUSY} Send a single request to see it.`
    : 'No bytes of this hop were kept.';
}
