/** The modes that chmod understands: `640`, `u+x,go-w`, `a=r`, `g=u`, `+X`. */

/** What a file's permission bits become. */
export type Change = (mode: number, directory: boolean) => number;

/** Bits that a change without `ugoa` leaves alone. */
const UMASK = 0o022;
const WHO: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };
const SHIFT: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

/** Null when it is no mode. */
export function readMode(text: string): Change | null {
  if (/^[0-7]{1,4}$/.test(text)) return () => Number.parseInt(text, 8);
  const clauses = text.split(',').map(readClause);
  if (clauses.some((clause) => clause === null)) return null;
  return (mode, directory) => clauses.reduce((changed, clause) => clause?.(changed, directory) ?? changed, mode);
}

function readClause(text: string): Change | null {
  const match = /^([ugoa]*)((?:[+=-](?:[rwxXst]*|[ugo]))+)$/.exec(text);
  if (!match) return null;
  const [, who = '', actions = ''] = match;
  const whom = who === '' ? 0o7777 : [...who].reduce((bits, letter) => bits | (WHO[letter] ?? 0), 0);
  const kept = who === '' ? UMASK : 0;
  return (before, directory) => {
    let mode = before;
    for (const [, sign = '', what = ''] of actions.matchAll(/([+=-])([rwxXstugo]*)/g)) {
      const bits = bitsOf(what, mode, directory) & whom & ~kept;
      if (sign === '+') mode |= bits;
      else if (sign === '-') mode &= ~bits;
      else mode = (mode & ~(whom & (directory ? 0o1777 : 0o7777))) | bits;
    }
    return mode;
  };
}

function bitsOf(what: string, mode: number, directory: boolean): number {
  const copied = SHIFT[what];
  if (copied !== undefined) return ((mode >> copied) & 7) * 0o111;
  const runs = directory || (mode & 0o111) !== 0;
  const bits: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, X: runs ? 0o111 : 0, s: 0o6000, t: 0o1000 };
  return [...what].reduce((sum, letter) => sum | (bits[letter] ?? 0), 0);
}
