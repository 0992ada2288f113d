/** How unit files write words, variables, environments and times (systemd.syntax(7), systemd.service(5), systemd.time(7)). */

/** A quote without its other end, or an escape that is none. */
export class BadQuoting extends Error {}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', s: ' ', a: '\x07', b: '\b', f: '\f', v: '\v' };

/** Words between blanks; quotes keep blanks together. Throws BadQuoting. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const ch = text.charAt(at);
    if (ch === '\\') {
      const next = text.charAt(++at);
      if (next === '') throw new BadQuoting('it ends in a backslash');
      word = (word ?? '') + (ESCAPES[next] ?? next);
    } else if (quote !== '') {
      if (ch === quote) quote = '';
      else word = (word ?? '') + ch;
    } else if (ch === '"' || ch === "'") {
      quote = ch;
      word ??= '';
    } else if (/\s/.test(ch)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + ch;
  }
  if (quote !== '') throw new BadQuoting('a quote has no end');
  if (word !== null) words.push(word);
  return words;
}

/** Puts variables into the words of a command: `$NAME` as a word of its own becomes words, `${NAME}` stays within its word. */
export function expandWords(words: readonly string[], env: Readonly<Record<string, string>>): string[] {
  return words.flatMap((word) => {
    const whole = /^\$(\w+)$/.exec(word)?.[1];
    if (whole !== undefined) return (env[whole] ?? '').split(/\s+/).filter(Boolean);
    return [word.replace(/\$\$|\$\{(\w+)\}/g, (found, name?: string) => (found === '$$' ? '$' : (env[name ?? ''] ?? '')))];
  });
}

const NAME = /^[A-Za-z_]\w*$/;

/** `NAME=VALUE` words of Environment=; those that are none are left out. Throws BadQuoting. */
export function readEnvironment(text: string): [string, string][] {
  return splitWords(text).flatMap((word) => {
    const equals = word.indexOf('=');
    return equals > 0 && NAME.test(word.slice(0, equals)) ? [[word.slice(0, equals), word.slice(equals + 1)] as [string, string]] : [];
  });
}

/** The lines of an EnvironmentFile=: `NAME=VALUE`, quotes around a value are taken off. */
export function readEnvironmentFile(text: string): [string, string][] {
  return text
    .replaceAll(/\\\r?\n/g, '')
    .split(/\r?\n/)
    .flatMap((raw) => {
      const line = raw.trim();
      const equals = line.indexOf('=');
      const name = line.slice(0, equals).trim();
      if (/^[#;]/.test(line) || equals < 1 || !NAME.test(name)) return [];
      return [[name, unquoted(line.slice(equals + 1).trim())] as [string, string]];
    });
}

function unquoted(value: string): string {
  if (/^'[^']*'$/.test(value)) return value.slice(1, -1);
  if (/^".*"$/s.test(value) && value.length > 1) return value.slice(1, -1).replace(/\\(["\\`$])/g, '$1');
  return value.replace(/\\(.)/g, '$1');
}

const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  usec: 0.001,
  ms: 1,
  msec: 1,
  '': 1000,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};

const PART = /(\d+(?:\.\d+)?)\s*([a-z]*)/g;

/** `90`, `2s`, `1min 30s`, `500ms`, `infinity`: in milliseconds; null for what is no time. */
export function readTime(text: string): number | null {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  if (text.trim() === '' || text.replace(PART, '').trim() !== '') return null;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(PART)) {
    const each = Object.hasOwn(UNITS, unit ?? '') ? UNITS[unit ?? ''] : undefined;
    if (each === undefined) return null;
    sum += Number(number) * each;
  }
  return sum;
}

/** A length of time as systemd prints it: `500ms`, `5s`, `2min 3s`, `1h 5min`. */
export function spanText(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
  const seconds = Math.floor(ms / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .slice(0, 2)
    .map(([number, unit]) => number + unit)
    .join(' ');
}
