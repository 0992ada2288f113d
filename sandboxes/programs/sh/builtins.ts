/** What the shell does itself. */
import { isSystemError } from '../../host/host.ts';
import { askPage } from '../page.ts';
import { type Builtin, refuse } from './builtin.ts';
import { bracket, test } from './condition.ts';
import { bg, fg, jobs, wait } from './job-builtins.ts';
import { command, help, type } from './names.ts';
import { echo, printf } from './printf.ts';
import { deactivate, exportNames, read, set, shift, unset } from './variables.ts';

const cd: Builtin = async (shell, [typed]) => {
  const back = typed === '-';
  const target = back ? shell.value('OLDPWD') : (typed ?? shell.value('HOME') ?? '/root');
  if (target === null) return refuse(shell, 'cd: OLDPWD not set');
  const { cwd } = shell.host;
  try {
    await shell.host.chdir(target);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return refuse(shell, `cd: can't cd to ${target}`);
  }
  shell.set('OLDPWD', cwd);
  shell.set('PWD', shell.host.cwd);
  if (back) await shell.print(`${shell.host.cwd}\n`);
  return 0;
};

const pwd: Builtin = async (shell) => {
  await shell.print(`${shell.host.cwd}\n`);
  return 0;
};

const exit: Builtin = async (shell, [code]) => {
  if (code !== undefined && !/^\d+$/.test(code)) return refuse(shell, `exit: Illegal number: ${code}`);
  if (shell.interactive && shell.jobs.anyStopped && !shell.warned) {
    shell.warned = true;
    return refuse(shell, 'exit: You have stopped jobs; exit again ends them');
  }
  shell.finished = true;
  return code === undefined ? shell.code : Number(code) & 255;
};

/** `break` and `continue`, of as many loops as they say. */
const leave =
  (how: 'break' | 'continue'): Builtin =>
  async (shell, [loops = '1']) => {
    if (!/^[1-9]\d*$/.test(loops)) return refuse(shell, `${how}: Illegal number: ${loops}`);
    shell.leaving = { how, loops: Number(loops) };
    return 0;
  };

const history: Builtin = async (shell, args) => {
  if (args[0] === '-c') {
    shell.history = [];
    if (shell.interactive) await shell.host.print(askPage('forget', ''));
    return 0;
  }
  const lines = shell.history.map((line, i) => `${String(i + 1).padStart(5)}  ${line}\n`);
  const count = /^\d+$/.test(args[0] ?? '') ? Number(args[0]) : lines.length;
  await shell.print(count === 0 ? '' : lines.slice(-count).join(''));
  return 0;
};

const clear: Builtin = async (shell) => {
  await shell.print('\x1b[H\x1b[2J\x1b[3J');
  return 0;
};

const source: Builtin = async (shell, [file]) => {
  if (file === undefined) return refuse(shell, '.: filename argument required');
  const text = await shell.host.fs.readText(file).catch((error: unknown) => {
    if (isSystemError(error)) return null;
    throw error;
  });
  if (text === null) return refuse(shell, `.: cannot open ${file}: No such file`);
  await shell.source(text);
  return shell.code;
};

/** Those that only tell what this very shell knows. */
export const REPORTS: ReadonlySet<string> = new Set(['help', 'history', 'jobs']);

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  '.': source,
  '[': bracket,
  bg,
  break: leave('break'),
  cd,
  clear,
  command,
  continue: leave('continue'),
  deactivate,
  echo,
  exit,
  export: exportNames,
  false: async () => 1,
  fg,
  help,
  history,
  jobs,
  printf,
  pwd,
  read,
  set,
  shift,
  source,
  test,
  true: async () => 0,
  type,
  unset,
  wait,
  ':': async () => 0,
};
