/**
 * A strict reader for the XML of configuration files: elements, attributes, comments. No DTD, no namespaces, no text that
 * means something: `applicationHost.config` has none. Every mistake is an error with its line.
 */

export interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

export interface Element {
  readonly name: string;
  readonly line: number;
  readonly attributes: readonly Attribute[];
  readonly children: readonly Element[];
}

/** A mistake in a file, in words for the one who wrote it. */
export class FileError extends Error {
  readonly line: number;

  constructor(line: number, what: string) {
    super(what);
    this.name = 'FileError';
    this.line = line;
  }
}

interface Open {
  readonly name: string;
  readonly line: number;
  readonly attributes: readonly Attribute[];
  readonly children: Element[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const NAME = /[A-Za-z_][\w.:-]*/y;
const SPACE = /\s*/y;
const VALUE = /\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;

/** The one element that the text consists of. */
export function readXml(text: string): Element {
  let at = 0;
  const lines = lineCounter(text);
  const fail = (what: string, where = at): never => {
    throw new FileError(lines(where), what);
  };
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  /** Goes on behind `end`. */
  const skip = (end: string, what: string): void => {
    const found = text.indexOf(end, at);
    if (found < 0) fail(`${what} is never closed with ${end}`);
    at = found + end.length;
  };

  const open: Open[] = [];
  let root: Element | null = null;
  const close = (element: Open): void => {
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  };

  function attributes(name: string): Attribute[] {
    const found: Attribute[] = [];
    for (;;) {
      const before = at;
      match(SPACE);
      if (text[at] === '>' || text[at] === '/' || at >= text.length) return found;
      if (at === before) fail(`a space is missing before the next attribute of <${name}>`);
      const where = at;
      const [attribute] = match(NAME) ?? [fail(`"${text[at]}" cannot stand in <${name}>`)];
      const value = match(VALUE) ?? fail(`the value of ${attribute} must stand in quotes: ${attribute}="…"`, where);
      if (found.some((one) => one.name === attribute)) fail(`<${name}> has ${attribute} twice`, where);
      found.push({ name: attribute, value: plain(value[1] ?? value[2] ?? '', where), line: lines(where) });
    }
  }

  function plain(value: string, where: number): string {
    return value.replace(
      /&([^;\s]*);?/g,
      (whole, name: string) => ENTITIES[name] ?? fail(`"${whole}" is no entity; a plain & is written &amp;`, where),
    );
  }

  function tag(): void {
    const where = at;
    at++;
    const ends = text[at] === '/';
    if (ends) at++;
    const [name] = match(NAME) ?? [fail('after < the name of an element must come', where)];
    if (ends) {
      match(SPACE);
      if (text[at++] !== '>') fail(`</${name}> is not closed with >`, where);
      const last = open.pop();
      if (!last) throw new FileError(lines(where), `</${name}> closes nothing`);
      if (last.name !== name)
        fail(`</${name}> stands where </${last.name}> is expected: <${last.name}> is open since line ${last.line}`, where);
      close(last);
      return;
    }
    if (root && open.length === 0) fail(`<${name}> stands after the end of the document`, where);
    const element: Open = { name, line: lines(where), attributes: attributes(name), children: [] };
    const empty = text[at] === '/';
    if (empty) at++;
    if (text[at++] !== '>') fail(`<${name}> is not closed with >`, where);
    if (empty) close(element);
    else open.push(element);
  }

  while (at < text.length) {
    const next = text.indexOf('<', at);
    const between = text.slice(at, next < 0 ? undefined : next);
    const word = between.search(/[^\s\uFEFF]/);
    if (word >= 0) fail('text stands between the elements', at + word);
    if (next < 0) break;
    at = next;
    if (text.startsWith('<!--', at)) skip('-->', 'the comment');
    else if (text.startsWith('<?', at)) skip('?>', 'the declaration');
    else if (text[at + 1] === '!') fail('only elements and comments are read here');
    else tag();
  }
  const last = open.at(-1);
  if (last) throw new FileError(last.line, `<${last.name}> is never closed`);
  return root ?? fail('there is no element');
}

/** Line (from 1) of a position in the text. */
function lineCounter(text: string): (at: number) => number {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return (at) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= at) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
