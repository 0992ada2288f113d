/** What a name stands for: `type`, `command` and `help`. */
import type { Builtin } from './builtin.ts';
import { BUILTINS } from './builtins.ts';
import { launch } from './launch.ts';
import { placesOf } from './locate.ts';
import { KEYWORDS } from './parse.ts';
import { programs } from './programs.ts';
import type { Shell } from './shell.ts';

type Meaning = 'keyword' | 'builtin' | { readonly file: string } | null;

async function meaningOf(shell: Shell, name: string): Promise<Meaning> {
  if (KEYWORDS.includes(name)) return 'keyword';
  if (Object.hasOwn(BUILTINS, name)) return 'builtin';
  const [file] = await placesOf(shell.host, name, shell.value('PATH') ?? '');
  return file === undefined ? null : { file };
}

export const type: Builtin = async (shell, names) => {
  let code = 0;
  for (const name of names) {
    const meaning = await meaningOf(shell, name);
    if (meaning === null) code = 127;
    const says = meaning === null ? 'not found' : typeof meaning === 'object' ? `is ${meaning.file}` : `is a shell ${meaning}`;
    await shell.print(`${name}${meaning === null ? ':' : ''} ${says}\n`);
  }
  return code;
};

/** `command -v NAME` says what would run; `command NAME` runs it. */
export const command: Builtin = async (shell, [first, ...rest]) => {
  if (first === '-v') {
    const meaning = await meaningOf(shell, rest[0] ?? '');
    if (meaning !== null) await shell.print(`${typeof meaning === 'object' ? meaning.file : rest[0]}\n`);
    return meaning === null ? 127 : 0;
  }
  if (first === undefined) return 0;
  const own = Object.hasOwn(BUILTINS, first) ? BUILTINS[first] : undefined;
  if (own) return own(shell, rest);
  return shell.attend([await launch(shell, first, rest, { streams: shell.streams })], [first, ...rest].join(' '));
};

export const help: Builtin = async (shell) => {
  const builtins = Object.keys(BUILTINS).filter((name) => name !== '.' && name !== ':');
  await shell.print(
    `Programs: ${programs.join(' ')}\n` +
      `The shell itself: ${builtins.join(' ')}\n` +
      `Its words: ${KEYWORDS.join(' ')}\n` +
      'Also: a ; b, a && b, a || b, a | b, a & (runs beside the shell), > and >> into files, < from one, <<END with a text, 2>&1,\n' +
      '$VARIABLES, $(COMMANDS), $((SUMS)), *, # comments. man sh says more.\n' +
      'Keys: Tab completes, arrows and Ctrl-R find earlier lines, Ctrl-C ends what runs, Ctrl-Z stops it, Ctrl-L clears, Ctrl-D ends the shell.\n' +
      'man COMMAND says what a command has here.\n',
  );
  return 0;
};
