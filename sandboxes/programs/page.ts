/**
 * What programs and the page that shows their terminal say to each other beside what is printed and typed. A program's words are
 * operating system commands (OSC) of a number that nobody else uses: every other terminal leaves them out.
 */
export const PAGE_OSC = 7770;

/** `open`: show this file in the editor. `complete`: what Tab adds to the line, as JSON. `forget`: the lines entered so far. */
export type Asked = 'open' | 'complete' | 'forget';

export const askPage = (what: Asked, text: string): string => `\x1b]${PAGE_OSC};${what};${encodeURIComponent(text)}\x07`;

/** What `askPage` made, without the number; null for what it did not make. */
export function readAsked(data: string): { readonly what: Asked; readonly text: string } | null {
  const [, what, text = ''] = /^(open|complete|forget);(.*)$/s.exec(data) ?? [];
  if (what !== 'open' && what !== 'complete' && what !== 'forget') return null;
  try {
    return { what, text: decodeURIComponent(text) };
  } catch {
    return null;
  }
}

/** No line that is typed begins so. */
const TAB = '\x1b\t';
const HISTORY = '\x1b\th';

/** Lines that were entered on an earlier visit, the oldest first: the page tells the shell when it starts. */
export const historyRequest = (lines: readonly string[]): string => `${HISTORY}${JSON.stringify(lines)}\n`;

/** A line that a shell reads, when it is `historyRequest`'s. */
export function readHistory(line: string): readonly string[] | null {
  if (!line.startsWith(HISTORY)) return null;
  try {
    const lines: unknown = JSON.parse(line.slice(HISTORY.length));
    return Array.isArray(lines) ? lines.filter((one) => typeof one === 'string') : null;
  } catch {
    return null;
  }
}

/** Tab was pressed at the shell's prompt. */
export interface TabPressed {
  /** Characters in a row of the terminal. */
  readonly columns: number;
  /** The line as far as the cursor. */
  readonly line: string;
}

/** What the page sends to the shell then. */
export const tabRequest = ({ columns, line }: TabPressed): string => `${TAB}${columns};${line}\n`;

/** A line that a shell reads, when it is `tabRequest`'s. */
export function readTab(line: string): TabPressed | null {
  if (!line.startsWith(TAB)) return null;
  const [, columns, text = ''] = /^(\d+);(.*)$/s.exec(line.slice(TAB.length)) ?? [];
  return columns === undefined ? null : { columns: Number(columns), line: text };
}

/** What `complete` tells the page: the line that was asked about, and what replaces it. */
export interface Completed {
  readonly line: string;
  readonly becomes: string;
}

/** The text of a `complete`, or null for what is none: any program may print anything. */
export function readCompleted(text: string): Completed | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('line' in value) || !('becomes' in value)) return null;
    const { line, becomes } = value;
    return typeof line === 'string' && typeof becomes === 'string' ? { line, becomes } : null;
  } catch {
    return null;
  }
}
