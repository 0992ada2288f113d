/** What the shell does itself. */
import { isSystemError } from '../../host/host.ts';
import { programs } from './programs.ts';
import type { Shell } from './shell.ts';

type Print = (text: string) => Promise<void>;
type Builtin = (shell: Shell, args: readonly string[], print: Print) => Promise<number>;

async function cd(shell: Shell, args: readonly string[]): Promise<number> {
  const target = args[0] ?? shell.variables.get('HOME') ?? '/root';
  try {
    await shell.host.chdir(target);
    return 0;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    await shell.complain(`cd: can't cd to ${target}`);
    return 2;
  }
}

async function echo(_shell: Shell, args: readonly string[], print: Print): Promise<number> {
  const bare = args[0] === '-n';
  await print(`${args.slice(bare ? 1 : 0).join(' ')}${bare ? '' : '\n'}`);
  return 0;
}

async function exit(shell: Shell, args: readonly string[]): Promise<number> {
  shell.finished = true;
  return /^\d+$/.test(args[0] ?? '') ? Number(args[0]) & 255 : shell.code;
}

async function exportNames(shell: Shell, args: readonly string[]): Promise<number> {
  for (const arg of args) {
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg : arg.slice(0, equals);
    if (equals >= 0) shell.variables.set(name, arg.slice(equals + 1));
    shell.exported.add(name);
  }
  return 0;
}

async function jobs(shell: Shell, _args: readonly string[], print: Print): Promise<number> {
  for (const job of shell.jobs) await print(`[${job.id}]+  ${job.state.padEnd(24)}${job.text}\n`);
  return 0;
}

async function wait(shell: Shell): Promise<number> {
  await shell.until(Promise.all(shell.jobs.map((job) => job.done)));
  return 0;
}

async function sleep(shell: Shell, args: readonly string[]): Promise<number> {
  const seconds = Number(args[0]);
  if (!(seconds >= 0)) {
    await shell.complain(`sleep: invalid time interval '${args[0] ?? ''}'`);
    return 1;
  }
  await shell.until(shell.host.sleep(seconds * 1000));
  return 0;
}

async function help(_shell: Shell, _args: readonly string[], print: Print): Promise<number> {
  await print(
    `Programs: ${programs.join(' ')}\nThe shell itself: ${Object.keys(BUILTINS).join(' ')}\n` +
      'Also: a ; b, a && b, a || b, a | b, a & (runs beside the shell), > and >> into files, 2>&1, $VARIABLES, Ctrl-C.\n',
  );
  return 0;
}

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  cd,
  echo,
  exit,
  export: exportNames,
  false: async () => 1,
  help,
  jobs,
  pwd: async (shell, _args, print) => {
    await print(`${shell.host.cwd}\n`);
    return 0;
  },
  sleep,
  true: async () => 0,
  wait,
  ':': async () => 0,
};
