/** nginx's command line. */

export interface Options {
  readonly test: boolean;
  /** -T: print the files too. */
  readonly dump: boolean;
  readonly quiet: boolean;
  readonly version: boolean;
  readonly help: boolean;
  /** -e: the error log until the configuration names one. */
  readonly errorLog: string | null;
  readonly config: string | null;
  readonly prefix: string | null;
  readonly globals: string;
  readonly signal: 'stop' | 'quit' | 'reload' | 'reopen' | null;
}

type SignalName = NonNullable<Options['signal']>;
const isSignal = (text: string): text is SignalName => ['stop', 'quit', 'reload', 'reopen'].includes(text);

/** Read the arguments; flags may be joined (`-tq`) and a value may follow at once (`-s reload`, `-sreload`). */
export function parseOptions(args: readonly string[]): Options | { readonly problem: string } {
  const options = { test: false, dump: false, quiet: false, version: false, help: false, globals: '' };
  let config: string | null = null;
  let prefix: string | null = null;
  let errorLog: string | null = null;
  let signal: SignalName | null = null;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (!arg.startsWith('-')) return { problem: `invalid option: "${arg}"` };
    for (let at = 1; at < arg.length; at++) {
      const letter = arg.charAt(at);
      if (letter === 't') options.test = true;
      else if (letter === 'T') {
        options.test = true;
        options.dump = true;
      } else if (letter === 'q') options.quiet = true;
      else if (letter === 'v' || letter === 'V') options.version = true;
      else if (letter === 'h' || letter === '?') {
        options.version = true;
        options.help = true;
      } else {
        if (!'cgpse'.includes(letter)) return { problem: `invalid option: "${letter}"` };
        const value = arg.slice(at + 1) || args[++i];
        if (value === undefined) return { problem: MISSING[letter] ?? `option "-${letter}" requires parameter` };
        if (letter === 'c') config = value;
        else if (letter === 'p') prefix = value.endsWith('/') ? value : `${value}/`;
        else if (letter === 'g') options.globals = value;
        else if (letter === 'e') errorLog = value;
        else if (letter === 's') {
          if (!isSignal(value)) return { problem: `invalid option: "-s ${value}"` };
          signal = value;
        }
        break;
      }
    }
  }
  return { ...options, config, prefix, errorLog, signal };
}

const MISSING: Readonly<Record<string, string>> = {
  c: 'option "-c" requires file name',
  p: 'option "-p" requires directory name',
  e: 'option "-e" requires file name',
};

/** What -h prints after the version. */
export const HELP = `Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]
             [-e filename] [-c filename] [-g directives]

Options:
  -?,-h         : this help
  -v            : show version and exit
  -V            : show version and configure options then exit
  -t            : test configuration and exit
  -T            : test configuration, dump it and exit
  -q            : suppress non-error messages during configuration testing
  -s signal     : send signal to a master process: stop, quit, reopen, reload
  -p prefix     : set prefix path (default: /usr/share/nginx/)
  -e filename   : set error log file (default: /var/log/nginx/error.log)
  -c filename   : set configuration file (default: /etc/nginx/nginx.conf)
  -g directives : set global directives out of configuration file

`;
