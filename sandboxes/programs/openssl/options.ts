/** openssl's options: whole words after one dash (or two), values as the next word. */
import { Failure } from './failure.ts';

export interface Options {
  /** Options given, in order, without their dash. */
  readonly names: readonly string[];
  /** The last value of an option, or null. */
  value(name: string): string | null;
  /** All values of an option. */
  all(name: string): string[];
  has(name: string): boolean;
}

/** `known`: names of the options; those that take a value end in `=`. Throws Failure. */
export function parseOptions(command: string, args: readonly string[], known: readonly string[]): Options {
  const names: string[] = [];
  const values: [string, string][] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const name = arg.replace(/^--?/, '');
    if (arg === name) throw new Failure(`${command}: Extra (unknown) options: "${arg}"`);
    if (known.includes(`${name}=`)) {
      const value = args[++i];
      if (value === undefined) throw new Failure(`${command}: Option -${name} needs a value\n${command}: Use -help for summary.`);
      values.push([name, value]);
    } else if (!known.includes(name)) {
      throw new Failure(
        `openssl: this sandbox's "${command}" has no -${name}; it has ${known.map((one) => `-${one.replace('=', '')}`).join(' ')}.`,
      );
    }
    names.push(name);
  }
  const all = (name: string): string[] => values.flatMap(([option, value]) => (option === name ? [value] : []));
  return { names, all, value: (name) => all(name).at(-1) ?? null, has: (name) => names.includes(name) };
}
