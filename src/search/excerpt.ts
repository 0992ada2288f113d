/** The part of a text that shows why it was found. Pure. */

export interface Part {
  readonly text: string;
  readonly hit: boolean;
}

/** So much is shown, in characters; and so much of it before the first hit. */
const LENGTH = 150;
const BEFORE = 45;

/** The text around its first hit, cut at spaces, with the hits marked; its beginning when nothing in it was hit. */
export function excerpt(text: string, words: readonly string[]): Part[] {
  const first = text.search(patternOf(words));
  const from = first <= BEFORE ? 0 : afterSpace(text, first - BEFORE);
  const end = text.length <= from + LENGTH ? text.length : beforeSpace(text, from + LENGTH);
  const shown = `${from > 0 ? '… ' : ''}${text.slice(from, end)}${end < text.length ? ' …' : ''}`;
  return marked(shown, words);
}

/** The text in pieces, with those that were hit marked. */
export function marked(text: string, words: readonly string[]): Part[] {
  return text
    .split(patternOf(words))
    .map((part, index) => ({ text: part, hit: index % 2 === 1 }))
    .filter((part) => part.text !== '');
}

/** Whole words only: the index knows what was found as words. */
function patternOf(words: readonly string[]): RegExp {
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  // what never is there
  if (escaped.length === 0) return /($^)/u;
  return new RegExp(`(?<![\\p{L}\\p{N}])(${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
}

function afterSpace(text: string, at: number): number {
  const space = text.indexOf(' ', at);
  return space < 0 ? at : space + 1;
}

function beforeSpace(text: string, at: number): number {
  const space = text.lastIndexOf(' ', at);
  return space <= 0 ? at : space;
}
