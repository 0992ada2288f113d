/** POSIX regular expressions, basic and extended, as JavaScript's. */

/** What is wrong with a pattern, in grep's words. */
export class BadPattern extends Error {}

export type Syntax = 'basic' | 'extended' | 'fixed';

/** A matcher for lines; several patterns are separated by line ends, and any of them may match. */
export function matcher(pattern: string, syntax: Syntax, ignoreCase: boolean): RegExp {
  const source = pattern
    .split('\n')
    .map((one) => (syntax === 'fixed' ? escaped(one) : translated(one, syntax === 'basic')))
    .join('|');
  try {
    return new RegExp(source, ignoreCase ? 'i' : '');
  } catch {
    throw new BadPattern('Invalid regular expression');
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
};

/** In a basic expression `+?|(){}` are plain characters, and special with a backslash; in an extended one the other way round. */
function translated(pattern: string, basic: boolean): string {
  let out = '';
  let depth = 0;
  /** Nothing to repeat stands before: a `*` here is a plain character. */
  let start = true;
  for (let at = 0; at < pattern.length; at++) {
    let ch = pattern[at] ?? '';
    if (ch === '[') {
      const bracket = brackets(pattern, at);
      out += bracket.source;
      at = bracket.end;
      start = false;
      continue;
    }
    const backslash = ch === '\\';
    if (backslash) {
      ch = pattern[++at] ?? '';
      if (ch === '') throw new BadPattern('Trailing backslash');
    }
    if ('+?|(){}'.includes(ch) && backslash === basic) {
      if (ch === '(') depth++;
      if (ch === ')' && --depth < 0) throw new BadPattern('Unmatched ) or \\)');
      const repeats = '+?{'.includes(ch);
      out += repeats && start ? `\\${ch}` : ch;
      start = ch === '(' || ch === '|';
    } else if (backslash) {
      out += { '<': '\\b(?=\\w)', '>': '\\b(?<=\\w)' }[ch] ?? (/[wWsSbB1-9]/.test(ch) ? `\\${ch}` : escaped(ch));
      start = false;
    } else if (ch === '*') {
      out += start ? '\\*' : '*';
      start = false;
    } else if (ch === '.' || ch === '$') {
      const last = at === pattern.length - 1 || /^\\[|)]/.test(pattern.slice(at + 1));
      out += ch === '$' && basic && !last ? '\\$' : ch;
      start = false;
    } else if (ch === '^') {
      out += start || !basic ? '^' : '\\^';
    } else {
      out += escaped(ch);
      start = false;
    }
  }
  if (depth > 0) throw new BadPattern('Unmatched ( or \\(');
  return out;
}

/** `[...]` from `at` on: a backslash in it is a plain character, and a `]` that stands first too. */
function brackets(pattern: string, at: number): { source: string; end: number } {
  let end = at + 1;
  if (pattern[end] === '^') end++;
  if (pattern[end] === ']') end++;
  for (; pattern[end] !== ']'; end++) {
    if (end >= pattern.length) throw new BadPattern('Unmatched [, [^, [:, [., or [=');
    if (pattern.startsWith('[:', end)) {
      const close = pattern.indexOf(':]', end);
      if (close > 0) end = close + 1;
    }
  }
  const negated = pattern[at + 1] === '^';
  const inner = pattern
    .slice(at + (negated ? 2 : 1), end)
    .split(/\[:(\w+):\]/)
    .map((part, i) => (i % 2 === 1 ? (CLASSES[part] ?? '') : part.replace(/[\\\]^[]/g, '\\$&')))
    .join('');
  return { source: `[${negated ? '^' : ''}${inner}]`, end };
}
