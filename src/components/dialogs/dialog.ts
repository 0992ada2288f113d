/** A dialog of the site's own, above any page: made when it is opened, gone when it is closed. */
import { addStyle } from '../figure/style.ts';
import css from './dialog.css?inline';

/** Shows it with `head` and `parts` in it, and a button that closes it. The focus goes back to where it was in the end. */
export function showDialog(label: string, kind: string, head: readonly Node[], parts: readonly Node[]): HTMLDialogElement {
  addStyle(css);
  const dialog = document.createElement('dialog');
  dialog.className = `site-dialog ${kind}`;
  dialog.setAttribute('aria-label', label);
  const close = make('button', 'close', 'Close');
  close.type = 'button';
  close.addEventListener('click', () => dialog.close());
  const bar = make('div', 'head');
  bar.append(...head, close);
  dialog.append(bar, ...parts);
  // a press beside it
  dialog.addEventListener('pointerdown', (event) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const beside = event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
    if (event.target === dialog && beside) dialog.close();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function make<Name extends keyof HTMLElementTagNameMap>(name: Name, className = '', text = ''): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
