/** Values of directives: numbers, sizes, times, patterns. Each answers null to text that nginx would not take. */
import type { Slot } from './grammar.ts';

export interface Buffers {
  readonly count: number;
  readonly size: number;
}

/** What a directive's slot made of its arguments: sizes in bytes, times in milliseconds. */
export type Value = number | boolean | string | Buffers | null;

const K = 1024;

/** `512`, `8k`, `1m`, in bytes. */
export function parseSize(text: string): number | null {
  return /[gG]$/.test(text) ? null : parseOffset(text);
}

/** As parseSize, and `2g`. */
export function parseOffset(text: string): number | null {
  const match = /^(\d{1,15})([kKmMgG]?)$/.exec(text);
  if (!match) return null;
  const unit = { '': 1, k: K, m: K ** 2, g: K ** 3 }[(match[2] ?? '').toLowerCase()];
  return Number(match[1]) * (unit ?? 1);
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** Larger units first, each once, then seconds without one. */
const TIME = /^(\d+y)? *(\d+M)? *(\d+w)? *(\d+d)? *(\d+h)? *(\d+m)? *(\d+s)? *(\d+ms)? *(\d+)?$/;

/** `60`, `60s`, `500ms`, `1m30s`, in milliseconds. */
export function parseTime(text: string): number | null {
  const match = text.length > 0 && text.length < 40 ? TIME.exec(text) : null;
  if (!match || (match[9] !== undefined && (match[7] !== undefined || match[8] !== undefined))) return null;
  let sum = 0;
  for (const part of match.slice(1)) {
    if (part === undefined) continue;
    sum += Number.parseInt(part, 10) * (UNITS[part.replace(/^\d+/, '') || 's'] ?? 0);
  }
  return sum;
}

/** As parseTime, for directives that count in seconds: no milliseconds. */
export function parseSeconds(text: string): number | null {
  return text.endsWith('ms') ? null : parseTime(text);
}

export function parseNumber(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function parseBuffers(count: string, size: string): Buffers | null {
  const buffers = { count: parseNumber(count) ?? 0, size: parseSize(size) ?? 0 };
  return buffers.count > 0 && buffers.size > 0 ? buffers : null;
}

/** The value of a slot, or the words nginx has for a bad one. */
export function readSlot(slot: Slot, name: string, args: readonly string[]): { value: Value } | { problem: string } {
  const [first = '', second = ''] = args;
  const checked = (value: Value, problem = `"${name}" directive invalid value`) => (value === null ? { problem } : { value });
  switch (slot) {
    case 'flag':
      if (/^on$/i.test(first)) return { value: true };
      if (/^off$/i.test(first)) return { value: false };
      return { problem: `invalid value "${first}" in "${name}" directive, it must be "on" or "off"` };
    case 'number':
      return checked(parseNumber(first), `"${name}" directive invalid number`);
    case 'size':
      return checked(parseSize(first));
    case 'offset':
      return checked(parseOffset(first));
    case 'time':
      return checked(parseTime(first));
    case 'seconds':
      return checked(parseSeconds(first));
    case 'buffers':
      return checked(parseBuffers(first, second));
    case 'text':
      return { value: first };
    case null:
      return { value: null };
  }
}

/** PCRE's words for what is wrong with a pattern, by what JavaScript says about it. */
const PCRE_WORDS: readonly (readonly [RegExp, string])[] = [
  [/unterminated group/i, 'missing closing parenthesis'],
  [/unmatched '\)'/i, 'unmatched closing parenthesis'],
  [/unterminated character class/i, 'missing terminating ] for character class'],
  [/nothing to repeat/i, 'quantifier does not follow a repeatable item'],
  [/\\ at end of pattern/i, '\\ at end of pattern'],
  [/numbers out of order/i, 'numbers out of order in {} quantifier'],
  [/range out of order/i, 'range out of order in character class'],
];

/** The first closing parenthesis too many. */
function unmatched(pattern: string): number {
  let depth = 0;
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const ch = pattern[at];
    if (ch === '\\') at++;
    else if (inClass) inClass = ch !== ']';
    else if (ch === '[') inClass = true;
    else if (ch === '(') depth++;
    else if (ch === ')' && --depth < 0) return at;
  }
  return pattern.length;
}

/** Where in the pattern PCRE noticed; it says nothing when that was the end. */
function offset(pattern: string, words: string): string {
  if (words.startsWith('unmatched')) return ` at "${pattern.slice(unmatched(pattern))}"`;
  if (words.startsWith('quantifier'))
    return ` at "${pattern.slice((/(^|[(|])[*+?]/.exec(pattern)?.index ?? 0) + (/^[*+?]/.test(pattern) ? 0 : 1))}"`;
  return '';
}

/**
 * What PCRE means otherwise than JavaScript, where a URI may hold line ends: its dot leaves out line feeds only, and its end
 * may be before the last one.
 */
const DIFFERENT: Readonly<Record<string, string>> = {
  '(?P<': '(?<',
  '.': '[^\\n]',
  $: '(?=\\n?$)',
  '\\A': '^',
  '\\Z': '(?=\\n?$)',
  '\\z': '$',
};

/** A PCRE pattern as a JavaScript one. Throws an Error with nginx's words for a bad one. */
export function compileRegex(pattern: string, ignoreCase: boolean): RegExp {
  // Escapes and classes stand for the same in both, but for a class's own bracket: `[]a]` begins with one.
  let source = pattern.replace(
    /\(\?P<|\\[^]|\[\^?\]?(?:\\[^]|[^\]\\])*\]|[.$]/g,
    (part) => DIFFERENT[part] ?? part.replace(/^(\[\^?)\]/, '$1\\]'),
  );
  let flags = ignoreCase ? 'i' : '';
  const option = /^\(\?i\)/.exec(source);
  if (option) {
    source = source.slice(option[0].length);
    if (!flags.includes('i')) flags += 'i';
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const words = PCRE_WORDS.find(([known]) => known.test(text))?.[1];
    throw new Error(`pcre2_compile() failed: ${words ?? text} in "${pattern}"${words ? offset(pattern, words) : ''}`);
  }
}

/** Names of a pattern's groups: nginx makes variables of them. */
export function groupNames(regex: RegExp): string[] {
  return [...regex.source.matchAll(/\(\?<([A-Za-z_]\w*)>/g)].map(([, name = '']) => name);
}
