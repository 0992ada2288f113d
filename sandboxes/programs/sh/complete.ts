/** What Tab adds to a line: commands, files, options, variables, jobs. */
import { isSystemError } from '../../host/host.ts';
import { optionsOf } from '../man/pages.ts';
import { type Cut, cut, escaped } from './cut.ts';
import { programs } from './programs.ts';

/** What the shell knows that completion needs. */
export interface Surroundings {
  readonly builtins: readonly string[];
  readonly variables: readonly string[];
  /** `%1`, `%2` */
  readonly jobs: readonly string[];
  readonly home: string;
  /** `$PATH` */
  readonly path: string;
  readonly files: {
    list(path: string): Promise<string[]>;
    stat(path: string): Promise<{ kind: string; mode: number }>;
  };
}

export interface Completion {
  /** From here on the line is to read as `text`. */
  readonly from: number;
  readonly text: string;
  /** When nothing can be added: what it might become. */
  readonly list: readonly string[];
}

interface Candidate {
  /** The whole word. */
  readonly word: string;
  /** As it is listed. */
  readonly shown: string;
  /** More may follow: a directory. */
  readonly open: boolean;
}

const plain = (word: string): Candidate => ({ word, shown: word, open: false });
/** Commands whose arguments are commands. */
const OF_COMMANDS = new Set(['man', 'which']);
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'nginx -s': ['quit', 'reload', 'reopen', 'stop'],
  'find -type': ['d', 'f', 's'],
};

/** What becomes of `line`, which ends at the cursor; null when nothing fits. */
export async function complete(line: string, around: Surroundings): Promise<Completion | null> {
  const place = cut(line);
  const found = (await candidates(place, around)).filter(({ word }) => word.startsWith(place.word));
  const words = [...new Map(found.map((candidate) => [candidate.word, candidate])).values()].sort((a, b) => (a.word < b.word ? -1 : 1));
  const [first] = words;
  if (!first) return null;
  if (words.length === 1) {
    const end = first.open ? '' : `${place.quote} `;
    return { from: place.start, text: `${written(first.word, place)}${end}`, list: [] };
  }
  const common = words.reduce((prefix, { word }) => shared(prefix, word), first.word);
  if (common.length > place.word.length) return { from: place.start, text: written(common, place), list: [] };
  return { from: line.length, text: '', list: words.map(({ shown }) => shown) };
}

/** As it is typed: in the quotes that were opened, else with a backslash before what the shell would take for its own. */
const written = (word: string, { quote }: Cut): string => quote + (word.startsWith('$') ? word : escaped(word, quote));

async function candidates(place: Cut, around: Surroundings): Promise<Candidate[]> {
  const { word, quote } = place;
  if (word.startsWith('$') && quote !== "'") return around.variables.map((name) => plain(`$${name}`));
  if (place.target) return files(word, around, () => true);
  const before = place.before[0] === 'sudo' ? place.before.slice(1) : place.before;
  const [command] = before;
  if (command === undefined) return word.includes('/') ? files(word, around, runnable) : commands(around);
  if (OF_COMMANDS.has(command)) return (await commands(around)).filter(({ word: name }) => !name.startsWith('.'));
  const values = VALUES[`${command} ${before.at(-1)}`];
  if (values && before.length > 1) return values.map(plain);
  if (word.startsWith('-')) return optionsOf(command).map(plain);
  if (word.startsWith('%')) return around.jobs.map(plain);
  return files(word, around, command === 'cd' ? ({ kind }) => kind === 'directory' : () => true);
}

/** The shell's own, the sandbox's programs, and what can be run in the folders of `$PATH`. */
async function commands(around: Surroundings): Promise<Candidate[]> {
  const names = [...around.builtins, ...programs];
  for (const folder of around.path.split(':').filter(Boolean)) {
    names.push(
      ...(await files(`${folder}/`, around, ({ kind, mode }) => kind === 'file' && (mode & 0o111) !== 0)).map(({ shown }) => shown),
    );
  }
  return names.filter((name) => name !== ':').map(plain);
}

type Wanted = (info: { kind: string; mode: number }) => boolean;
const runnable: Wanted = ({ kind, mode }) => kind === 'directory' || (mode & 0o111) !== 0;

/** Files whose path begins as `word` does. A hidden one only when its name was begun with the dot. */
async function files(word: string, around: Surroundings, wanted: Wanted): Promise<Candidate[]> {
  const slash = word.lastIndexOf('/') + 1;
  const [folder, begun] = [word.slice(0, slash), word.slice(slash)];
  const real = folder.replace(/^~(?=\/)/, around.home);
  try {
    const names = (await around.files.list(real === '' ? '.' : real)).filter(
      (name) => name.startsWith(begun) && (begun.startsWith('.') || !name.startsWith('.')),
    );
    const infos = await Promise.all(names.map((name) => around.files.stat(real + name).catch(() => null)));
    return names.flatMap((name, i) => {
      const info = infos[i];
      if (!info || !wanted(info)) return [];
      const end = info.kind === 'directory' ? '/' : '';
      return [{ word: `${folder}${name}${end}`, shown: `${name}${end}`, open: end !== '' }];
    });
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

function shared(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return a.slice(0, at);
}

/** Rows of a list in columns, filled from top to bottom, no wider than `width` characters. */
export function inColumns(items: readonly string[], width: number): string {
  const column = Math.max(...items.map((item) => Array.from(item).length), 0) + 2;
  const across = Math.max(1, Math.floor(width / column));
  const rows = Math.ceil(items.length / across);
  return Array.from({ length: rows }, (_, row) =>
    items
      .filter((_, i) => i % rows === row)
      .map((item) => item.padEnd(column))
      .join('')
      .trimEnd()
      .concat('\n'),
  ).join('');
}
