/** Values of directives: flags, numbers, sizes, times. Each answers null to text that nginx would not take. */

/** `512`, `8k`, `1m`, `2g`, in bytes. */
export function parseSize(text: string): number | null {
  const match = /^(\d+)([kKmMgG]?)$/.exec(text);
  if (!match) return null;
  const unit = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[(match[2] ?? '').toLowerCase()];
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

/** `60`, `60s`, `500ms`, `1m30s`, in milliseconds. */
export function parseTime(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(ms|[smhdwMy])\s?)+(\d+)?$/.test(text)) return null;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwMy])?/g)) sum += Number(count) * (UNITS[unit ?? 's'] ?? 0);
  return sum;
}

export function parseNumber(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** A PCRE pattern as a JavaScript one. Throws an Error with PCRE's words where they are known. */
export function compileRegex(pattern: string, ignoreCase: boolean): RegExp {
  const inline = pattern.startsWith('(?i)');
  try {
    return new RegExp(inline ? pattern.slice(4) : pattern, ignoreCase || inline ? 'i' : '');
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^.*\/[a-z]*: /, '') : '';
    throw new Error(`pcre2_compile() failed: ${PCRE_WORDS[message] ?? message.toLowerCase()} in "${pattern}"`);
  }
}

const PCRE_WORDS: Readonly<Record<string, string>> = {
  'Unterminated group': 'missing closing parenthesis',
  "Unmatched ')'": 'unmatched closing parenthesis',
  'Unterminated character class': 'missing terminating ] for character class',
  'Nothing to repeat': 'quantifier does not follow a repeatable item',
  '\\ at end of pattern': '\\ at end of pattern',
};
