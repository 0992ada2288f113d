/** head [-n N] [-c N] [FILE…]: the first lines or bytes. */
import { type Host, isSystemError } from '../../host/host.ts';
import { readOwn } from '../coreutils.ts';
import { concat } from '../http/bytes.ts';

const NEWLINE = 10;

export default async function head(host: Host): Promise<number> {
  // `head -5 file` is old and everybody types it.
  const args = host.args.flatMap((arg, i) =>
    /^-\d+$/.test(arg) && !/^(-[nc]|--lines|--bytes)$/.test(host.args[i - 1] ?? '') ? ['-n', arg.slice(1)] : [arg],
  );
  const parsed = await readOwn(host, { flags: ['-q', '-v'], values: ['-n', '--lines', '-c', '--bytes'] }, 1, args);
  if (typeof parsed === 'number') return parsed;
  const [option = '-n', count = '10'] = parsed.values.at(-1) ?? [];
  const lines = option === '-n' || option === '--lines';
  if (!/^-?\d+$/.test(count)) {
    await host.printError(`head: invalid number of ${lines ? 'lines' : 'bytes'}: ‘${count}’\n`);
    return 1;
  }
  const first = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, lines ? lineEnd(bytes, Number(count)) : byteEnd(bytes, Number(count)));
  const names = parsed.rest.length > 0 ? parsed.rest : ['-'];
  const titled = parsed.flags.has('-v') || (names.length > 1 && !parsed.flags.has('-q'));
  let code = 0;
  let before = '';
  const title = async (name: string): Promise<void> => {
    if (titled) await host.print(`${before}==> ${name === '-' ? 'standard input' : name} <==\n`);
    before = '\n';
  };
  for (const name of names) {
    try {
      if (name === '-') {
        await title(name);
        await host.print(first(await input(host, count, lines)));
        continue;
      }
      const { kind } = await host.fs.stat(name);
      const bytes = kind === 'directory' ? null : await host.fs.read(name);
      await title(name);
      if (bytes) await host.print(first(bytes));
      else {
        await host.printError(`head: error reading '${name}': Is a directory\n`);
        code = 1;
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      await host.printError(`head: cannot open '${name}' for reading: ${error.strerror}\n`);
      code = 1;
    }
  }
  return code;
}

/** Where the first `count` lines end, or all but the last ones. */
function lineEnd(bytes: Uint8Array, count: number): number {
  if (Object.is(count, -0)) return bytes.length;
  const ends: number[] = [];
  for (let at = bytes.indexOf(NEWLINE); at >= 0 && (count < 0 || ends.length < count); at = bytes.indexOf(NEWLINE, at + 1))
    ends.push(at + 1);
  if (count >= 0) return count === 0 ? 0 : ends.length < count ? bytes.length : (ends.at(-1) ?? 0);
  if (bytes.at(-1) !== NEWLINE && bytes.length > 0) ends.push(bytes.length);
  return ends.at(count - 1) ?? 0;
}

const byteEnd = (bytes: Uint8Array, count: number): number =>
  count < 0 || Object.is(count, -0) ? Math.max(0, bytes.length + count) : Math.min(count, bytes.length);

/** The input as far as it is wanted: whoever writes it may go on writing. */
async function input(host: Host, count: string, lines: boolean): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let have = 0;
  for (let part = await host.readInput(); part !== null; part = await host.readInput()) {
    parts.push(part);
    have += lines ? part.filter((byte) => byte === NEWLINE).length : part.length;
    if (!count.startsWith('-') && have >= Number(count)) break;
  }
  return concat(parts);
}
