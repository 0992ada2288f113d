/** What the shell does itself. */
import { isSystemError } from '../../host/host.ts';
import { exitCode } from './children.ts';
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
  for (const job of shell.jobs.all) await print(shell.jobs.line(job));
  return 0;
}

/** Waits for a job, or all of them; with Ctrl-C the jobs go on and the wait ends. */
async function wait(shell: Shell, specs: readonly string[]): Promise<number> {
  const jobs = specs.length === 0 ? shell.jobs.all : specs.map((spec) => shell.jobs.find(spec));
  await shell.until(Promise.all(jobs.map((job) => job?.done)));
  if (specs.length === 0) return 0;
  const last = jobs.at(-1);
  if (!last) {
    if (specs.at(-1)?.startsWith('%')) await shell.complain(`wait: No such job: ${specs.at(-1)}`);
    return 127;
  }
  return last.state === 'Running' ? 130 : exitCode(await last.child.exited);
}

async function fg(shell: Shell, [spec]: readonly string[], print: Print): Promise<number> {
  const job = shell.jobs.find(spec);
  if (!job) {
    await shell.complain(spec === undefined ? 'fg: No current job' : `fg: No such job: ${spec}`);
    return 2;
  }
  await print(`${job.text}\n`);
  const code = await shell.attend(job.child);
  shell.jobs.forget(job);
  return code;
}

async function bg(shell: Shell): Promise<number> {
  await shell.complain('bg: nothing is stopped: Ctrl-Z is not in this sandbox. Put & at the end of a line to run it beside the shell');
  return 2;
}

async function history(shell: Shell, args: readonly string[], print: Print): Promise<number> {
  if (args[0] === '-c') {
    shell.history = [];
    return 0;
  }
  const lines = shell.history.map((line, i) => `${String(i + 1).padStart(5)}  ${line}\n`);
  const count = /^\d+$/.test(args[0] ?? '') ? Number(args[0]) : lines.length;
  await print(count === 0 ? '' : lines.slice(-count).join(''));
  return 0;
}

async function clear(_shell: Shell, _args: readonly string[], print: Print): Promise<number> {
  await print('\x1b[H\x1b[2J\x1b[3J');
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
      'Also: a ; b, a && b, a || b, a | b, a & (runs beside the shell), > and >> into files, < from one, 2>&1, $VARIABLES, *.\n' +
      'Keys: Tab completes, arrows and Ctrl-R find earlier lines, Ctrl-C ends what runs, Ctrl-L clears, Ctrl-D ends the shell.\n' +
      'man COMMAND says what a command has here.\n',
  );
  return 0;
}

/** Those that only tell what this very shell knows. */
export const REPORTS: ReadonlySet<string> = new Set(['help', 'history', 'jobs']);

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  '.': source,
  bg,
  cd,
  clear,
  deactivate,
  echo,
  exit,
  export: exportNames,
  fg,
  false: async () => 1,
  help,
  history,
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
