/** The command line as getopt_long(3) takes it apart: options first, wherever they stand, then what is left. */
import { ConfigError } from '../options.ts';
import { REAL_OPTIONS, type RealOption, SHORT } from './real.ts';

export interface Argument {
  readonly name: string;
  /** Null for none, which is not the same as an empty one. */
  readonly value: string | null;
}

/** Options are known one after the other: a plugin brings its own. `take` is told each in turn. Gives what is no option. */
export async function parseCommandLine(
  args: readonly string[],
  knows: (option: RealOption) => boolean,
  take: (argument: Argument) => Promise<void>,
): Promise<string[]> {
  const rest: string[] = [];
  const queue = [...args];
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    if (arg === '--') rest.push(...queue.splice(0));
    else if (arg.startsWith('--')) await take(longOption(arg, queue, knows));
    else if (arg.startsWith('-') && arg !== '-') for (const option of shortOptions(arg, queue, knows)) await take(option);
    else rest.push(arg);
  }
  return rest;
}

const bad = (sentence: string): ConfigError => new ConfigError(`uwsgi: ${sentence}\ngetopt_long() error`);

function longOption(arg: string, queue: string[], knows: (option: RealOption) => boolean): Argument {
  const equals = arg.indexOf('=');
  const given = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
  const value = equals < 0 ? null : arg.slice(equals + 1);
  const { name, takes } = longNamed(given, arg, knows);
  if (takes === 'nothing' && value !== null) throw bad(`option '--${name}' doesn't allow an argument`);
  if (takes !== 'a value' || value !== null) return { name, value };
  const next = queue.shift();
  if (next === undefined) throw bad(`option '--${name}' requires an argument`);
  return { name, value: next };
}

/** By its name, or by the beginning of it when no other begins so. */
function longNamed(given: string, arg: string, knows: (option: RealOption) => boolean): RealOption {
  const exact = REAL_OPTIONS.get(given);
  if (exact !== undefined && knows(exact)) return exact;
  const possible = [...REAL_OPTIONS.values()].filter((option) => option.name.startsWith(given) && knows(option));
  const [one] = possible;
  if (one === undefined) throw bad(`unrecognized option '${arg}'`);
  if (possible.length === 1) return one;
  throw bad(`option '--${given}' is ambiguous; possibilities: ${possible.map(({ name }) => `'--${name}'`).join(' ')}`);
}

/** `-p4`, `-p 4`, and several without a value in one: `-Mm`. */
function shortOptions(arg: string, queue: string[], knows: (option: RealOption) => boolean): Argument[] {
  const found: Argument[] = [];
  for (let at = 1; at < arg.length; at++) {
    const letter = arg[at] ?? '';
    const option = REAL_OPTIONS.get((Object.hasOwn(SHORT, letter) && SHORT[letter]) || '');
    if (option === undefined || !knows(option)) throw bad(`invalid option -- '${letter}'`);
    const attached = arg.slice(at + 1);
    if (option.takes === 'nothing') {
      found.push({ name: option.name, value: null });
      continue;
    }
    const value = attached !== '' ? attached : option.takes === 'a value' ? queue.shift() : null;
    if (value === undefined) throw bad(`option requires an argument -- '${letter}'`);
    found.push({ name: option.name, value });
    break;
  }
  return found;
}
