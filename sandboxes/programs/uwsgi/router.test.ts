/** The HTTP router of `http`, with what was recorded of the real one's plugin http: its lines, its answers, its deaths. */
import { afterEach, expect, test } from 'vitest';
import { createLocalSandbox, type LocalProcess, type LocalSandbox } from '../../host/local.ts';
import { nodePython } from '../python/testing.ts';
import { PASSWD, until } from './testing.ts';

const SLOW = { timeout: 60_000 };
const APP = `
import os, time
def application(environ, start_response):
    path = environ['PATH_INFO']
    text = [('Content-Type', 'text/plain')]
    if path == '/env':
        start_response('200 OK', text)
        return [''.join('%s=%r\\n' % (key, environ[key]) for key in sorted(environ) if key.isupper()).encode()]
    if path == '/crash':
        os._exit(1)
    if path == '/raise':
        raise ValueError('x')
    if path == '/slow':
        time.sleep(1.5)
    if path == '/post':
        body = environ['wsgi.input'].read()
        start_response('200 OK', [('X-Len', environ.get('CONTENT_LENGTH', ''))])
        return [body]
    start_response('200 OK', text)
    return [b'hi\\n']
`;

let sandbox: LocalSandbox;
afterEach(() => sandbox.dispose());

const ready = (): number => sandbox.events.filter(({ type }) => type === 'uwsgi.ready').length;

async function start(lines: string, workers = 1): Promise<LocalProcess> {
  sandbox = createLocalSandbox({
    files: {
      ...PASSWD,
      '/run/shop/': '',
      '/srv/app/wsgi.py': APP,
      '/srv/u.ini': `[uwsgi]\nplugins = python3,http\nmaster = true\nchdir = /srv/app\nmodule = wsgi\nprocesses = ${workers}\n${lines}`,
    },
    python: nodePython,
  });
  const process = await sandbox.spawn('uwsgi', ['/srv/u.ini']);
  await until(() => ready() === workers && /^spawned uWSGI http/m.test(process.stderr()));
  return process;
}

/** Sends this and gives all that comes back. */
const ask = (request: string, port = 8200): Promise<string> =>
  sandbox.run(async (host) => {
    const connection = await host.connect({ port, ip: '127.0.0.1' });
    await connection.write(request);
    let text = '';
    for (let part = await connection.read(); part !== null; part = await connection.read()) text += new TextDecoder().decode(part);
    connection.close();
    return text;
  });
const get = (path: string, version = '1.1'): string => `GET ${path} HTTP/${version}\r\nHost: a\r\n\r\n`;
const routers = (): number[] =>
  sandbox.events.filter((event) => event.type === 'process.start' && event.program === 'uwsgi').map(({ pid }) => pid);
const lines = (process: LocalProcess, pattern: RegExp): string[] =>
  process
    .stderr()
    .split('\n')
    .filter((line) => pattern.test(line))
    .map((line) =>
      line
        .replace(/pid: \d+/, 'pid: N')
        .replace(/:\d{5}\b/, ':PORT')
        .replace(/after \d+ seconds/, 'after N seconds'),
    );

test('start, answers as they come from the app, and stop', SLOW, async () => {
  const process = await start('http = 127.0.0.1:8200\n', 2);
  expect(await ask(get('/'))).toBe('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhi\n');
  expect(await ask(get('/', '1.0'))).toBe('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhi\n');
  expect(await ask('GET /env?a=b%20c HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n\r\n')).toBe(
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nHTTP_HOST='a'\nHTTP_X_Y='z'\nPATH_INFO='/env'\nQUERY_STRING='a=b%20c'\n" +
      "REMOTE_ADDR='127.0.0.1'\nREMOTE_PORT='0'\nREQUEST_METHOD='GET'\nREQUEST_URI='/env?a=b%20c'\nSCRIPT_NAME=''\n" +
      "SERVER_NAME='sandbox'\nSERVER_PORT='8200'\nSERVER_PROTOCOL='HTTP/1.1'\nUWSGI_ROUTER='http'\n",
  );
  expect(await ask(get('/raise'))).toBe('');
  expect(await ask('POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello')).toBe('HTTP/1.1 200 OK\r\nX-Len: 5\r\n\r\nhello');
  expect(await ask('POST /post HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n')).toBe(
    'HTTP/1.1 200 OK\r\nX-Len: \r\n\r\n',
  );
  for (const nonsense of ['garbage\r\n\r\n', 'GET /\r\n\r\n']) expect(await ask(nonsense)).toBe('');
  // No connection is kept: what comes behind a request is not answered.
  expect(await ask(get('/') + get('/'))).toBe('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhi\n');
  expect(await ask(`GET / HTTP/1.1\r\nHost: a\r\nA-Very: ${'x'.repeat(5000)}\r\n\r\n`)).toBe('');
  await until(() => lines(process, /invalid request block|hr_instance_read/).length === 2);
  expect(lines(process, /invalid request block|hr_instance_read/).sort()).toEqual([
    '[uwsgi-http key: a client_addr: 127.0.0.1 client_port: 0] hr_instance_read(): Connection reset by peer [plugins/http/http.c line 647]',
    'invalid request block size: 5239 (max 4096)...skip',
  ]);
  expect(lines(process, /24 vars.*GET \/ /)[0]).toContain('{24 vars in 224 bytes}');
  sandbox.kill(process.pid, 'SIGINT');
  expect(await process.exited).toEqual({ code: 0, signal: null });
  expect(lines(process, /uWSGI http|^spawned|socket 0|gateway|buried|goodbye/).filter((line) => !line.startsWith('[uwsgi-http'))).toEqual([
    'uWSGI http bound on 127.0.0.1:8200 fd 4',
    'uwsgi socket 0 bound to TCP address 127.0.0.1:PORT (port auto-assigned) fd 3',
    'spawned uWSGI master process (pid: N)',
    'spawned uWSGI worker 1 (pid: N, cores: 1)',
    'spawned uWSGI worker 2 (pid: N, cores: 1)',
    'spawned uWSGI http 1 (pid: N)',
    'gateway "uWSGI http 1" has been buried (pid: N)',
    'worker 1 buried after N seconds',
    'worker 2 buried after N seconds',
    'goodbye to uWSGI.',
  ]);
  expect(await sandbox.run(async (host) => (await host.sockets()).length)).toBe(0);
});

test('a router that is killed comes again, a reload brings a new one, and a dead worker only makes its client wait', SLOW, async () => {
  const process = await start('http = :8200\n');
  sandbox.kill(Math.max(...routers()), 'SIGKILL');
  await until(() => /^respawned uWSGI http 1/m.test(process.stderr()));
  expect(await ask(get('/'))).toContain('hi');
  expect(await ask(get('/crash'))).toBe('');
  expect(await ask(get('/'))).toContain('hi');
  sandbox.kill(process.pid, 'SIGHUP');
  await until(() => (process.stderr().match(/^spawned uWSGI http 1/gm)?.length ?? 0) === 2);
  expect(await ask(get('/'))).toContain('hi');
  expect(lines(process, /http bound/)).toEqual(['uWSGI http bound on :8200 fd 4', 'uWSGI http bound on :8200 fd 4']);
  sandbox.kill(process.pid, 'SIGKILL');
  // The kernel ends the router with its master, so that nobody holds the port.
  await until(() => sandbox.events.filter(({ type }) => type === 'socket.close').length >= 3);
  await expect(ask(get('/'))).rejects.toThrow('Connection refused');
});

test('in front of a socket that was asked for; a client that is silent for too long is given up', SLOW, async () => {
  const process = await start('socket = /run/shop/q.sock\nhttp = 127.0.0.1:8200\nhttp-timeout = 1\n');
  expect(await ask(get('/'))).toContain('hi');
  expect(await ask(get('/slow'))).toBe('');
  expect(await ask('GET / HT')).toBe('');
  expect(lines(process, /bound/)).toEqual([
    'uWSGI http bound on 127.0.0.1:8200 fd 3',
    'uwsgi socket 0 bound to UNIX address /run/shop/q.sock fd 6',
  ]);
});
