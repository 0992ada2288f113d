/** How far you are on the short ways: fills the stations of stops whose steps are read, and points to the next one. */
import { progress } from '../progress/index.ts';

const paths = [...document.querySelectorAll<HTMLElement>('.path')];

function show(): void {
  for (const path of paths) {
    const stops = [...path.querySelectorAll<HTMLElement>('li[data-slug]')];
    for (const stop of stops) {
      const { steps } = progress.lesson(stop.dataset['slug'] ?? '');
      for (const link of stop.querySelectorAll<HTMLElement>('a[data-step]'))
        link.toggleAttribute('data-read', steps.includes(Number(link.dataset['step'])));
      stop.toggleAttribute('data-done', stop.querySelector('a[data-step]:not([data-read])') === null);
    }
    sayHowFar(path, stops);
  }
}

function sayHowFar(path: HTMLElement, stops: readonly HTMLElement[]): void {
  const links = [...path.querySelectorAll<HTMLAnchorElement>('a[data-step]')];
  const read = links.filter((link) => link.hasAttribute('data-read')).length;
  const next = links.find((link) => !link.hasAttribute('data-read'));
  const button = path.querySelector<HTMLAnchorElement>('.go a');
  const line = path.querySelector('.go span');
  if (!button || !line) return;
  button.textContent = read === 0 ? 'Begin' : next ? 'Go on' : 'Once more';
  button.href = (next ?? links[0])?.href ?? '';
  const done = stops.filter((stop) => stop.hasAttribute('data-done')).length;
  line.textContent = read === 0 ? '' : `${read} of ${links.length} steps read, ${done} of ${stops.length} stops done`;
}

show();
progress.subscribe(show);
