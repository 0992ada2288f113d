/** Which lines of a file a side of a pair shows. Pure; for the page that draws it and for the tests of the lessons. */

export interface ShownLines {
  /** Number in the file of the first line shown, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
}

/** From the first line with the text `from` on, up to the first line from there with the text `to`. Errors: there is no such line. */
export function shownLines(
  text: string,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
): ShownLines {
  const all = text.trimEnd().split(/\r?\n/);
  const begin = from === undefined ? 0 : all.findIndex((line) => line.includes(from));
  if (begin < 0) throw new Error(`no line has the text of "from": ${from}`);
  const last = to === undefined ? all.length - 1 : all.findIndex((line, index) => index >= begin && line.includes(to));
  if (last < 0) throw new Error(`no line from there on has the text of "to": ${to}`);
  return { first: begin + 1, lines: all.slice(begin, last + 1) };
}
