/** Command-line arguments in the usual style: joined short flags, values that follow at once or as the next word, `--long=value`. */

export interface Parsed {
  /** Flags given, by their name with dashes. */
  readonly flags: ReadonlySet<string>;
  /** Options with values, in order. */
  readonly values: readonly (readonly [option: string, value: string])[];
  readonly rest: readonly string[];
}

export interface Grammar {
  /** `-i`, `--silent` … */
  readonly flags: readonly string[];
  /** `-o`, `--max-time` … */
  readonly values: readonly string[];
}

/** Which option is unknown or lacks its value. */
export type Problem = { readonly unknown: string } | { readonly lacksValue: string };

export function parseArguments(args: readonly string[], grammar: Grammar): Parsed | Problem {
  const flags = new Set<string>();
  const values: [string, string][] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      rest.push(arg);
      continue;
    }
    if (arg.startsWith('--')) {
      const equals = arg.indexOf('=');
      const name = equals < 0 ? arg : arg.slice(0, equals);
      if (grammar.flags.includes(name)) flags.add(name);
      else if (grammar.values.includes(name)) {
        const value = equals < 0 ? args[++i] : arg.slice(equals + 1);
        if (value === undefined) return { lacksValue: name };
        values.push([name, value]);
      } else return { unknown: name };
      continue;
    }
    for (let at = 1; at < arg.length; at++) {
      const name = `-${arg.charAt(at)}`;
      if (grammar.flags.includes(name)) {
        flags.add(name);
        continue;
      }
      if (!grammar.values.includes(name)) return { unknown: name };
      const value = arg.slice(at + 1) || args[++i];
      if (value === undefined) return { lacksValue: name };
      values.push([name, value]);
      break;
    }
  }
  return { flags, values, rest };
}
