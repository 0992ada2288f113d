/** `export`, `unset`, `set`, `shift`, `read`, and the `deactivate` of Python's environments. */
import { type Builtin, isName, refuse } from './builtin.ts';
import { separate } from './expand.ts';
import { quote } from './run.ts';
import { OPTIONS } from './shell.ts';

export const exportNames: Builtin = async (shell, args) => {
  if (args.length === 0 || args[0] === '-p') {
    for (const name of [...shell.exported].sort()) {
      const value = shell.value(name);
      await shell.print(`export ${name}${value === null ? '' : `=${quote(value)}`}\n`);
    }
    return 0;
  }
  for (const arg of args) {
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg : arg.slice(0, equals);
    if (!isName(name)) return refuse(shell, `export: ${name}: bad variable name`);
    if (equals >= 0) shell.set(name, arg.slice(equals + 1));
    shell.exported.add(name);
  }
  return 0;
};

export const unset: Builtin = async (shell, args) => {
  for (const name of args.filter((arg) => arg !== '-v')) {
    shell.variables.delete(name);
    shell.exported.delete(name);
  }
  return 0;
};

/** What the `activate` of a virtual environment defines as a function, in shells that have them. */
export const deactivate: Builtin = async (shell) => {
  const environment = shell.variables.get('VIRTUAL_ENV');
  if (environment === undefined) {
    await shell.complain('deactivate: not found');
    return 127;
  }
  const path = (shell.value('PATH') ?? '').split(':');
  shell.set('PATH', path.filter((folder) => folder !== `${environment}/bin`).join(':'));
  shell.exported.add('PATH');
  return unset(shell, ['VIRTUAL_ENV', 'VIRTUAL_ENV_PROMPT']);
};

/** Options with - and +, and the arguments from `--` on; with nothing the variables. */
export const set: Builtin = async (shell, args) => {
  if (args.length === 0) {
    for (const [name, value] of [...shell.variables].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (isName(name)) await shell.print(`${name}=${quote(value)}\n`);
    }
    return 0;
  }
  for (const [i, arg] of args.entries()) {
    if (!/^[-+]/.test(arg) || arg === '--') {
      shell.arguments = args.slice(arg === '--' ? i + 1 : i);
      return 0;
    }
    for (const letter of arg.slice(1)) {
      if (!OPTIONS.includes(letter))
        return refuse(shell, `set: this sandbox's shell does not have ${arg.charAt(0)}${letter}; it has -e, -u and -x`);
      if (arg.startsWith('-')) shell.options.add(letter);
      else shell.options.delete(letter);
    }
  }
  return 0;
};

export const shift: Builtin = async (shell, [count = '1']) => {
  if (!/^\d+$/.test(count)) return refuse(shell, `shift: Illegal number: ${count}`);
  if (Number(count) > shell.arguments.length) return refuse(shell, "shift: can't shift that many");
  shell.arguments = shell.arguments.slice(Number(count));
  return 0;
};

/** `read [-r] [-p PROMPT] NAME…`: a line of the input, its words into the names, what is left over into the last. */
export const read: Builtin = async (shell, args) => {
  const names = [...args];
  let raw = false;
  while (names[0]?.startsWith('-')) {
    const option = names.shift();
    if (option === '-r') raw = true;
    else if (option === '-p') await shell.printError(names.shift() ?? '');
    else return refuse(shell, `read: Illegal option ${option}`);
  }
  if (names.length === 0) return refuse(shell, 'read: arg count');
  const wrong = names.find((name) => !isName(name));
  if (wrong !== undefined) return refuse(shell, `read: ${wrong}: bad variable name`);
  const input = shell.streams.in ?? shell.input;
  let found = await shell.until(input.next());
  let line = found?.line ?? '';
  while (!raw && found?.whole && /(?:^|[^\\])(?:\\\\)*\\$/.test(line)) {
    found = await shell.until(input.next());
    line = line.slice(0, -1) + (found?.line ?? '');
  }
  if (!raw) line = line.replace(/\\(.)/g, '$1');
  const values = intoNames(line, names.length, shell.value('IFS') ?? ' \t\n');
  for (const [i, name] of names.entries()) shell.set(name, values[i] ?? '');
  return found?.whole ? 0 : 1;
};

/** The words of a line; the last one takes all that is left. */
function intoNames(line: string, count: number, separators: string): string[] {
  const blank = separators.replace(/[^ \t\n]/g, '');
  const trimmed = blank === '' ? line : line.replace(/^[ \t]+|[ \t]+$/g, '');
  const words = separate(trimmed, separators);
  if (words.length <= count) return words;
  let rest = trimmed;
  const first = words.slice(0, count - 1);
  for (const word of first) {
    rest = after(rest.slice(word.length), separators);
  }
  return [...first, rest];
}

/** Without the separator it begins with: spaces, and one that is none. */
function after(text: string, separators: string): string {
  let at = 0;
  let hard = false;
  for (; at < text.length && separators.includes(text.charAt(at)); at++) {
    if (' \t\n'.includes(text.charAt(at))) continue;
    if (hard) break;
    hard = true;
  }
  return text.slice(at);
}
