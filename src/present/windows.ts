/** What the presenter opens: the list of keys, the QR code for the audience, the speaker's window. Each is fetched when it is wanted. */
import { make, showDialog } from '../components/dialogs/dialog.ts';
import { HELP } from './keys.ts';
import { switchLetters } from './letters.ts';

/** The keys in words, and the switch for those that are single characters. `changed` is told what was chosen. */
export function showHelp(letters: boolean, scenarios: readonly string[], changed: (on: boolean) => void): void {
  const body = make('div', 'body');
  body.tabIndex = 0;
  body.setAttribute('role', 'region');
  body.setAttribute('aria-label', 'Keys of the stage');
  const label = make('label', 'letters');
  const box = make('input');
  box.type = 'checkbox';
  box.checked = letters;
  box.addEventListener('change', () => {
    switchLetters(box.checked);
    changed(box.checked);
  });
  label.append(box, ' Single letters and numbers are keys, while the focus is on the stage');
  const keys = make('section');
  keys.append(label, rows(HELP.map(([key, what]) => [key.split(/( or | and | to )/), what])));
  const prepared = make('section');
  prepared.append(make('h3', '', 'Prepared scenarios'), rows(scenarios.map((what, n) => [[n < 9 ? String(n + 1) : 'in the bar'], what])));
  body.append(keys, prepared);
  showDialog('Keys of the stage', 'show-dialog', [make('h2', '', 'Keys of the stage')], [body]);
}

function rows(all: readonly (readonly [keys: readonly string[], what: string])[]): HTMLElement {
  const list = make('dl');
  for (const [keys, what] of all) {
    const term = make('dt');
    for (const part of keys) term.append(part.startsWith(' ') || part.length > 12 ? part : make('kbd', '', part));
    list.append(term, make('dd', '', what));
  }
  return list;
}

/** The audience's address as a code and in letters: of the lesson, or of the class that can follow. */
export async function showCode(address: string, what: string): Promise<void> {
  const { renderSVG } = await import('uqr');
  const body = make('div', 'body');
  const section = make('section', 'qr');
  // black on white in either theme: a camera expects that. Made here, from our own address, by a library that writes only rectangles.
  section.innerHTML = renderSVG(address, { ecc: 'M', border: 2 });
  const code = section.firstElementChild;
  code?.setAttribute('role', 'img');
  code?.setAttribute('aria-label', `QR code of ${address}`);
  section.prepend(make('p', '', what));
  section.append(make('p', 'address', address));
  const { hostname } = new URL(address);
  if (hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]') {
    section.append(
      make(
        'p',
        'notice',
        'Only this computer reaches that address. Start the site with npm run classroom, and the code is for everybody in your network.',
      ),
    );
  }
  body.append(section);
  showDialog('For the audience', 'show-dialog code-dialog', [make('h2', '', 'For the audience')], [body]);
}

/** Opens the speaker's window; null when the browser has blocked it, and then says what to do. */
export function openSpeaker(address: string): Window | null {
  const opened = window.open(address, 'ftr-speaker', 'popup,width=1100,height=760');
  if (opened) return opened;
  const body = make('div', 'body');
  const section = make('section');
  const way = make(
    'p',
    '',
    'Allow pop-up windows for this site: the sign is at the end of the address bar. Then press S again. Or open this address in a second window of this browser, it finds the stage by itself: ',
  );
  const link = make('a', '', address);
  link.href = address;
  link.target = '_blank';
  // it is to know its opener: that is the second way to the stage
  link.rel = 'opener';
  way.append(link);
  section.append(make('p', '', 'The browser has blocked the speaker window.'), way);
  body.append(section);
  showDialog('Speaker window blocked', 'show-dialog', [make('h2', '', 'Speaker window')], [body]);
  return null;
}
