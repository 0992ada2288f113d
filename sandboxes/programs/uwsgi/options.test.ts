import { expect, test } from 'vitest';
import { LISTS } from './names.ts';
import { readOptions } from './options/read.ts';
import { REAL_OPTIONS } from './options/real.ts';
import { OPTIONS } from './options/support.ts';
import { ConfigError, type Options } from './options.ts';

async function read(ini: string, args: readonly string[] = ['--ini', 'u.ini']): Promise<Options> {
  return readOptions({
    args,
    env: {},
    read: async () => ({ path: '/u.ini', text: `[uwsgi]\n${ini}` }),
    say: async () => {},
    signal: never,
  });
}

test('the last one wins, and workers is processes', async () => {
  expect((await read('processes = 2\nworkers = 3\n')).processes).toBe(3);
});

test.each([
  ['plugin = python3\nwsgi = a\nmodule = b', { plugins: ['python3'], module: 'b' }],
  ['plugin = python3\npp = /a\npython-path = /b\npythonpath = /c', { pythonpath: ['/a', '/b', '/c'] }],
  ['uwsgi-socket = /s', { sockets: [{ address: '/s', protocol: 'uwsgi' }] }],
])('other names: %j', async (ini, options) => {
  expect(await read(ini)).toMatchObject(options);
});

test.each([...LISTS].filter((name) => name !== 'plugins'))('of %s every line counts', async (name) => {
  const two = read(`plugins = python3,http\n${name} = one\n${name} = two`);
  // two sockets are too many, which it can only say when the second did not replace the first
  if (name.endsWith('socket')) await expect(two).rejects.toThrow('one socket');
  else expect(Object.values(await two)).toContainEqual(['one', 'two']);
});

test('a number is what atoi makes of it', async () => {
  expect((await read('processes = 3 ; three')).processes).toBe(3);
  expect((await read('processes = four')).processes).toBe(0);
});

test.each([
  ['master', true],
  ['master = true', true],
  ['master = banana', true],
  ['master =', true],
  ['master = False', false],
  ['master = 0', false],
  ['master = off', false],
])('flag: %s', async (line, on) => {
  expect((await read(line)).master).toBe(on);
});

test('options of the Python plugin wait for its line, unless strict', async () => {
  expect((await read('module = wsgi\nplugins = python3')).module).toBe('wsgi');
  expect((await read('module = wsgi')).module).toBeNull();
  await expect(read('strict = true\nmodule = wsgi\nplugins = python3')).rejects.toThrow('[strict-mode] unknown config directive: module');
});

test('on the command line: --name value, --name=value, -p 4, and an unknown one', async () => {
  const options = await read('', ['--plugin', 'python3', '--module=wsgi:app', '-p', '4', '-M', '--http-socket', ':8080']);
  expect(options).toMatchObject({ module: 'wsgi:app', processes: 4, master: true, sockets: [{ address: ':8080', protocol: 'http' }] });
  await expect(read('', ['--procesess', '4'])).rejects.toThrow("uwsgi: unrecognized option '--procesess'\ngetopt_long() error");
});

test('a real option that is not built is refused, named, as the sandbox speaking', async () => {
  await expect(read('threads = 4')).rejects.toThrow(ConfigError);
  await expect(read('threads = 4')).rejects.toThrow(/^uwsgi: \[sandbox\] "threads" is a real option.* cannot start threads/);
});

test('the table is what happens: each option is taken or refused as it says', async () => {
  const plugin = 'plugins = python3\n';
  for (const { name, others, home, support } of OPTIONS) {
    for (const one of [name, ...others]) {
      const outcome = await read(`${plugin}${one} = 1`).then(
        () => 'taken',
        (error: Error) => error.message,
      );
      // an option of a plugin that is not loaded does not exist
      if (support === 'refused' && home !== 'http' && one !== 'cheaper') expect(outcome, one).toContain(`"${one}" is a real option`);
      else expect(outcome, one).not.toContain('is a real option');
    }
  }
});

test('every name that means the same is a real one', () => {
  for (const { name, others } of OPTIONS) for (const one of others) expect(REAL_OPTIONS.has(one), `${one} for ${name}`).toBe(true);
});

test('modes of the socket are three octal digits', async () => {
  expect((await read('chmod-socket = 660')).chmodSocket).toBe(0o660);
  expect(await read('chmod-socket = 1')).toMatchObject({ chmodSocket: 0o666, chmodForAll: true });
  await expect(read('chmod-socket = 888')).rejects.toThrow('invalid chmod value: 888');
});

test('files that read each other end', async () => {
  await expect(read('ini = /u.ini')).rejects.toThrow('without end');
});

test('UWSGI_ variables are options, but for those of the real one itself', async () => {
  const sources = {
    args: [],
    env: { UWSGI_MAX_REQUESTS: '5', UWSGI_RELOADS: '1', UWSGI_STRICT: '1' },
    read: never,
    say: async () => {},
    signal: never,
  };
  expect(await readOptions(sources)).toMatchObject({ maxRequests: 5, strict: true });
});

const never = async (): Promise<never> => {
  throw new ConfigError('no file');
};
