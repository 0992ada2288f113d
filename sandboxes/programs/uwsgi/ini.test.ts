import { expect, test } from 'vitest';
import { fillPlaceholders, parseIni } from './ini.ts';

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

test('without = there is no value, with nothing after it an empty one', () => {
  expect(read('[uwsgi]\nmaster\nhttp-socket: 127.0.0.1:8080\nchdir =\n')).toEqual([
    ['master', null],
    ['http-socket: 127.0.0.1:8080', null],
    ['chdir', ''],
  ]);
});

test('only the section asked for counts; it may come in parts; a missing one is null', () => {
  expect(read('a = 0\n[uwsgi]\na = 1\n[other]\na = 2\n[uwsgi]\na = 3\r\n')).toEqual([
    ['a', '1'],
    ['a', '3'],
  ]);
  expect(read('a = 1\n')).toBeUndefined();
});

test('lines are numbered as an editor numbers them', () => {
  expect(parseIni('; top\n[uwsgi]\n\nmaster = true', 'uwsgi')).toEqual([{ name: 'master', value: 'true', line: 4 }]);
});

test('placeholders: options above, environment, facts about the file', () => {
  const about = { file: '/srv/shop/uwsgi.ini', env: { PORT: '8085' }, options: new Map([['base', '/srv']]) };
  expect(fillPlaceholders('%(base)/app 127.0.0.1:$(PORT) %d %n %c 50%%', about)).toBe('/srv/app 127.0.0.1:8085 /srv/shop/ uwsgi shop 50%');
  expect(fillPlaceholders('[%(nope)$(NOPE)]', about)).toBe('[]');
});
