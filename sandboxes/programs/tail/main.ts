/** tail [-n N] [-f] [-q] [-v] [FILE…]: the last lines, and with -f what is written from now on; -v names each file first. */
import { type Host, isSystemError } from '../../host/host.ts';
import { readArguments } from '../coreutils.ts';
import { concat } from '../http/bytes.ts';

const LOOK_EVERY = 200;
const NEWLINE = 10;

interface Followed {
  readonly name: string;
  size: number;
}

export default async function tail(host: Host): Promise<number> {
  // `tail -5 file` is old and everybody types it.
  const args = host.args.flatMap((arg, i) =>
    /^-\d+$/.test(arg) && !/^(-n|--lines)$/.test(host.args[i - 1] ?? '') ? ['-n', arg.slice(1)] : [arg],
  );
  const usage = 'tail [-n NUMBER] [-f] [-q] [-v] [FILE...]';
  const parsed = await readArguments(host, { flags: ['-f', '-F', '-q', '-v'], values: ['-n', '--lines'] }, usage, args);
  if (typeof parsed === 'number') return parsed;
  const count = parsed.values.at(-1)?.[1] ?? '10';
  if (!/^[+-]?\d+$/.test(count)) {
    await host.printError(`tail: invalid number of lines: '${count}'\n`);
    return 1;
  }
  if (parsed.rest.length === 0) {
    await host.print(lastLines(await wholeInput(host), count));
    return 0;
  }
  const follow = parsed.flags.has('-f') || parsed.flags.has('-F');
  const titles = new Titles(host, parsed.flags.has('-v') || (parsed.rest.length > 1 && !parsed.flags.has('-q')));
  const followed: Followed[] = [];
  let code = 0;
  for (const name of parsed.rest) {
    try {
      const bytes = await host.fs.read(name);
      followed.push({ name, size: bytes.length });
      await titles.print(name, lastLines(bytes, count));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const what = error.code === 'EISDIR' ? `error reading '${name}'` : `cannot open '${name}' for reading`;
      await host.printError(`tail: ${what}: ${error.strerror}\n`);
      code = 1;
    }
  }
  if (!follow) return code;
  if (followed.length === 0) {
    await host.printError('tail: no files remaining\n');
    return 1;
  }
  for (;;) {
    await host.sleep(LOOK_EVERY);
    for (const file of followed) await look(host, file, titles);
  }
}

/** Print what has been added to a file since the last look. */
async function look(host: Host, file: Followed, titles: Titles): Promise<void> {
  const info = await host.fs.stat(file.name).catch(() => null);
  if (info === null || info.size === file.size) return;
  if (info.size < file.size) {
    await host.printError(`tail: ${file.name}: file truncated\n`);
    file.size = 0;
  }
  // It may go between the two looks.
  const bytes = await host.fs.read(file.name).catch(() => null);
  if (bytes === null) return;
  if (bytes.length > file.size) await titles.print(file.name, bytes.subarray(file.size));
  file.size = bytes.length;
}

/** Says from which file the following is, when there are several. */
class Titles {
  #host: Host;
  #wanted: boolean;
  #last: string | null = null;

  constructor(host: Host, wanted: boolean) {
    this.#host = host;
    this.#wanted = wanted;
  }

  async print(name: string, bytes: Uint8Array): Promise<void> {
    if (this.#wanted && name !== this.#last) await this.#host.print(`${this.#last === null ? '' : '\n'}==> ${name} <==\n`);
    this.#last = name;
    await this.#host.print(bytes);
  }
}

/** The last lines; with `+N` those from the Nth on. */
function lastLines(bytes: Uint8Array, count: string): Uint8Array {
  const number = Math.abs(Number(count));
  if (count.startsWith('+')) {
    let at = 0;
    for (let line = 1; line < number && at < bytes.length; line++) {
      const end = bytes.indexOf(NEWLINE, at);
      at = end < 0 ? bytes.length : end + 1;
    }
    return bytes.subarray(at);
  }
  let at = bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length;
  for (let line = 0; line < number && at >= 0; line++) at = at === 0 ? -1 : bytes.lastIndexOf(NEWLINE, at - 1);
  return number === 0 ? new Uint8Array(0) : bytes.subarray(at + 1);
}

async function wholeInput(host: Host): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let part = await host.readInput(); part !== null; part = await host.readInput()) parts.push(part);
  return concat(parts);
}
