/** The command line's own options: `[--root DIR] [--publish 8080:80]… PROGRAM ARGS…`. */

export interface Options {
  readonly root: string | null;
  readonly publish: readonly { readonly machine: number; readonly sandbox: number }[];
  readonly program: string;
  readonly args: readonly string[];
}

/** What is wrong with the command line, in one sentence. */
export class UsageError extends Error {}

export const USAGE = 'usage: npm run -s sandbox -- [--root DIR] [--publish 8080:80]... PROGRAM ARGS...';

const isPort = (text: string | undefined): boolean => /^\d{1,5}$/.test(text ?? '') && Number(text) >= 1 && Number(text) <= 65535;

/** Options end at the program's name: what follows is the program's. Throws UsageError. */
export function parseOptions(argv: readonly string[]): Options {
  const publish: { machine: number; sandbox: number }[] = [];
  let root: string | null = null;
  let at = 0;
  for (; argv[at]?.startsWith('-'); at++) {
    const [name = '', inline] = (argv[at] ?? '').split(/=(.*)/s);
    if (name === '--') {
      at++;
      break;
    }
    if (name !== '--root' && name !== '--publish') throw new UsageError(`unknown option ${name}; ${USAGE}`);
    const value = inline ?? argv[++at];
    if (value === undefined || value === '')
      throw new UsageError(`${name} needs a value, as in ${name === '--root' ? '--root DIR' : '--publish 8080:80'}`);
    if (name === '--root') root = value;
    else {
      const [machine, sandbox, ...more] = value.split(':');
      if (!isPort(machine) || !isPort(sandbox) || more.length > 0) {
        throw new UsageError(`--publish wants MACHINE_PORT:SANDBOX_PORT, as in 8080:80, not ${value}`);
      }
      publish.push({ machine: Number(machine), sandbox: Number(sandbox) });
    }
  }
  const [program, ...args] = argv.slice(at);
  if (program === undefined) throw new UsageError(`no program named; ${USAGE}`);
  return { root, publish, program, args };
}
