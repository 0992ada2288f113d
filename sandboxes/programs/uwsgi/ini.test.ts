import { expect, test } from 'vitest';
import { EndlessPlaceholder, fillLetters, fillValues, parseIni } from './ini.ts';

const read = (text: string) => parseIni(text, 'uwsgi')?.map(({ name, value }) => [name, value]);

test('a comment is a whole line, never the rest of one', () => {
  expect(read('[uwsgi]\n; one\n  # two\nprocesses = 3 ; three workers\n')).toEqual([['processes', '3 ; three workers']]);
});

test('quotes and later equal signs belong to the value', () => {
  expect(read('[uwsgi]\nmodule = "wsgi"\nenv = KEY=a=b\n')).toEqual([
    ['module', '"wsgi"'],
    ['env', 'KEY=a=b'],
  ]);
});

test('without = the value is empty, as with nothing after it', () => {
  expect(read('[uwsgi]\nmaster\nhttp-socket: 127.0.0.1:8080\nchdir =\n')).toEqual([
    ['master', ''],
    ['http-socket: 127.0.0.1:8080', ''],
    ['chdir', ''],
  ]);
});

test('only the section asked for counts; it may come in parts; a missing or empty one is null', () => {
  expect(read('a = 0\n[uwsgi]\na = 1\n[other]\na = 2\n[uwsgi]\na = 3\r\n')).toEqual([
    ['a', '1'],
    ['a', '3'],
  ]);
  expect(read('a = 1\n')).toBeUndefined();
});

test('lines are numbered as an editor numbers them', () => {
  expect(parseIni('; top\n[uwsgi]\n\nmaster = true', 'uwsgi')).toEqual([{ name: 'master', value: 'true', line: 4 }]);
});

test('letters: facts about the file, and what has no meaning vanishes', () => {
  expect(fillLetters('%p %d %n.%e %c %0%h%q 50%% %(x)', { file: '/srv/shop/uwsgi.ini', facts: { h: 'box' } })).toBe(
    '/srv/shop/uwsgi.ini /srv/shop/ uwsgi.ini shop srvbox 50% %(x)',
  );
  expect(fillLetters('a = 100%\nb = 1', { file: '/u.ini' })).toBe('a = 100b = 1');
});

const values = (env: Record<string, string>, ...given: [name: string, value: string][]) =>
  fillValues(
    given.map(([name, value]) => ({ name, value })),
    env,
    new Map([['/b', 'text of /b\n']]),
  );

test('placeholders: the environment first, then files, then options, wherever they stand; the first of two', () => {
  expect(values({ PORT: '8085' }, ['a', '%(base)/app:$(PORT)'], ['base', '/srv'], ['base', '/other'])[0]).toBe('/srv/app:8085');
  expect(values({}, ['a', '[%(nope)$(NOPE)]'])).toEqual(['[%(nope)$(NOPE)]']);
  expect(values({ NAME: 'b' }, ['a', '[@(/$(NAME))] @ me@home'])).toEqual(['[text of /b] @ me@home']);
});

test('a placeholder that holds itself ends', () => {
  expect(() => values({}, ['a', 'x%(a)'])).toThrow(EndlessPlaceholder);
});
