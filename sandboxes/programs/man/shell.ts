/** The pages of the shell, of what it does itself, and of git. */
import type { Page } from './page.ts';

const builtin = (does: string, synopsis: readonly string[], options: Page['options'] = [], notes?: string): Page => ({
  does,
  synopsis,
  options,
  notes: `${notes === undefined ? '' : `${notes} `}The shell does it itself.`,
});

export const SHELL: Readonly<Record<string, Page>> = {
  bg: builtin('let a stopped job go on beside the shell', ['bg [%JOB]']),
  cd: builtin('go to another folder', ['cd [FOLDER]', 'cd -'], [['-', 'the folder before this one']]),
  command: builtin('say what a name runs, or run it', ['command -v NAME', 'command NAME [ARGUMENT...]'], [['-v', 'only say it']]),
  echo: builtin(
    'print words',
    ['echo [-n] [-e] [WORD...]'],
    [
      ['-n', 'without a line end'],
      ['-e', '\\n, \\t, \\033 and others mean what they mean in printf'],
    ],
  ),
  exit: builtin('end the shell or the script', ['exit [CODE]']),
  export: builtin('give variables to the programs that are started', ['export NAME[=VALUE]...', 'export -p'], [['-p', 'list them']]),
  fg: builtin('bring a job to the foreground', ['fg [%JOB]'], [], 'A stopped one goes on.'),
  git: {
    does: 'bring sources from a repository',
    synopsis: ['git clone PATH [FOLDER]', 'git pull', 'git status', 'git log [--oneline] [-n NUMBER] [NAME]', 'git branch [-f NAME START]'],
    options: [
      ['-C FOLDER', 'work in that folder; ahead of the command'],
      ['--oneline', 'log: each commit in a line'],
      ['-n NUMBER', 'log: no more than so many'],
      ['-f NAME START', 'branch: let a branch point to another commit'],
      ['--version', 'which git it is'],
    ],
    notes:
      'There is no network here. One repository is in the sandbox: /var/lib/git/shop.git, with the branch main and a branch next that is ' +
      'one commit ahead. git clone /var/lib/git/shop.git /srv/shop/app copies it. What a colleague would push, this publishes: ' +
      'git -C /var/lib/git/shop.git branch -f main next. Then git pull in /srv/shop/app has something to bring. Objects, refs and index are ' +
      'real: a real git goes on with the folder. add, commit, diff and push are not here.',
  },
  history: builtin(
    'list the lines that were entered',
    ['history [NUMBER]', 'history -c'],
    [['-c', 'forget them, those of earlier visits too']],
  ),
  jobs: builtin('list what runs beside the shell, or is stopped', ['jobs']),
  printf: builtin(
    'print by a format',
    ['printf FORMAT [ARGUMENT...]'],
    [],
    'It has %s %b %c %d %i %u %x %X %o and %%, with width and precision.',
  ),
  pwd: builtin('print the folder you are in', ['pwd']),
  read: builtin(
    'read a line of the input into variables',
    ['read [-r] [-p PROMPT] NAME...'],
    [
      ['-r', 'a backslash is only a backslash'],
      ['-p PROMPT', 'print that first'],
    ],
  ),
  seq: { does: 'print numbers', synopsis: ['seq [FIRST [STEP]] LAST'], options: [], notes: 'Whole numbers only.' },
  set: builtin(
    "set the shell's options, or the arguments $1, $2",
    ['set [-eux] [+eux]', 'set -- ARGUMENT...', 'set'],
    [
      ['-e', 'end the script when a command fails'],
      ['-u', 'a variable that is not set is an error'],
      ['-x', 'print each command before it runs'],
    ],
  ),
  sh: {
    does: 'the shell: reads commands and runs them',
    synopsis: ['sh [-eux] FILE [ARGUMENT...]', 'sh -c TEXT [NAME [ARGUMENT...]]', 'sh -i'],
    options: [
      ['-c TEXT', 'carry out this text'],
      ['-i', 'somebody sits at it'],
      ['-e', 'as set -e; -u and -x likewise'],
    ],
    notes:
      'It has what POSIX says of quotes, $NAME, ${NAME:-word} and its like, $(command), $((sum)), | && || ; & !, > >> < 2>&1, <<END, * ? [a-z], ' +
      'if, while, until, for, { } and ( ). It does not have case, functions, ${NAME%pattern}, arrays and [[ ]] of bash, aliases and trap: ' +
      'those are refused in a sentence. In a loop whose input is redirected, programs read nothing. help lists what it does itself.',
  },
  shift: builtin('drop the first arguments $1, $2', ['shift [NUMBER]']),
  sleep: { does: 'wait', synopsis: ['sleep NUMBER[smhd]...'], options: [], notes: 'Seconds, or minutes, hours and days.' },
  source: builtin('carry out the lines of a file in this shell', ['source FILE', '. FILE']),
  test: builtin(
    'ask whether something is so',
    ['test EXPRESSION', '[ EXPRESSION ]'],
    [
      ['-e FILE', 'it is there; -f a file, -d a folder, -S a socket, -s not empty'],
      ['-r FILE', 'you may read it; -w write it, -x run it'],
      ['-n TEXT', 'it is not empty; -z it is'],
      ['A = B', 'the same text; != another one'],
      ['A -eq B', 'the same number; -ne -lt -le -gt -ge'],
      ['! X', 'it is not so; X -a Y both, X -o Y either'],
    ],
  ),
  type: builtin('say what a name stands for', ['type NAME...']),
  unset: builtin('forget variables', ['unset NAME...']),
  wait: builtin('wait until jobs have ended', ['wait [%JOB | PID]...']),
  yes: { does: 'print a line again and again', synopsis: ['yes [WORD...]'], options: [], notes: 'Ctrl-C ends it.' },
};
