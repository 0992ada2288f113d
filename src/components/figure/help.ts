/** The list of keys, as a dialog. */
import helpCss from './help.css?inline';
import { HELP } from './keys.ts';
import { addStyle } from './style.ts';

/** Shows the keys until the visitor closes them; the focus then goes back to where it was. */
export function showKeys(root: HTMLElement): void {
  addStyle(helpCss);
  const dialog = document.createElement('dialog');
  dialog.className = 'figure-keys';
  dialog.setAttribute('aria-label', 'Keys of the picture');
  const list = document.createElement('dl');
  for (const [keys, what] of HELP) {
    const term = document.createElement('dt');
    term.append(
      ...keys.split(/( and | or | to )/).map((part) => {
        if (/^ /.test(part)) return part;
        const key = document.createElement('kbd');
        key.textContent = part;
        return key;
      }),
    );
    const text = document.createElement('dd');
    text.textContent = what;
    list.append(term, text);
  }
  const heading = document.createElement('h2');
  heading.textContent = 'Keys of the picture';
  const hint = document.createElement('p');
  hint.textContent = 'They work while the focus is in the picture or on its controls.';
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = 'Close';
  close.addEventListener('click', () => dialog.close());
  dialog.append(heading, list, hint, close);
  dialog.addEventListener('close', () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
}
