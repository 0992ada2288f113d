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

async function source(shell: Shell, [file]: readonly string[]): Promise<number> {
  if (file === undefined) {
    await shell.complain('.: filename argument required');
    return 2;
  }
  const text = await shell.host.fs.readText(file).catch((error: unknown) => {
    if (isSystemError(error)) return null;
    throw error;
  });
  if (text === null) {
    await shell.complain(`.: cannot open ${file}: No such file`);
    return 2;
  }
  await shell.source(text);
  return shell.code;
}

/** What the `activate` of a virtual environment defines as a function, in shells that have them. */
async function deactivate(shell: Shell): Promise<number> {
  const environment = shell.variables.get('VIRTUAL_ENV');
  if (environment === undefined) {
    await shell.complain('deactivate: not found');
    return 127;
  }
  const path = shell.value('PATH').split(':');
  await exportNames(shell, [`PATH=${path.filter((folder) => folder !== `${environment}/bin`).join(':')}`]);
  await unset(shell, ['VIRTUAL_ENV', 'VIRTUAL_ENV_PROMPT']);
  return 0;
}

async function unset(shell: Shell, names: readonly string[]): Promise<number> {
  for (const name of names) {
    shell.variables.delete(name);
    shell.exported.delete(name);
  }
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
  '.': source,
  cd,
  deactivate,
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
  source,
  true: async () => 0,
  unset,
  wait,
  ':': async () => 0,
};
