/** wc [-l] [-w] [-m] [-c] [FILE…]: counts lines, words, characters and bytes. */
import { type FileInfo, type Host, isSystemError } from '../../host/host.ts';
import { readOwn } from '../coreutils.ts';
import { concat } from '../http/bytes.ts';

const COLUMNS = ['lines', 'words', 'chars', 'bytes'] as const;
type Column = (typeof COLUMNS)[number];
type Counts = Readonly<Record<Column, number>>;
const FLAGS: Readonly<Record<string, Column>> = {
  '-l': 'lines',
  '--lines': 'lines',
  '-w': 'words',
  '--words': 'words',
  '-m': 'chars',
  '--chars': 'chars',
  '-c': 'bytes',
  '--bytes': 'bytes',
};
/** What GNU's takes where it cannot know sizes beforehand. */
const UNKNOWN_WIDTH = 7;

export default async function wc(host: Host): Promise<number> {
  const parsed = await readOwn(host, { flags: Object.keys(FLAGS), values: [] });
  if (typeof parsed === 'number') return parsed;
  const asked = new Set([...parsed.flags].map((flag) => FLAGS[flag]));
  const columns = COLUMNS.filter((column) => (asked.size === 0 ? column !== 'chars' : asked.has(column)));
  const names = parsed.rest.length > 0 ? parsed.rest : ['-'];
  const infos = await Promise.all(names.map((name) => (name === '-' ? null : host.fs.stat(name).catch(() => undefined))));
  const width = widthFor(infos, columns.length);
  const print = (counts: Counts, name: string): Promise<void> =>
    host.print(`${columns.map((column) => String(counts[column]).padStart(width)).join(' ')}${name === '' ? '' : ` ${name}`}\n`);
  let total: Counts = { lines: 0, words: 0, chars: 0, bytes: 0 };
  let code = 0;
  for (const name of names) {
    try {
      const counts = count(name === '-' ? await wholeInput(host) : await host.fs.read(name));
      total = added(total, counts);
      await print(counts, parsed.rest.length > 0 ? name : '');
    } catch (error) {
      if (!isSystemError(error)) throw error;
      await host.printError(`wc: ${name}: ${error.strerror}\n`);
      if (error.code === 'EISDIR') await print(count(new Uint8Array()), name);
      code = 1;
    }
  }
  if (names.length > 1) await print(total, 'total');
  return code;
}

/** Columns are as wide as the sum of all sizes; one number alone stands alone. */
function widthFor(infos: readonly (FileInfo | null | undefined)[], columns: number): number {
  if (infos.length === 1 && columns === 1) return 1;
  if (infos.some((info) => info === null || (info !== undefined && info.kind !== 'file'))) return UNKNOWN_WIDTH;
  return String(infos.reduce((sum, info) => sum + (info?.size ?? 0), 0)).length;
}

function count(bytes: Uint8Array): Counts {
  const text = new TextDecoder().decode(bytes);
  return {
    lines: bytes.filter((byte) => byte === 10).length,
    words: text.match(/\S+/g)?.length ?? 0,
    chars: Array.from(text).length,
    bytes: bytes.length,
  };
}

const added = (a: Counts, b: Counts): Counts => ({
  lines: a.lines + b.lines,
  words: a.words + b.words,
  chars: a.chars + b.chars,
  bytes: a.bytes + b.bytes,
});

async function wholeInput(host: Host): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let part = await host.readInput(); part !== null; part = await host.readInput()) parts.push(part);
  return concat(parts);
}
