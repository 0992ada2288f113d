import { expect, test } from 'vitest';
import { LISTS } from './names.ts';
import { ConfigError, type Options, readOptions } from './options.ts';
import { UNBUILT } from './unbuilt.ts';

async function read(ini: string, args: readonly string[] = ['--ini', 'u.ini']): Promise<Options> {
  return readOptions({ args, env: {}, read: async () => ({ path: '/u.ini', text: `[uwsgi]\n${ini}` }), say: async () => {} });
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

test.each([...LISTS])('of %s every line counts', async (name) => {
  const two = read(`${name === 'plugins' ? '' : 'plugins = python3\n'}${name} = one\n${name} = two`);
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
  await expect(read('threads = 4')).rejects.toThrow(/"threads".*sandbox/);
});

test('no option is both built and refused', async () => {
  for (const name of UNBUILT) {
    await expect(read(`plugins = python3\n${name} = 1`), name).rejects.toThrow('of this sandbox');
  }
});

test('modes of the socket are three octal digits', async () => {
  expect((await read('chmod-socket = 660')).chmodSocket).toBe(0o660);
  expect((await read('chmod-socket')).chmodSocket).toBe(0o666);
  await expect(read('chmod-socket = 888')).rejects.toThrow('invalid chmod value: 888');
});
