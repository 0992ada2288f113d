/** What Tab adds to a line, and what the shell makes of it afterwards. */
import { describe, expect, test } from 'vitest';
import { SystemError } from '../../host/host.ts';
import { mutate, numbers } from '../fuzzing.ts';
import { complete, inColumns, type Surroundings } from './complete.ts';
import { cut, escaped } from './cut.ts';
import { expand, type Values } from './expand.ts';
import { parse } from './parse.ts';
import { nearest } from './suggest.ts';
import { SyntaxProblem } from './tree.ts';

const TREE: Readonly<Record<string, readonly string[]>> = {
  '.': ['app.py', 'my file', 'it$ "new"', '.hidden', 'dir/'],
  'dir/': ['one', 'other'],
  '/root/': ['notes'],
  '/etc/': ['nginx/'],
  '/etc/nginx/': ['nginx.conf', 'mime.types'],
  '/venv/bin/': ['flask*', 'data'],
};
const NOTHING_SET = {
  files: { list: async () => [], stat: async () => isMissing() },
  value: () => null,
  missing: () => {},
  set: () => {},
  arguments: [],
  capture: async () => '',
} as unknown as Values;
const isMissing = (): never => {
  throw new SystemError('ENOENT');
};
const around: Surroundings = {
  builtins: ['cd', 'clear', 'history'],
  variables: ['HOME', 'HOSTNAME', 'PATH'],
  jobs: ['%1'],
  home: '/root',
  path: '/usr/bin:/venv/bin',
  files: {
    list: async (path) => (TREE[path] ?? isMissing()).map((name) => name.replace(/[/*]$/, '')),
    stat: async (path) => {
      const slash = path.lastIndexOf('/') + 1;
      const entry = (TREE[slash === 0 ? '.' : path.slice(0, slash)] ?? []).find((name) => name.replace(/[/*]$/, '') === path.slice(slash));
      return { kind: entry?.endsWith('/') ? 'directory' : 'file', mode: entry?.endsWith('*') ? 0o755 : 0o644 };
    },
  },
};

/** The line afterwards, and the list. */
async function tab(line: string): Promise<string | readonly string[] | null> {
  const found = await complete(line, around);
  if (!found) return null;
  return found.list.length > 0 ? found.list : line.slice(0, found.from) + found.text;
}

describe('Tab', () => {
  test.each([
    ['a command', 'ngi', 'nginx '],
    ['one of the shell itself', 'hist', 'history '],
    ['one in a folder of $PATH', 'fla', 'flask '],
    ['what is not to be run is no command', 'dat', null],
    ['several: as far as they agree', 'uw', 'uwsgi'],
    ['several that part at once', 'pk', 'pkill '],
    ['several: a list', 'cl', 'clear '],
    ['after a pipe', 'cat x | gre', 'cat x | grep '],
    ['after &&', 'true && curl -s x;ngi', 'true && curl -s x;nginx '],
    ['after sudo', 'sudo ngi', 'sudo nginx '],
    ['of man', 'man unam', 'man uname '],
    ['after an assignment', 'A=1 ngi', 'A=1 nginx '],
    ['a file', 'cat ap', 'cat app.py '],
    ['a directory, to go on', 'ls d', 'ls dir/'],
    ['a file by a whole path', 'nginx -c /etc/nginx/n', 'nginx -c /etc/nginx/nginx.conf '],
    ['in the home directory', 'cat ~/n', 'cat ~/notes '],
    ['a file with a space', 'cat my', 'cat my\\ file '],
    ['the same in quotes', 'cat "my', 'cat "my file" '],
    ['the same in single quotes', "cat 'my f", "cat 'my file' "],
    ['what was escaped already', 'cat my\\ f', 'cat my\\ file '],
    ['dollar and quotes', 'cat it', 'cat it\\$\\ \\"new\\" '],
    ['dollar and quotes in quotes', 'cat "it', 'cat "it\\$ \\"new\\"" '],
    ['a hidden file, when it is begun', 'cat .h', 'cat .hidden '],
    ['after >', 'echo x >> ap', 'echo x >> app.py '],
    ['after 2>', 'ls 2>ap', 'ls 2>app.py '],
    ['an option', 'curl --unix', 'curl --unix-socket '],
    ['a value', 'nginx -s rel', 'nginx -s reload '],
    ['a variable', 'echo $PA', 'echo $PATH '],
    ['a variable in quotes', 'echo "$PA', 'echo "$PATH" '],
    ['a job', 'kill %', 'kill %1 '],
    ['only directories for cd', 'cd ', 'cd dir/'],
    ['nothing fits', 'cat zzz', null],
    ['a folder that is not there', 'cat /no/such/', null],
  ])('%s', async (_what, line, becomes) => {
    expect(await tab(line)).toEqual(becomes);
  });

  test('lists what it might be', async () => {
    expect(await tab('cat dir/o')).toEqual(['one', 'other']);
    expect(await tab('nginx -s re')).toEqual(['reload', 'reopen']);
    expect(await tab('echo $HO')).toEqual(['$HOME', '$HOSTNAME']);
    expect(await tab('find . -m')).toEqual(['-maxdepth', '-mindepth']);
  });

  test('columns are filled from top to bottom', () => {
    expect(inColumns(['a', 'bbb', 'c', 'd', 'e'], 12)).toBe('a    d\nbbb  e\nc\n');
    expect(inColumns(['a-very-long-name'], 4)).toBe('a-very-long-name\n');
    expect(inColumns([], 10)).toBe('');
  });
});

test('the nearest command', () => {
  const names = ['ls', 'ps', 'nginx', 'uwsgi', 'curl', 'cat', 'grep'];
  const pairs = {
    nginxx: 'nginx',
    ngnix: 'nginx',
    sl: 'ls',
    crul: 'curl',
    gerp: 'grep',
    uwgsi: 'uwsgi',
    xs: null,
    foo: null,
    l: null,
    '': null,
  };
  for (const [typed, meant] of Object.entries(pairs)) expect(nearest(typed, names), typed).toBe(meant);
});

describe('bad input', () => {
  const LINES = [
    'cat a.txt | grep -n "x y" > out 2>&1 && echo done; sleep 1 &',
    "A=1 B='two words' env -i nginx -g 'daemon off;' < in || echo $? ${HOME} \\$x *.py",
    'curl -s http://localhost/ -H "Host: $HOST" | head -n 1 >> log; fg %1',
  ];
  const TOKENS = [
    '"',
    "'",
    '\\',
    '$',
    '${',
    '|',
    '||',
    '&',
    '&&',
    '>',
    '2>',
    '2>&1',
    '<',
    ';',
    '#',
    '~',
    '*',
    '(',
    '`',
    '\t',
    '\n',
    '\0',
    '😀',
  ];
  const lines = function* (seed: number, count: number): Generator<string> {
    const next = numbers(seed);
    const pick = (): string => LINES[next(LINES.length)] ?? '';
    for (let i = 0; i < count; i++) yield mutate(pick(), pick(), TOKENS, next);
  };

  // expect() in a loop of thousands is what takes time: the lines that are wrong are collected.
  test('20,000 lines: parsed, or refused in a sentence', () => {
    const wrong: string[] = [];
    let taken = 0;
    for (const line of lines(1, 20_000)) {
      try {
        if (parse(line).some(({ steps }) => steps.length === 0)) wrong.push(line);
        taken++;
      } catch (error) {
        if (!(error instanceof SyntaxProblem)) throw error;
        if (error.message === '') wrong.push(line);
      }
    }
    expect(wrong).toEqual([]);
    // Both happen, or the mutations are no good.
    expect(taken).toBeGreaterThan(4_000);
    expect(taken).toBeLessThan(19_000);
  }, 30_000);

  test('20,000 lines: Tab cuts them and never throws', async () => {
    const wrong: string[] = [];
    for (const line of lines(2, 20_000)) {
      const { start, word, before } = cut(line);
      if (start > line.length || word.length > line.length - start || before.join('').length > line.length) wrong.push(line);
    }
    expect(wrong).toEqual([]);
    for (const line of lines(3, 1_000)) await complete(line.slice(0, 40), around);
  }, 30_000);

  test('2,000 names: what Tab writes is read as that very name', async () => {
    const next = numbers(4);
    const wrong: string[] = [];
    const alphabet = [...'abc \t"\'\\$`;&|<>()*?[]#!~{}=%😀é'];
    for (let i = 0; i < 2_000; i++) {
      const name = Array.from({ length: 1 + next(8) }, () => alphabet[next(alphabet.length)]).join('');
      for (const quote of ['', '"', "'"] as const) {
        if (quote === "'" && name.includes("'")) continue;
        const line = `cat ./${quote}${escaped(name, quote)}${quote}`;
        const command = parse(line)[0]?.steps[0]?.pipeline.commands[0];
        const words = await expand(command?.kind === 'simple' ? command.words : [], NOTHING_SET);
        if (words.length !== 2 || words[1] !== `./${name}` || cut(line).word !== `./${name}`) wrong.push(line);
      }
    }
    expect(wrong).toEqual([]);
  }, 30_000);
});
