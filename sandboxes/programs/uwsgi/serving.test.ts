/** Requests through a real master and real workers, with real Python, on the test's own host. */
import { afterEach, expect, test } from 'vitest';
import type { LocalProcess, LocalSandbox } from '../../host/local.ts';
import { body, ini as INI, logged, type Running, SOCKET, startUwsgi, until } from './testing.ts';

let running: Running;
let sandbox: LocalSandbox;
afterEach(() => sandbox.dispose());

async function start({ ini, app }: { ini?: string; app?: string } = {}): Promise<LocalProcess> {
  running = await startUwsgi({ ...(ini ? { text: ini } : {}), ...(app ? { app } : {}) });
  ({ sandbox } = running);
  return running.process;
}
const ready: Running['ready'] = (workers) => running.ready(workers);
const ask: Running['ask'] = (path, options) => running.ask(path, options);

const line = (rest: string): string => `[pid: P|app: ${rest}`;

/** What the recorded application does, as far as it is used here. */
const APP = `
import os, sys, time, uwsgi

calls = 0

def application(environ, start_response):
    global calls
    calls += 1
    path = environ['PATH_INFO']
    if path == '/raise':
        raise ValueError("boom from the app")
    if path == '/exit':
        sys.exit(3)
    if path == '/crash':
        os._exit(9)
    if path == '/none':
        return None
    if path == '/nostart':
        return [b'no start_response called\\n']
    if path == '/pieces':
        start_response('200 OK', [])
        return [b'x'] * 70000
    if path == '/stream':
        start_response('200 OK', [('Content-Type', 'text/plain')])
        return stream()
    if path == '/echo':
        body = environ['wsgi.input'].read()
    elif path == '/query':
        body = ascii(environ['QUERY_STRING']).encode()
    elif path == '/environ':
        body = '\\n'.join(f'{k}={v!r}' for k, v in sorted(environ.items()) if k.startswith(('wsgi.', 'uwsgi.'))).encode()
    elif path == '/save':
        with open('saved.txt', 'w') as file:
            file.write('by python')
        body = b'saved'
    elif path == '/memory':
        body = bytes(300 * 1024 * 1024)
    elif path == '/sleep':
        start = time.monotonic()
        time.sleep(0.05)
        body = str(0.04 < time.monotonic() - start < 1).encode()
    else:
        print('printed')
        body = f'{calls} {uwsgi.worker_id()} {os.getpid()} {os.getppid() == uwsgi.masterpid()}'.encode()
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
    return [body]

def stream():
    try:
        for i in range(3):
            yield f'chunk {i}\\n'.encode()
    finally:
        print('closed')
`;

const FAST = { timeout: 60_000 };

test('answers from a worker that continues the master, and stops as told', FAST, async () => {
  const process = await start({ ini: INI('vacuum = true\ndie-on-term = true') });
  await ready();
  const answer = await ask('/');
  const worker = sandbox.events.find((event) => event.type === 'process.role' && event.role === 'worker');
  expect(body(answer)).toBe(`Hello from worker 1 (pid ${worker?.pid})\n`);
  expect(answer).toBe(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body(answer).length}\r\n\r\n${body(answer)}`,
  );
  // Once, in the master: the worker has it by the master's memory.
  expect(sandbox.events.filter((event) => event.type === 'uwsgi.app')).toEqual([
    expect.objectContaining({ pid: process.pid, where: 'master', ok: true }),
  ]);
  await until(() => logged(process).includes('=> generated'));
  sandbox.kill(process.pid, 'SIGTERM');
  expect(await process.exited).toEqual({ code: 0, signal: null });
  expect(logged(process)).toBe(
    `${line('0|req: 1/1] 127.0.0.1 () {16 vars in 152 bytes} [DATE] GET / => generated 30 bytes in N msecs (HTTP/1.1 200) 2 headers in 80 bytes (1 switches on core 0)')}
SIGINT/SIGTERM received...killing workers...
worker 1 buried after 1 seconds
goodbye to uWSGI.
VACUUM: unix socket ${SOCKET} removed.
`,
  );
});

test('exceptions, missing start_response, streams: bytes and lines as recorded', FAST, async () => {
  const process = await start({ app: APP });
  await ready();
  expect(await ask('/raise')).toBe('');
  expect(await ask('/none')).toBe('');
  expect(await ask('/nostart')).toBe('no start_response called\n');
  expect(await ask('/stream')).toBe('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nchunk 0\nchunk 1\nchunk 2\n');
  await until(() => logged(process).includes('/stream =>'));
  expect(logged(process)).toBe(
    `Traceback (most recent call last):
  File "/srv/shop/app/wsgi.py", line 11, in application
    raise ValueError("boom from the app")
ValueError: boom from the app
${line('0|req: 1/1] 127.0.0.1 () {16 vars in 162 bytes} [DATE] GET /raise => generated 0 bytes in N msecs (HTTP/1.1 500) 0 headers in 0 bytes (0 switches on core 0)')}
TypeError: 'NoneType' object is not iterable
${line('0|req: 2/2] 127.0.0.1 () {16 vars in 160 bytes} [DATE] GET /none => generated 0 bytes in N msecs (HTTP/1.1 500) 0 headers in 0 bytes (0 switches on core 0)')}
${line('0|req: 3/3] 127.0.0.1 () {16 vars in 166 bytes} [DATE] GET /nostart => generated 25 bytes in N msecs (HTTP/1.1 500) 0 headers in 0 bytes (1 switches on core 0)')}
closed
${line('0|req: 4/4] 127.0.0.1 () {16 vars in 164 bytes} [DATE] GET /stream => generated 24 bytes in N msecs (HTTP/1.1 200) 1 headers in 45 bytes (3 switches on core 0)')}
`,
  );
});

test('what the application sees of its process, its request and its files', FAST, async () => {
  const process = await start({ app: APP, ini: INI('processes = 2') });
  await ready(2);
  expect(body(await ask('/'))).toMatch(/^1 [12] \d+ True$/);
  await until(() => process.stderr().includes('\nprinted\n'));
  expect(body(await ask('/echo', { method: 'POST', body: 'x=1&y=2' }))).toBe('x=1&y=2');
  // about as much as the desk between the languages can hold, and more
  for (const size of [65_000, 65_400, 65_536, 300_000]) {
    expect(body(await ask('/echo', { method: 'POST', body: 'x'.repeat(size) })), `${size} bytes`).toBe('x'.repeat(size));
  }
  expect(body(await ask('/query?"\0\x7f\xe9\xff\\'))).toBe(String.raw`'"\x00\x7f\xe9\xff\\'`);
  const environ = body(await ask('/environ'));
  for (const pair of [
    "uwsgi.version=b'2.0.21-debian'",
    'wsgi.multiprocess=True',
    'wsgi.multithread=False',
    'wsgi.run_once=False',
    "wsgi.url_scheme='http'",
    'wsgi.version=(1, 0)',
  ]) {
    expect(environ).toContain(pair);
  }
  expect(body(await ask('/sleep'))).toBe('True');
  expect(body(await ask('/save'))).toBe('saved');
  expect(sandbox.files.read('/srv/shop/app/saved.txt')).toBe('by python');
});

test('an application that fails after start_response() has answered, as the real one does', FAST, async () => {
  const app = `def late():
    raise ValueError('late')
    yield b''

def application(environ, start_response):
    path = environ['PATH_INFO']
    start_response('201 Made', [('X-A', '1')] + ([('X-B', 2)] if path == '/header' else []))
    if path == '/raise':
        raise ValueError('boom')
    return {'/none': None, '/number': 5, '/late': late()}.get(path, [b'x'])
`;
  const process = await start({ app });
  await ready();
  for (const path of ['/none', '/number', '/raise', '/late', '/header'])
    expect(await ask(path), path).toBe('HTTP/1.1 201 Made\r\nX-A: 1\r\n\r\n');
  await until(() => (process.stderr().match(/=> generated/g) ?? []).length === 5);
  expect(process.stderr().match(/generated 0 bytes in \d+ msecs \(HTTP\/1\.1 201\) 1 headers/g)).toHaveLength(5);
  expect(process.stderr()).not.toContain('_uwsgi_bridge');
});

test('text where bytes belong is passed over, and the log says so for each piece, as the real one does', FAST, async () => {
  const app = `def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return 'no' if environ['PATH_INFO'] == '/text' else ['one', b'two']
`;
  const process = await start({ app });
  await ready();
  expect(body(await ask('/text'))).toBe('');
  expect(body(await ask('/list'))).toBe('two');
  await until(() => (process.stderr().match(/Unhandled/g) ?? []).length === 3);
  expect(
    process
      .stderr()
      .match(/^\[ERROR\].*/gm)
      ?.map((text) => text.replace(/0x[0-9a-f]+/, 'ADDRESS')),
  ).toEqual(["'n'", "'o'", "'one'"].map((piece) => `[ERROR] Unhandled object from iterator: ${piece} (ADDRESS)`));
});

test.each([
  ['that an application wants', '/memory', 0],
  ['that a body takes', '/echo', 110 * 1024 * 1024],
])('memory beyond the limit %s is a MemoryError, and the worker lives on', FAST, async (_, path, size) => {
  const process = await start({ app: APP });
  await ready();
  expect(await ask(path, size === 0 ? {} : { method: 'POST', body: 'x'.repeat(size) })).toBe('');
  await until(() => process.stderr().includes('MemoryError'));
  expect(body(await ask('/'))).toMatch(/^\d 1 /);
});

test('an answer in more pieces than 16 bits can count', FAST, async () => {
  const process = await start({ app: APP });
  await ready();
  expect(body(await ask('/pieces'))).toHaveLength(70_000);
  await until(() => process.stderr().includes('(70000 switches on core 0)'));
});

test.each([
  ['/crash', 9],
  ['/exit', 3],
])('%s ends the worker; the master sees it at its next tick and starts another', FAST, async (path, code) => {
  const process = await start({ app: APP });
  await ready();
  expect(await ask(path)).toBe('');
  await until(() => sandbox.events.some((event) => event.type === 'process.exit' && event.code === code));
  await ready(2);
  expect(body(await ask('/'))).toMatch(/^1 1 \d+ True$/);
  await until(() => process.stderr().includes('GET / =>'));
  expect(logged(process)).toMatch(
    /^DAMN ! worker 1 \(pid: P\) died :\( trying respawn \.\.\.\nRespawned uWSGI worker 1 \(new pid: P\)\nprinted\n\[pid: P\|app: 0\|req: 2\/1\]/,
  );
});

test('killed from outside: the log says by which signal', FAST, async () => {
  const process = await start({ app: APP });
  await ready();
  const worker = sandbox.events.find((event) => event.type === 'uwsgi.ready');
  sandbox.kill(worker?.pid ?? 0, 'SIGKILL');
  await ready(2);
  expect(logged(process)).toMatch(/^DAMN ! worker 1 \(pid: P\) died, killed by signal 9 :\( trying respawn \.\.\.\nRespawned /);
});

test('a replacement that dies is replaced too, and so are several at once', FAST, async () => {
  const process = await start({ app: APP, ini: INI('processes = 2') });
  const killNewest = (count: number): void => {
    for (const { pid } of sandbox.events.filter(({ type }) => type === 'uwsgi.ready').slice(-count)) sandbox.kill(pid, 'SIGKILL');
  };
  await ready(2);
  killNewest(1);
  await ready(3);
  killNewest(1);
  await ready(4);
  expect(process.stderr().match(/DAMN ! worker \d/g)).toHaveLength(2);
  // Both workers of now: the last that came, and the one that has lived since the start.
  const dead = new Set(sandbox.events.filter(({ type }) => type === 'process.exit').map(({ pid }) => pid));
  const alive = sandbox.events.filter(({ type, pid }) => type === 'uwsgi.ready' && !dead.has(pid));
  for (const { pid } of alive) sandbox.kill(pid, 'SIGKILL');
  expect(alive).toHaveLength(2);
  await ready(6);
  killNewest(2);
  await ready(8);
  expect(process.stderr().match(/DAMN ! worker \d/g)).toHaveLength(6);
});

test('requests are numbered in one row, whichever worker answers', FAST, async () => {
  const process = await start({ app: APP, ini: INI('processes = 3') });
  await ready(3);
  const asked = 30;
  await Promise.all(Array.from({ length: asked }, (_, i) => ask(i % 3 === 0 ? '/sleep' : '/')));
  const numbers = (): number[] => [...process.stderr().matchAll(/\|req: \d+\/(\d+)\]/g)].map(([, total]) => Number(total));
  await until(() => numbers().length === asked);
  expect(numbers()).toEqual(Array.from({ length: asked }, (_, i) => i + 1));
  const workers = new Set(sandbox.events.filter(({ type }) => type === 'wsgi.return').map(({ pid }) => pid));
  expect(workers.size).toBeGreaterThan(1);
});

test('workers whose master is gone go on numbering', FAST, async () => {
  const process = await start({ app: APP });
  await ready();
  const sleeping = ask('/sleep');
  await until(() => sandbox.events.some(({ type }) => type === 'wsgi.call'));
  sandbox.kill(process.pid, 'SIGKILL');
  expect(body(await sleeping)).toBe('True');
  await until(() => process.stderr().includes('my master disconnected'));
  expect(process.stderr()).toContain('req: 1/1] 127.0.0.1 () {16 vars in 162 bytes}');
});

const roles = () => sandbox.events.filter((event) => event.type === 'process.role');

test('says what it is before the import, also when that ends Python', FAST, async () => {
  const process = await start({ app: "import os\nprint('importing')\nos._exit(3)\n" });
  expect(await process.exited).toEqual({ code: 3, signal: null });
  expect(process.stderr()).toMatch(/importing\n$/);
  expect(roles()).toEqual([expect.objectContaining({ pid: process.pid, role: 'master', server: 'uwsgi' })]);
});

test('without a master the workers say what they are, and that they are ready', FAST, async () => {
  const process = await start({ app: APP, ini: INI('processes = 2').replace('master = true', 'master = false') });
  await ready(2);
  expect(roles()).toHaveLength(2);
  expect(roles()).toContainEqual(expect.objectContaining({ pid: process.pid, role: 'worker', server: 'uwsgi', worker: 1 }));
  expect(roles()).toContainEqual(expect.objectContaining({ role: 'worker', server: 'uwsgi', worker: 2 }));
  const loaded = sandbox.events.findIndex(({ type }) => type === 'uwsgi.app');
  expect(sandbox.events.findIndex(({ type }) => type === 'process.role')).toBeLessThan(loaded);
  await ask('/');
  await until(() => process.stderr().includes('|req: 1/1]'));
});

test('a failed import answers 500 and says where to look', FAST, async () => {
  const process = await start({ app: 'import nosuchlib\n' });
  await ready();
  expect(await ask('/')).toBe(
    'HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\nInternal Server Error',
  );
  await until(() => logged(process).includes('=> generated'));
  expect(logged(process)).toBe(
    `--- no python application found, check your startup logs for errors ---
${line('-1|req: -1/1] 127.0.0.1 () {16 vars in 152 bytes} [DATE] GET / => generated 21 bytes in N msecs (HTTP/1.1 500) 2 headers in 83 bytes (0 switches on core 0)')}
`,
  );
});

test('HTTP at the uwsgi port, foreign modifiers, empty and broken packets', FAST, async () => {
  const process = await start({ app: APP });
  await ready();
  const send = (data: string): Promise<string> =>
    sandbox.run(async (host) => {
      const connection = await host.connect({ path: SOCKET });
      await connection.write(new Uint8Array(Buffer.from(data, 'latin1')));
      const answer = await connection.read().catch(() => null);
      connection.close();
      return answer === null ? '' : new TextDecoder().decode(answer);
    });
  expect(await send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('');
  expect(await send('\x05\x04\x00\x00\x00\x00\x00\x00')).toBe('');
  expect(await send('\0\0\0\0')).toBe('');
  await until(() => logged(process).includes('=> generated'));
  expect(logged(process)).toContain(
    `invalid request block size: 21573 (max 4096)...skip
-- unavailable modifier requested: 5 --
Empty python request. skip.
${line('-1|req: -1/1]  () {0 vars in 0 bytes} [DATE]   => generated 0 bytes in N msecs ( 0) 0 headers in 0 bytes (0 switches on core 0)')}`,
  );
});

test('SIGHUP starts everything anew with the new code, on the same socket', FAST, async () => {
  const process = await start({ app: APP });
  await ready();
  sandbox.files.write('/srv/shop/app/wsgi.py', APP.replace('{calls}', 'new'));
  sandbox.kill(process.pid, 'SIGHUP');
  await ready(2);
  expect(body(await ask('/'))).toMatch(/^new 1 /);
  const text = logged(process);
  const order = [
    '...gracefully killing workers...',
    'Gracefully killing worker 1 (pid: P)...',
    'worker 1 buried after ',
    'binary reloading uWSGI...',
    `found fd 3 mapped to socket 0 (${SOCKET})`,
    'running /usr/bin/uwsgi-core',
    `uwsgi socket 0 inherited UNIX address ${SOCKET} fd 3`,
    'gracefully (RE)spawned uWSGI master process (pid: P)',
    'spawned uWSGI worker 1 (pid: P, cores: 1)',
  ];
  expect(order.filter((words) => text.includes(words))).toEqual(order);
  expect(order.map((words) => text.indexOf(words))).toEqual(order.map((words) => text.indexOf(words)).sort((a, b) => a - b));
});

test('http-socket speaks HTTP', FAST, async () => {
  await start({ app: APP, ini: INI().replace(`socket = ${SOCKET}`, 'http-socket = 127.0.0.1:8080') });
  await ready();
  const { status, body: text } = await sandbox.request('http://localhost:8080/echo', { method: 'POST', body: 'hello' });
  expect([status, atob(text)]).toEqual([200, 'hello']);
});

test('an application that floods the log does not flood the trace', FAST, async () => {
  const app =
    "def application(environ, start_response):\n    for i in range(5000):\n        print(f'flood {i}')\n    start_response('200 OK', [])\n    return [b'']\n";
  const process = await start({ app });
  await ready();
  await ask('/');
  await until(() => process.stderr().includes('flood 4999\n'));
  expect(process.stderr().match(/^flood \d+$/gm)).toHaveLength(5000);
  const traced = sandbox.events.filter((event) => event.type === 'log' && event.text.startsWith('flood'));
  const seconds = new Set(sandbox.events.map(({ t }) => Math.floor(t / 1000)));
  expect(traced.length).toBeGreaterThanOrEqual(100);
  expect(traced.length).toBeLessThanOrEqual(100 * seconds.size);
  expect(sandbox.events.some((event) => event.type === 'log' && event.text.startsWith('[sandbox] more lines'))).toBe(true);
});

test('a client of an http-socket that has gone: over TCP the answer is written all the same, as recorded', FAST, async () => {
  const process = await start({ app: APP, ini: INI().replace(`socket = ${SOCKET}`, 'http-socket = 127.0.0.1:8080') });
  await ready();
  await sandbox.run(async (host) => {
    const connection = await host.connect({ port: 8080, ip: '127.0.0.1' });
    await connection.write('GET /sleep HTTP/1.1\r\nHost: a\r\n\r\n');
    connection.close();
  });
  await until(() => logged(process).includes('=> generated'));
  expect(logged(process)).toMatch(
    /^\[pid: P\|app: 0\|req: 1\/1\] 127\.0\.0\.1 \(\) \{\d+ vars in \d+ bytes\} \[DATE\] GET \/sleep => generated 4 bytes in N msecs \(HTTP\/1\.1 200\) 2 headers in \d+ bytes \(1 switches on core 0\)\n$/,
  );
});
