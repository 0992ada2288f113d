/** The presenter's keys: what each asks for, where it counts, and the same in words. Clickers send PageUp, PageDown, `.` or `b`, and F5 or Escape. Pure. */
import type { Wish } from './show.ts';

/** What is the stage's own business, and of no interest to another window. */
export type StageWish = { readonly do: 'fullscreen' | 'laser' | 'marker' | 'clear' | 'speaker' | 'code' | 'help' };

/**
 * Where the focus is: on the stage or a button of it, in the picture, which has keys of its own, or where one types, as in a field or
 * the terminal. A clicker works everywhere.
 */
export type Place = 'stage' | 'button' | 'picture' | 'typing';

/** F5 is a clicker's Start; as the browser's own it would load the stage anew and end its live server. */
const ANYWHERE: Readonly<Record<string, Wish | StageWish>> = { PageDown: { do: 'next' }, PageUp: { do: 'back' }, F5: { do: 'fullscreen' } };

const ON_STAGE: Readonly<Record<string, Wish>> = {
  ArrowRight: { do: 'next' },
  ArrowDown: { do: 'next' },
  ArrowLeft: { do: 'back' },
  ArrowUp: { do: 'back' },
  Home: { do: 'first' },
  End: { do: 'last' },
};

/** These can be switched off: somebody who speaks to the computer would press them by speaking. */
const LETTERS: Readonly<Record<string, Wish | StageWish>> = {
  '.': { do: 'blank' },
  b: { do: 'blank' },
  f: { do: 'fullscreen' },
  l: { do: 'laser' },
  h: { do: 'marker' },
  c: { do: 'clear' },
  s: { do: 'speaker' },
  q: { do: 'code' },
  v: { do: 'view' },
  r: { do: 'live' },
  p: { do: 'play' },
  '?': { do: 'help' },
};

export const HELP: readonly (readonly [keys: string, what: string])[] = [
  ['→ or Page Down or Space', 'on: the next page of a long step, the next step'],
  ['← or Page Up', 'back'],
  ['Home and End', 'to the title, to the card'],
  [
    '1 to 9',
    'play a prepared scenario in the picture alone: its part of the recording, or live while the server is on the stage; on brings the text back',
  ],
  ['p', 'play or pause the recording'],
  ['r', 'recording or live server, which starts'],
  ['v', 'text and picture, picture alone, text alone'],
  ['. or b', 'blank the screen, and back'],
  ['l', 'laser pointer; held down, until you let go'],
  ['h', 'highlighter: draw with the mouse'],
  ['c', 'clear what was drawn'],
  ['f or F5', 'fullscreen'],
  ['s', 'speaker window'],
  ['q', 'QR code for the audience'],
  ['?', 'this list'],
];

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What a key asks for; null when it is none of the presenter's there. `letters`: are the single keys switched on? */
export function wishOf({ key, ctrlKey, metaKey, altKey }: Pressed, place: Place, letters: boolean): Wish | StageWish | null {
  if (ctrlKey || metaKey || altKey) return null;
  const anywhere = ANYWHERE[key];
  if (anywhere) return anywhere;
  if (place === 'typing' || place === 'picture') return null;
  // on a button it is the press
  if (key === ' ') return place === 'stage' ? { do: 'next' } : null;
  const onStage = ON_STAGE[key];
  if (onStage) return onStage;
  if (!letters) return null;
  if (/^[1-9]$/.test(key)) return { do: 'scenario', n: Number(key) - 1 };
  return LETTERS[key.toLowerCase()] ?? null;
}
