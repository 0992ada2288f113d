/** `echo` and `printf`. */
import { type Builtin, refuse } from './builtin.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** `\n`, `\t`, `\033`, `\x1b`: as `printf` writes them. */
function unescaped(text: string): string {
  return text.replace(/\\(?:([abefnrtv\\])|x([\da-fA-F]{1,2})|0?([0-7]{1,3}))/g, (_, letter?: string, hex?: string, octal?: string) => {
    if (letter !== undefined) return ESCAPES[letter] ?? '';
    return String.fromCharCode(hex === undefined ? Number.parseInt(octal ?? '0', 8) & 255 : Number.parseInt(hex, 16));
  });
}

/** As in bash: without -e a backslash is a backslash. */
export const echo: Builtin = async (shell, args) => {
  const words = [...args];
  let end = '\n';
  let escapes = false;
  for (; /^-[neE]+$/.test(words[0] ?? ''); words.shift()) {
    for (const letter of words[0]?.slice(1) ?? '') {
      if (letter === 'n') end = '';
      else escapes = letter === 'e';
    }
  }
  const text = words.join(' ');
  await shell.print(`${escapes ? unescaped(text) : text}${end}`);
  return 0;
};

const FORMAT = /%(?:%|([-0+ ]*)(\d*)(?:\.(\d+))?([a-zA-Z]))/g;

/** The format is used again as long as there are arguments. */
export const printf: Builtin = async (shell, [format, ...args]) => {
  if (format === undefined) return refuse(shell, 'printf: usage: printf FORMAT [ARGUMENT...]');
  const unknown = [...format.matchAll(FORMAT)].find(([all, , , , kind]) => all !== '%%' && !/[sbcdiuxXo]/.test(kind ?? ''));
  if (unknown) return refuse(shell, `printf: ${unknown[0]}: this sandbox's printf has %s %b %c %d %i %u %x %X %o and %%`);
  let code = 0;
  const problems: string[] = [];
  const rest = [...args];
  let text = '';
  do {
    const before = rest.length;
    text += unescaped(format.replace(/\\0/g, '\\00')).replace(FORMAT, (all, flags = '', width = '', precision?: string, kind?: string) => {
      if (all === '%%' || kind === undefined) return '%';
      const [shown, wrong] = one(kind, rest.shift() ?? '', precision);
      if (wrong) problems.push(wrong);
      return padded(shown, flags, Number(width), /[diuxXo]/.test(kind));
    });
    if (rest.length === before) break;
  } while (rest.length > 0);
  await shell.print(text);
  for (const problem of problems) {
    await shell.complain(`printf: ${problem}: expected numeric value`);
    code = 1;
  }
  return code;
};

/** One argument, and itself again when it should have been a number. */
function one(kind: string, argument: string, precision: string | undefined): [shown: string, wrong: string | null] {
  if (kind === 's') return [precision === undefined ? argument : argument.slice(0, Number(precision)), null];
  if (kind === 'b') return [unescaped(argument), null];
  if (kind === 'c') return [argument.slice(0, 1), null];
  const letter = /^["'](.)/.exec(argument)?.[1];
  const number = letter === undefined ? Number(argument) : (letter.codePointAt(0) ?? 0);
  const whole = Number.isFinite(number) ? Math.trunc(number) : 0;
  const base = kind === 'o' ? 8 : kind === 'x' || kind === 'X' ? 16 : 10;
  const digits = Math.abs(whole)
    .toString(base)
    .padStart(Number(precision ?? 0), '0');
  const shown = `${whole < 0 ? '-' : ''}${kind === 'X' ? digits.toUpperCase() : digits}`;
  return [shown, Number.isFinite(number) ? null : argument];
}

function padded(text: string, flags: string, width: number, numeric: boolean): string {
  const signed = numeric && flags.includes('+') && !text.startsWith('-') ? `+${text}` : text;
  if (flags.includes('-')) return signed.padEnd(width);
  if (!numeric || !flags.includes('0')) return signed.padStart(width);
  const sign = /^[-+]/.exec(signed)?.[0] ?? '';
  return sign + signed.slice(sign.length).padStart(width - sign.length, '0');
}
