/** The command line of `python3`, as CPython's own parser reads it: the first word that is no option ends it. */

/** What is to run. `interactive` is also a program on standard input, where that is no terminal. */
export type Work =
  | { readonly kind: 'command'; readonly code: string }
  | { readonly kind: 'module'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'interactive' }
  | { readonly kind: 'version' }
  | { readonly kind: 'help' };

export interface PythonOptions {
  readonly work: Work;
  /** `sys.argv` behind its first. */
  readonly args: readonly string[];
  /** The file that it was started by, when that stands for the interpreter of a virtual environment. */
  readonly executable: string | null;
  /** Without the lines at the start of a conversation. */
  readonly quiet: boolean;
}

const USAGE = (name: string): string => `usage: ${name} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n`;

export const help = (name: string): string => `${USAGE(name)}Options:
-B     : don't write .pyc files on import (here nothing is ever written on import)
-c cmd : program passed in as string (terminates option list)
-h     : print this help message and exit (also -? or --help)
-m mod : run library module as a script (terminates option list)
-q     : don't print version and copyright messages on interactive startup
-u     : force the stdout and stderr streams to be unbuffered
-V     : print the Python version number and exit (also --version)

Arguments:
file   : program read from script file
-      : program read from stdin (default; interactive mode if a tty)
arg ...: arguments passed to program in sys.argv[1:]

This is CPython compiled to WebAssembly: no threads, no other processes (subprocess, os.fork), no sockets, and input() only from a pipe.
`;

/** Real options of CPython that this sandbox does without. */
const REAL = new Set('bdEiIOPRsSvWxX');

/** What a file says in its first line that stands for the interpreter (see _venv.py). */
const EXECUTABLE = '--executable';

/** Read them; `problem` is what the real one prints before it exits with 2. */
export function readOptions(name: string, args: readonly string[]): PythonOptions | { readonly problem: string } {
  const wrong = (text: string): { problem: string } => ({ problem: `${text}\n${USAGE(name)}Try \`python -h' for more information.\n` });
  let at = 0;
  let executable: string | null = null;
  let quiet = false;
  if (args[0] === EXECUTABLE) {
    executable = args[1] ?? '';
    at = 2;
  }
  const done = (work: Work, rest: number): PythonOptions => ({ work, args: args.slice(rest), executable, quiet });
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '-') return done({ kind: 'interactive' }, at + 1);
    if (!arg.startsWith('-')) return done({ kind: 'file', path: arg }, at + 1);
    if (arg === '--help') return done({ kind: 'help' }, at + 1);
    if (arg === '--version') return done({ kind: 'version' }, at + 1);
    if (arg.startsWith('--')) return wrong(`unknown option ${arg}`);
    for (let i = 1; i < arg.length; i++) {
      const option = arg.charAt(i);
      if (option === 'c' || option === 'm') {
        const attached = arg.slice(i + 1);
        const value = attached || args[++at];
        if (value === undefined) return wrong(`Argument expected for the -${option} option`);
        return done(option === 'c' ? { kind: 'command', code: `${value}\n` } : { kind: 'module', name: value }, at + 1);
      }
      if (option === 'h' || option === '?') return done({ kind: 'help' }, at + 1);
      if (option === 'V') return done({ kind: 'version' }, at + 1);
      if (option === 'q') quiet = true;
      else if (REAL.has(option)) return { problem: `${name}: this sandbox's Python does not have the option -${option}\n` };
      else if (option !== 'B' && option !== 'u') return wrong(`Unknown option: -${option}`);
    }
  }
  return done({ kind: 'interactive' }, at);
}
