/** grep [-i] [-n] [-c] [-v] [-E] PATTERN [FILE…]: the lines that match. Exit code 0 when there are any, 1 when not, 2 for trouble. */
import { type Host, isSystemError } from '../../host/host.ts';
import { parseArguments } from '../arguments.ts';
import { BadPattern, matcher } from './pattern.ts';

const USAGE = 'grep [-i] [-n] [-c] [-v] [-h] [-q] [-E | -F] PATTERN [FILE...]';

export default async function grep(host: Host): Promise<number> {
  const grammar = { flags: ['-i', '-n', '-c', '-v', '-h', '-q', '-E', '-F', '-G', '--help', '--color'], values: ['-e', '--color'] };
  const parsed = parseArguments(host.args, grammar);
  const misused = async (problem: string): Promise<2> => {
    await host.printError(`${problem}Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n`);
    return 2;
  };
  if ('lacksValue' in parsed) return misused(`grep: option requires an argument -- '${parsed.lacksValue.replace(/^-+/, '')}'\n`);
  if ('unknown' in parsed) return misused(`grep: invalid option -- '${parsed.unknown.replace(/^-+/, '')}'\n`);
  const { flags } = parsed;
  if (flags.has('--help')) {
    await host.print(`Usage: ${USAGE}\n`);
    return 0;
  }
  const given = parsed.values.filter(([option]) => option === '-e').map(([, value]) => value);
  const [first, ...others] = parsed.rest;
  const pattern = given.length > 0 ? given.join('\n') : first;
  if (pattern === undefined) return misused('');
  const files = given.length > 0 ? parsed.rest : others;
  let test: RegExp;
  try {
    test = matcher(pattern, flags.has('-F') ? 'fixed' : flags.has('-E') ? 'extended' : 'basic', flags.has('-i'));
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error;
    await host.printError(`grep: ${error.message}\n`);
    return 2;
  }

  let found = false;
  let trouble = false;
  for (const name of files.length > 0 ? files : ['-']) {
    const prefix = files.length > 1 && !flags.has('-h') ? `${name === '-' ? '(standard input)' : name}:` : '';
    try {
      if (await search(host, name, test, flags, prefix)) found = true;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code === 'EPIPE') return 2;
      await host.printError(`grep: ${name}: ${error.strerror}\n`);
      trouble = true;
    }
  }
  return trouble ? 2 : found ? 0 : 1;
}

/** Search one file, or the input as it comes. Whether a line was found. */
async function search(host: Host, name: string, test: RegExp, flags: ReadonlySet<string>, prefix: string): Promise<boolean> {
  const quiet = flags.has('-q') || flags.has('-c');
  let number = 0;
  let count = 0;
  const lines = async (text: readonly string[]): Promise<void> => {
    let out = '';
    for (const line of text) {
      number++;
      if (test.test(line) === flags.has('-v')) continue;
      count++;
      if (!quiet) out += `${prefix}${flags.has('-n') ? `${number}:` : ''}${line}\n`;
    }
    if (out !== '') await host.print(out);
  };
  const decoder = new TextDecoder();
  let rest = '';
  const take = async (bytes: Uint8Array): Promise<void> => {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    await lines(parts);
  };
  if (name === '-') for (let part = await host.readInput(); part !== null; part = await host.readInput()) await take(part);
  else await take(await host.fs.read(name));
  if (rest !== '') await lines([rest]);
  if (flags.has('-c') && !flags.has('-q')) await host.print(`${prefix}${count}\n`);
  return count > 0;
}
