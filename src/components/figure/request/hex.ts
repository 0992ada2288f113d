/** Byte text (one character a byte) as people look at bytes. Pure. */

const PRINTABLE = /[^\x20-\x7e]/g;

/** `00 8a 01`. */
export function hexOf(bytes: string): string {
  return Array.from(bytes, (one) => one.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
}

/** What can be printed of it, the rest as dots. */
export const printable = (bytes: string): string => bytes.replace(PRINTABLE, '.');

/** One line for every `width` bytes: where they begin, the bytes, and what can be printed of them. */
export function hexDump(bytes: string, width = 16, from = 0): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += width) {
    const row = bytes.slice(at, at + width);
    lines.push(`${offset(from + at)}  ${hexOf(row).padEnd(3 * width - 1)}  ${printable(row)}`);
  }
  return lines.join('\n');
}

/** Where a byte stands, as `hexDump` writes it. */
export const offset = (at: number): string => at.toString(16).padStart(4, '0');
