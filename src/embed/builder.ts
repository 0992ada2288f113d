/** The builder's page: what was chosen becomes a snippet and a preview, which is the element itself. */
import type { RequestFlowElement } from './element.ts';
import { PANELS } from './params.ts';
import { EVENTS } from './protocol.ts';
import { addressOf, elementSnippet, frameSnippet, type Wanted } from './snippet.ts';

/** Height (px) of a plain frame before the preview has told its own. */
const USUAL_HEIGHT = 900;
/** So many events are shown. */
const SHOWN = 8;

const form = document.querySelector<HTMLFormElement>('.choices');
const preview = document.querySelector<HTMLElement>('.preview');
const code = document.querySelector('#snippet code');
const events = document.querySelector('.events');
let height = USUAL_HEIGHT;
let shown = '';

function wanted(data: FormData): Wanted {
  const slug = String(data.get('lesson'));
  const option = form?.querySelector<HTMLOptionElement>(`option[value="${slug}"]`);
  const value = (name: string, usual: string): Record<string, string> => {
    const chosen = String(data.get(name) ?? usual);
    return chosen === usual ? {} : { [name]: chosen };
  };
  const panels = data.getAll('panels');
  const play = slug === 'playground';
  return {
    site: new URL(preview?.dataset['base'] ?? '/', location.href).href,
    slug,
    title: option?.dataset['title'] ?? '',
    params: {
      ...value('theme', 'auto'),
      ...value('size', 'm'),
      ...(play ? value('start', '') : value('step', '')),
      ...(play || panels.length === PANELS.length ? {} : { panels: panels.join(',') }),
    },
  };
}

/** The choices that the chosen lesson has. */
function offer(): void {
  const lesson = form?.querySelector<HTMLSelectElement>('[name="lesson"]')?.selectedOptions[0];
  const play = lesson?.value === 'playground';
  for (const one of form?.querySelectorAll<HTMLElement>('[data-for]') ?? []) one.hidden = (one.dataset['for'] === 'playground') !== play;
  const steps = Array.from({ length: Number(lesson?.dataset['steps']) }, (_, index) => new Option(`Step ${index + 1}`, String(index + 1)));
  form?.querySelector('[name="step"]')?.replaceChildren(new Option('The first one', ''), ...steps);
}

function write(): void {
  if (!form || !code || !preview) return;
  const chosen = wanted(new FormData(form));
  const kind = document.querySelector<HTMLInputElement>('[name="kind"]:checked')?.value;
  code.textContent = kind === 'frame' ? frameSnippet(chosen, height) : elementSnippet(chosen);
  preview.dataset['size'] = chosen.params.size ?? 'm';
  const address = addressOf(chosen);
  if (address === shown) return;
  shown = address;
  const element = document.createElement('request-flow') as RequestFlowElement;
  element.setAttribute('src', address);
  element.setAttribute('label', `Preview: ${chosen.title}`);
  preview.replaceChildren(element);
}

/** An address without panels shows all of them, so the last box stays ticked. */
function keepOne(box: HTMLInputElement): void {
  const none = !form?.querySelector('[name="panels"]:checked');
  if (none) box.checked = true;
  const note = form?.querySelector('.least');
  if (note) note.textContent = none ? 'One of them stays: an embed has to show something.' : '';
}

form?.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLInputElement && target.name === 'panels') keepOne(target);
  if (target instanceof HTMLSelectElement && target.name === 'lesson') offer();
  write();
});
document.querySelector('.kind')?.addEventListener('change', write);
for (const name of Object.keys(EVENTS))
  preview?.addEventListener(`rf-${name}`, (event) => {
    if (!(event instanceof CustomEvent) || !events) return;
    if (name === 'resize') {
      height = event.detail.height;
      write();
    }
    const line = document.createElement('li');
    const text = document.createElement('code');
    text.textContent = `rf-${name} ${JSON.stringify(event.detail)}`;
    line.append(text);
    events.querySelector('.soft')?.remove();
    events.prepend(line);
    while (events.childElementCount > SHOWN) events.lastElementChild?.remove();
  });

offer();
write();
