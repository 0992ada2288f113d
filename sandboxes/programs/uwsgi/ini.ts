/**
 * uWSGI's own idea of an INI file, which is not everybody's: a comment is a whole line, never the rest of one; quotes
 * are part of the value; a line without `=` is an option with an empty value.
 */

export interface Directive {
  readonly name: string;
  readonly value: string;
  /** Counted from 1: where an editor shows what is wrong. */
  readonly line: number;
}

/** The directives of one section in file order, or null when it is missing or has none. */
export function parseIni(text: string, section: string): Directive[] | null {
  const directives: Directive[] = [];
  let inside = false;
  // As in C, a text ends at its first zero.
  for (const [index, raw] of text.split('\n').entries()) {
    const line = stripped(raw.replace(/\0.*/s, ''));
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      // The last character goes, whatever it is.
      inside = line.slice(1, -1) === section;
      continue;
    }
    if (!inside) continue;
    const equals = line.indexOf('=');
    directives.push({
      name: stripped(equals < 0 ? line : line.slice(0, equals)),
      value: equals < 0 ? '' : stripped(line.slice(equals + 1)),
      line: index + 1,
    });
  }
  return directives.length > 0 ? directives : null;
}

/** Without blanks, tabs and carriage returns at both ends. */
const stripped = (text: string): string => text.replace(/^[ \t\r]+/, '').replace(/[ \t\r]+$/, '');

/** What the one-letter variables of a configuration file stand for. */
export interface FilePlace {
  /** Absolute path of the file. */
  readonly file: string;
  /** That of the file that was read first, when this one is included: the capital letters are about it. */
  readonly first?: string;
  /** The section that was asked for by name, else nothing. */
  readonly section?: string;
  /** Facts about the machine and the process: `h` for the host's name, `v` for the directory at the start, and so on. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** Fill in `%d`, `%n` and the like, everywhere in the file; what has no meaning vanishes. `%(` is for later. */
export function fillLetters(text: string, place: FilePlace): string {
  const letters = lettersOf(place);
  return text.replace(/%([\s\S])/g, (_, letter: string) => letters[letter] ?? '');
}

function lettersOf({ file, first = file, section = '', facts = {} }: FilePlace): Record<string, string> {
  const ofFile = fileLetters(file, section);
  const letters: Record<string, string> = { ...facts, ...ofFile, '%': '%', '(': '%(', '[': '\x1b' };
  for (const [letter, value] of Object.entries(fileLetters(first, section))) letters[letter.toUpperCase()] = value;
  const folders = file.slice(1, file.lastIndexOf('/') + 1).split('/');
  for (const [i, part] of folders.slice(0, 10).entries()) letters[i] = part;
  return letters;
}

function fileLetters(file: string, section: string): Record<string, string> {
  const slash = file.lastIndexOf('/') + 1;
  const name = file.slice(slash);
  const dot = name.lastIndexOf('.');
  return {
    p: file,
    s: name,
    d: file.slice(0, slash),
    c: file.slice(0, slash - 1).replace(/.*\//, ''),
    n: dot < 0 ? name : name.slice(0, dot),
    e: dot < 0 ? '' : name.slice(dot + 1),
    x: section,
  };
}

/** Values longer than this come from a placeholder that holds itself: the real one then never ends. */
const LONGEST = 100_000;
const MOST_ROUNDS = 1000;

/** An option as given; `configured` when it had its effect at once, before placeholders are filled in. */
export interface Given {
  readonly name: string;
  /** Null when the command line gave none. */
  readonly value: string | null;
  readonly configured?: boolean;
}

type Mark = '$' | '@' | '%';

function fillAll(given: readonly Given[], values: (string | null)[], symbol: Mark, lookup: (name: string) => string | null): void {
  for (const [i, { configured }] of given.entries()) {
    const value = values[i];
    if (!configured && value) values[i] = fillPlaceholders(value, symbol, lookup);
  }
}

function withEnvironment(given: readonly Given[], env: Readonly<Record<string, string>>): (string | null)[] {
  const values = given.map(({ value }) => value);
  fillAll(given, values, '$', (name) => (Object.hasOwn(env, name) ? (env[name] ?? null) : null));
  return values;
}

/** The files that `@(file)` in the values names, for `fillValues`. Throws EndlessPlaceholder. */
export function filesInValues(given: readonly Given[], env: Readonly<Record<string, string>>): string[] {
  const values = withEnvironment(given, env).filter((_, i) => !given[i]?.configured);
  return values.flatMap((value) => [...(value ?? '').matchAll(/@\(([^()]+)\)/g)].map(([, file = '']) => file));
}

/**
 * The values of options with `$(ENVIRONMENT)`, then `@(file)` and then `%(option)` filled in, one after the other. `texts` are
 * those of the files. Throws EndlessPlaceholder.
 */
export function fillValues(
  given: readonly Given[],
  env: Readonly<Record<string, string>>,
  texts: ReadonlyMap<string, string> = new Map(),
): (string | null)[] {
  const values = withEnvironment(given, env);
  fillAll(given, values, '@', (name) => (texts.has(name) ? withoutLineEnd(texts.get(name) ?? '') : null));
  // Of an option that is there twice, the first value.
  fillAll(given, values, '%', (name) => values[given.findIndex((one) => one.name === name)] ?? null);
  return values;
}

const withoutLineEnd = (text: string): string => text.replace(/[\r\n]$/, '');

/** A placeholder whose value holds itself, so that filling in would never end. */
export class EndlessPlaceholder extends Error {}

/**
 * Fill in `$(name)`, or `%(name)`, with what `lookup` gives; what it does not know stays as it is. A value is looked
 * through again from its second character. Throws EndlessPlaceholder.
 */
function fillPlaceholders(value: string, symbol: Mark, lookup: (name: string) => string | null): string {
  let text = value;
  let from = 0;
  for (let round = 0; round < MOST_ROUNDS && text.length < LONGEST; round++) {
    const next = fillOne(text, from, symbol, lookup);
    if (next === null) return text;
    text = next;
    from = 1;
  }
  throw new EndlessPlaceholder(value);
}

function fillOne(text: string, from: number, symbol: string, lookup: (name: string) => string | null): string | null {
  let armed = false;
  let start = -1;
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const ch = text[at];
    if (ch === symbol) {
      armed = true;
      start = -1;
    } else if (armed) {
      if (ch === '(') start = at + 1;
      armed = false;
      depth = 0;
    } else if (start >= 0 && ch === '(') depth++;
    else if (start >= 0 && ch === ')' && depth-- === 0) {
      const found = at > start ? lookup(text.slice(start, at)) : null;
      if (found !== null) return text.slice(0, start - 2) + found + text.slice(at + 1);
      start = -1;
    }
  }
  return null;
}
