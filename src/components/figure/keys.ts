/** The keys of the figure, and what they ask for; the help (help.ts) says it in words, a row for each of them. */

import type { Version } from '../../diagram/layout.ts';
import type { Names } from '../../diagram/words.ts';
import type { Side } from './side-names.ts';

/** What can be taken away: the log, the log for Perfetto, a drawing of the moment. */
export type Gift = 'save' | 'trace' | 'svg';

export type Wish =
  | { readonly do: 'play' | 'back' | 'forward' | 'start' | 'live' | 'retry' | 'help' | 'return' | 'recording' }
  | { readonly do: 'give'; readonly what: Gift }
  | { readonly do: 'load'; readonly file: File }
  | { readonly do: 'names'; readonly names: Names }
  | { readonly do: 'tell'; readonly version: Version }
  | { readonly do: 'view'; readonly id: string }
  | { readonly do: 'side'; readonly side: Side }
  | { readonly do: 'seek'; readonly screen: number }
  | { readonly do: 'part'; readonly of: number }
  | { readonly do: 'move'; readonly by: number }
  | { readonly do: 'mark'; readonly by: 1 | -1 }
  | { readonly do: 'speed'; readonly speed: number }
  | { readonly do: 'faster'; readonly by: 1 | -1 }
  | { readonly do: 'follow'; readonly key: string | null };

/** The rows of the help: the keys, as they are pressed, between words; and what they do. Those of the lanes are in lanes.ts. */
export const HELP: readonly (readonly [keys: string, what: string])[] = [
  ['Space or k', 'play or pause'],
  [', and .', 'one event back, one event on'],
  ['< and >', 'slower, faster'],
  ['← and →', 'one second back, one second on'],
  ['[ and ]', 'to the mark before, to the next mark: a crash, a reload, a full queue'],
  ['0 to 9', 'to that tenth of the whole'],
  ['Home and End', 'to the start, to the end'],
  ['l', 'to what happens now'],
  ['↑ and ↓', 'in the lanes: to the request before, to the next one'],
  ['Enter', 'in the lanes: open the request'],
  ['+ and -', 'in the lanes: less time, more time'],
  ['?', 'this list'],
];

export const KEYS: Readonly<Record<string, Wish>> = {
  ' ': { do: 'play' },
  k: { do: 'play' },
  ',': { do: 'back' },
  '.': { do: 'forward' },
  '<': { do: 'faster', by: -1 },
  '>': { do: 'faster', by: 1 },
  '[': { do: 'mark', by: -1 },
  ']': { do: 'mark', by: 1 },
  ArrowLeft: { do: 'move', by: -1000 },
  ArrowRight: { do: 'move', by: 1000 },
  Home: { do: 'seek', screen: 0 },
  End: { do: 'seek', screen: Number.POSITIVE_INFINITY },
  l: { do: 'live' },
  '?': { do: 'help' },
};

/** What has a use of its own for some keys keeps them. */
const TYPES = 'select, textarea, dialog, input:not([type="range"], [type="radio"])';
const PRESSED = 'button, summary, a, [role="button"]';
const PRESSING = new Set([' ', 'Enter']);
const WALKING = new Set([' ', 'ArrowLeft', 'ArrowRight']);

/** What a key asks for where it was pressed; null when it is none of the figure's. */
export function wishOf(event: KeyboardEvent): Wish | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return null;
  if (event.target.closest(TYPES)) return null;
  if (PRESSING.has(event.key) && event.target.closest(PRESSED)) return null;
  if (WALKING.has(event.key) && event.target.matches('[type="radio"]')) return null;
  if (/^\d$/.test(event.key)) return { do: 'part', of: Number(event.key) / 10 };
  return KEYS[event.key] ?? null;
}
