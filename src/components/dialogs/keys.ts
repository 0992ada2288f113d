/** All keys of the site, by place, as a dialog. */
import { HELP } from '../figure/keys.ts';
import { rememberTour } from '../remember-tour.ts';
import { make, showDialog } from './dialog.ts';

type Row = readonly [keys: string, what: string];

const PLACES: readonly { readonly title: string; readonly where?: string; readonly rows: readonly Row[] }[] = [
  {
    title: 'Everywhere',
    where: 'While you type, they are letters.',
    rows: [
      ['/ or Ctrl+K', 'search'],
      ['?', 'this list'],
      ['Tab and Shift+Tab', 'to the next thing that can be pressed, to the one before'],
      ['Esc', 'close what is open'],
    ],
  },
  {
    title: 'Search',
    rows: [
      ['↑ and ↓', 'to the result before, to the next one'],
      ['Enter', 'open it'],
    ],
  },
  {
    title: 'Work area',
    where: 'With the focus on a tab, or on a line between two parts.',
    rows: [
      ['← and →', 'to the tab before, to the next one'],
      ['Home and End', 'to the first tab, to the last one'],
      ['← → ↑ ↓', 'on a dividing line: move it'],
      ['Home and End', 'on a dividing line: as far as it goes'],
      ['Enter', 'on a dividing line: back to where it was at first'],
    ],
  },
  { title: 'Picture', where: 'With the focus in the picture or on its controls.', rows: HELP.filter(([keys]) => keys !== '?') },
  {
    title: 'Terminal',
    rows: [
      ['Tab', 'complete a command, an option or a file'],
      ['↑ and ↓', 'to an earlier command, to a later one'],
      ['Ctrl+R', 'search in earlier commands'],
      ['Ctrl+C', 'end what runs'],
      ['Ctrl+Z', 'stop it, so that fg or bg can let it go on'],
      ['Ctrl+D', 'end of input'],
      ['Ctrl+L', 'clear the screen'],
      ['Ctrl+A and Ctrl+E', 'to the start of the line, to its end'],
      ['Ctrl+U and Ctrl+K', 'delete to the start, to the end'],
      ['Esc', 'before Tab: leave the terminal'],
    ],
  },
  {
    title: 'Editor',
    rows: [
      ['Ctrl+Z and Ctrl+Y', 'take back, do again'],
      ['Ctrl+S', 'save the file'],
      ['Ctrl+F', 'find in the file'],
      ['Ctrl+] and Ctrl+[', 'indent the line, take it back'],
      ['Tab', 'leave the editor'],
    ],
  },
];

export function showKeys(): void {
  const body = make('div', 'body');
  // what scrolls must be reachable by keyboard
  body.tabIndex = 0;
  body.setAttribute('role', 'region');
  body.setAttribute('aria-label', 'Keys by place');
  for (const { title, where, rows } of PLACES) {
    const section = make('section');
    section.append(make('h3', '', title));
    if (where) section.append(make('p', 'soft', where));
    const list = make('dl');
    for (const [keys, what] of rows) list.append(termOf(keys), make('dd', '', what));
    section.append(list);
    body.append(section);
  }
  const opener = document.activeElement;
  const dialog = showDialog('Keys', 'keys-dialog', [make('h2', '', 'Keys')], [body]);
  if (document.querySelector('.lesson .workspace')) dialog.append(tourLine(dialog, opener instanceof HTMLElement ? opener : null));
}

/** On a lesson's page: a look round the screen. */
function tourLine(dialog: HTMLDialogElement, opener: HTMLElement | null): HTMLElement {
  const line = make('p', 'hint tour');
  const button = make('button', 'button', 'A look round the screen');
  button.type = 'button';
  button.addEventListener('click', async () => {
    try {
      const { lookRound } = await import('../../workspace/tour/tour.ts');
      rememberTour('seen');
      dialog.close();
      lookRound(opener);
    } catch {
      line.textContent = 'The look round could not be loaded. Check the connection, then try again.';
    }
  });
  line.append(button);
  return line;
}

/** `Home and End`: the keys as keys, the words between them as words. */
function termOf(keys: string): HTMLElement {
  const term = make('dt');
  for (const part of keys.split(/( and | or | to )/)) term.append(/^ /.test(part) ? part : make('kbd', '', part));
  return term;
}
