/**
 * uWSGI's own idea of an INI file, which is not everybody's: a comment is a whole line, never the rest of one; quotes
 * are part of the value; a line without `=` is an option without a value.
 */

export interface Directive {
  readonly name: string;
  /** Null when the line has no `=`. */
  readonly value: string | null;
  /** Counted from 1: where an editor shows what is wrong. */
  readonly line: number;
}

/** The directives of one section in file order, or null when there is no such section. */
export function parseIni(text: string, section: string): Directive[] | null {
  const directives: Directive[] = [];
  let found = false;
  let inside = false;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      inside = line.slice(1, line.includes(']') ? line.indexOf(']') : undefined) === section;
      found ||= inside;
      continue;
    }
    if (!inside) continue;
    const equals = line.indexOf('=');
    directives.push(
      equals < 0
        ? { name: line, value: null, line: index + 1 }
        : { name: line.slice(0, equals).trimEnd(), value: line.slice(equals + 1).trimStart(), line: index + 1 },
    );
  }
  return found ? directives : null;
}

export interface Placeholders {
  /** Absolute path of the file. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** Options seen so far: `%(name)`. */
  readonly options: ReadonlyMap<string, string>;
}

/** Fill in `%(option)`, `$(ENVIRONMENT)` and the one-letter `%` variables about the file. What is not known becomes empty. */
export function fillPlaceholders(value: string, { file, env, options }: Placeholders): string {
  const slash = file.lastIndexOf('/') + 1;
  const name = file.slice(slash);
  const dot = name.lastIndexOf('.');
  const letters: Readonly<Record<string, string>> = {
    p: file,
    s: name,
    d: file.slice(0, slash),
    c: file.slice(0, slash - 1).replace(/.*\//, ''),
    n: dot < 0 ? name : name.slice(0, dot),
    e: dot < 0 ? '' : name.slice(dot + 1),
    '%': '%',
  };
  return value
    .replace(/%\(([^)]*)\)/g, (_, option: string) => options.get(option) ?? '')
    .replace(/\$\(([^)]*)\)/g, (_, variable: string) => env[variable] ?? '')
    .replace(/%([psdcne%])/g, (_, letter: string) => letters[letter] ?? '');
}
