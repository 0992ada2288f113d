/** From words as typed to arguments: variables and commands filled in, unquoted text split, file names matched. */
import type { FileSystem } from '../../host/host.ts';
import { escapePattern, glob, isPattern } from '../glob.ts';
import { Failure } from './failure.ts';
import { calculate } from './sum.ts';
import type { List, Parameter, Piece, Word } from './tree.ts';

/** What the shell knows that words need. */
export interface Values {
  readonly files: FileSystem;
  /** Null: it is not set. */
  value(name: string): string | null;
  /** It is not set, and nothing stands in for it. Throws Failure when that is an error (`set -u`). */
  missing(name: string): void;
  set(name: string, value: string): void;
  /** `$1`, `$2` … */
  readonly arguments: readonly string[];
  /** What commands print, without the line ends at its end. */
  capture(commands: List): Promise<string>;
}

/** One argument in the making. */
interface Field {
  text: string;
  /** The same with a backslash before what was quoted. */
  pattern: string;
  /** Something of it was quoted: it is there also when it is empty. */
  kept: boolean;
}

const SPACES = ' \t\n';

/** The arguments that words become. Throws Failure. */
export async function expand(words: readonly Word[], values: Values): Promise<string[]> {
  const result: string[] = [];
  for (const word of words) {
    const fields = new Fields(values.value('IFS') ?? SPACES);
    await fill(fields, word, values);
    for (const { text, pattern, kept } of fields.all) {
      if (text === '' && !kept) continue;
      const matches = isPattern(pattern) ? await glob(values.files, pattern) : [];
      result.push(...(matches.length > 0 ? matches : [text]));
    }
  }
  return result;
}

/** One text: what is assigned, where a stream goes, the text of a `<<`. Nothing is split or matched. Throws Failure. */
export async function expandWhole(word: Word, values: Values): Promise<string> {
  let text = '';
  for (const [i, piece] of word.entries()) {
    if ('text' in piece) text += i === 0 ? fromHome(piece.text, piece.quoted, word.length === 1, values) : piece.text;
    else if ('parameter' in piece && (piece.parameter === '@' || piece.parameter === '*') && !piece.instead)
      text += values.arguments.join(' ');
    else text += await filled(piece, values);
  }
  return text;
}

class Fields {
  readonly all: Field[] = [{ text: '', pattern: '', kept: false }];
  readonly #separators: string;

  constructor(separators: string) {
    this.#separators = separators;
  }

  add(text: string, quoted: boolean): void {
    const last = this.all.at(-1);
    if (!last) return;
    last.text += text;
    last.pattern += quoted ? escapePattern(text) : text;
    last.kept ||= quoted;
  }

  /** What was filled in without quotes: split where it has separators. */
  split(text: string): void {
    const parts = separate(text, this.#separators);
    for (const [i, part] of parts.entries()) {
      if (i > 0) this.begin();
      this.add(part, false);
      const last = this.all.at(-1);
      // between two separators that are no spaces there is a field, also an empty one
      if (last && i < parts.length - 1 && (i > 0 || !SPACES.includes(text.charAt(0)))) last.kept = true;
    }
  }

  begin(): void {
    this.all.push({ text: '', pattern: '', kept: false });
  }
}

/** Spaces among the separators count once, however many; each other one ends a field. */
export function separate(text: string, separators: string): string[] {
  if (separators === '') return [text];
  const blank = [...separators].filter((ch) => SPACES.includes(ch));
  const hard = [...separators].filter((ch) => !SPACES.includes(ch));
  const oneOf = (characters: readonly string[]): string =>
    `[${characters.map((ch) => `\\u{${ch.codePointAt(0)?.toString(16)}}`).join('')}]`;
  const patterns = [
    ...(hard.length > 0 && blank.length > 0 ? [`${oneOf(blank)}*${oneOf(hard)}${oneOf(blank)}*`] : []),
    ...(hard.length > 0 && blank.length === 0 ? [oneOf(hard)] : []),
    ...(blank.length > 0 ? [`${oneOf(blank)}+`] : []),
  ];
  return text.split(new RegExp(patterns.join('|'), 'u'));
}

/** `inside`: the word stands in for a variable, and is split as its value would be. */
async function fill(fields: Fields, word: Word, values: Values, inside = false): Promise<void> {
  for (const [i, piece] of word.entries()) {
    if ('text' in piece) {
      const text = i === 0 ? fromHome(piece.text, piece.quoted, word.length === 1, values) : piece.text;
      if (inside && !piece.quoted) fields.split(text);
      else fields.add(text, piece.quoted);
    } else if ('parameter' in piece && isAll(piece)) fillAll(fields, piece, values.arguments);
    else if ('parameter' in piece && !piece.quoted && standsIn(piece, values)) await fill(fields, piece.instead?.word ?? [], values, true);
    else if (piece.quoted) fields.add(await filled(piece, values), true);
    else fields.split(await filled(piece, values));
  }
}

const isAll = ({ parameter, instead, length }: Parameter): boolean => (parameter === '@' || parameter === '*') && !instead && !length;

/** `$@`: each argument a field of its own; `"$*"`: all in one. */
function fillAll(fields: Fields, { parameter, quoted }: Parameter, all: readonly string[]): void {
  if (quoted && parameter === '*') {
    fields.add(all.join(' '), true);
    return;
  }
  for (const [i, argument] of all.entries()) {
    if (i > 0) fields.begin();
    if (quoted) fields.add(argument, true);
    else fields.split(argument);
  }
}

/** Is it the word after `:-` or `:+` that counts? Its own quotes then decide what is split. */
function standsIn({ parameter, instead }: Parameter, values: Values): boolean {
  if (!instead || instead.how === '=' || instead.how === '?') return false;
  return lacks(parameter, instead.empty, values) === (instead.how === '-');
}

const lacks = (name: string, empty: boolean, values: Values): boolean => {
  const value = /^[@*]$/.test(name) ? values.arguments.join(' ') : values.value(name);
  return value === null || (empty && value === '');
};

async function filled(piece: Exclude<Piece, { readonly text: string }>, values: Values): Promise<string> {
  if ('commands' in piece) return values.capture(piece.commands);
  if ('sum' in piece) return String(calculate(await expandWhole(piece.sum, values), (name) => values.value(name) ?? ''));
  const { parameter, instead, length } = piece;
  if (instead && lacks(parameter, instead.empty, values)) {
    if (instead.how === '+') return '';
    const word = await expandWhole(instead.word, values);
    if (instead.how === '-') return word;
    if (instead.how === '?') throw new Failure(`${parameter}: ${word || `parameter not set${instead.empty ? ' or null' : ''}`}`, true);
    if (!/^[A-Za-z_]/.test(parameter)) throw new Failure(`\${${parameter}=...}: Bad substitution`, true);
    values.set(parameter, word);
    return word;
  }
  if (instead?.how === '+') return expandWhole(instead.word, values);
  const value = parameter === '@' || parameter === '*' ? values.arguments.join(' ') : values.value(parameter);
  if (value === null) values.missing(parameter);
  return length ? String([...(value ?? '')].length) : (value ?? '');
}

/** `~` and `~/x`: the home directory. Of a word that goes on with a quote only `~/` is one. */
function fromHome(text: string, quoted: boolean, whole: boolean, values: Values): string {
  if (quoted || !(text.startsWith('~/') || (whole && text === '~'))) return text;
  return (values.value('HOME') ?? '') + text.slice(1);
}
