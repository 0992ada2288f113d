/** uwsgi_pass: the recorded bytes on both sides, and every recorded way for it to fail. */
import { afterEach, expect, test } from 'vitest';
import type { Connection } from '../../host/host.ts';
import { testFiles, testIdentity } from '../tls/testing.ts';
import { decodePacket } from '../uwsgi/protocol.ts';
import wire from './fixtures/wire.json' with { type: 'json' };
import { exchange, exchangeTls, reply, type Served, serving, type Upstreams, until, uwsgiServer } from './testing.ts';

const SOCKET = '/run/shop/c.sock';
const { certificate, key } = testFiles(testIdentity('shop.example'));
const TLS_FILES = { '/tls/crt': certificate, '/tls/key': key };
const site = (pass: string, more = ''): string => `
user www-data;
events {}
http {
    default_type application/octet-stream;
    server { listen 80; server_name shop.example; ${more} location / { include uwsgi_params; uwsgi_param HTTP_HOST $host; uwsgi_pass ${pass}; } }
    server { listen 81; server_name shop.example; location / { include uwsgi_params; uwsgi_pass ${pass}; } }
    server { listen 443 ssl; ssl_certificate /tls/crt; ssl_certificate_key /tls/key; server_name shop.example; location / { include uwsgi_params; uwsgi_pass ${pass}; } }
    server { listen 82; location / { uwsgi_pass ${pass}; } }
    server { listen 83; location / { uwsgi_pass ${pass}; uwsgi_read_timeout 200ms; } client_max_body_size 1k; }
}
`;

let open: Served | null = null;
afterEach(() => open?.sandbox.dispose());

async function start(answer: Upstreams['answer'], conf = site(`unix:${SOCKET}`)): Promise<Served & { upstreams: Upstreams; pid: number }> {
  const upstreams: Upstreams = { received: [], answer };
  open = await serving(conf, TLS_FILES, { upstream: uwsgiServer(upstreams, SOCKET, 1) });
  const process = await open.sandbox.spawn('upstream');
  await until(() => process.output() === 'ready\n');
  return { ...open, upstreams, pid: process.pid };
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
const lastError = ({ sandbox }: Served): string => sandbox.files.read('/var/log/nginx/error.log').trimEnd().split('\n').at(-1) ?? '';
const CONTEXT = 'client: 127.0.0.1, server: , request: "GET / HTTP/1.1", upstream: "uwsgi://unix:/run/shop/c.sock:", host: "localhost"';
const PAGE = (status: string): string =>
  `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n`;

/** A packet as pairs; the client's port is not the sandbox's to choose. */
const pairs = (packet: Uint8Array): string[] =>
  decodePacket(packet).pairs.map(([name, value]) => (name === 'REMOTE_PORT' ? name : `${name}=${value}`));
const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const PORTS: Readonly<Record<string, number>> = { get_debian: 80, get_no_params: 82, https_app: 443 };

/** Recorded captures that are not tried, and why. */
const SKIPPED: Readonly<Record<string, string>> = {
  post_big: 'the record has only the start of what was sent',
};
test.each(Object.entries(SKIPPED))('skipped: %s (%s)', (name) => expect(wire.captures.map((one) => one.name)).toContain(name));

test.each(wire.captures.filter(({ name }) => !Object.hasOwn(SKIPPED, name)))(
  'on the wire: $name',
  async ({ name, request, packet, answer, reply: replied }) => {
    const { sandbox, upstreams } = await start(reply(answer));
    const port = PORTS[name] ?? 81;
    const got = await (port === 443 ? exchangeTls(sandbox, request) : exchange(sandbox, port, request));
    const received = upstreams.received[0];
    const expected = fromHex(packet);
    const size = 4 + ((expected[1] ?? 0) | ((expected[2] ?? 0) << 8));
    expect(pairs(received?.packet ?? new Uint8Array(0))).toEqual(pairs(expected));
    expect([...(received?.packet.subarray(0, 4) ?? [])]).toEqual([...expected.subarray(0, 4)]);
    expect(received?.body).toEqual(expected.slice(size));
    const undated = (text: string): string => text.replace(/Date: .*\r\n/, '');
    expect(undated(got)).toBe(undated(replied));
  },
);

const CUT: [string, Upstreams['answer'], RegExp | string][] = [
  ['an upstream that dies', async () => undefined, 'upstream prematurely closed connection while reading response header from upstream'],
  ['no HTTP at all', reply('no start_response'), 'upstream sent invalid header: "no\\x20..." while reading response header from upstream'],
  [
    'a head of more than 4 kB',
    reply(`HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(5000)}\r\n\r\n`),
    'upstream sent too big header while reading response header from upstream',
  ],
];
test.each(CUT)('502: %s', async (_, answer, message) => {
  const served = await start(answer);
  const got = await exchange(served.sandbox, 82, get('/'));
  expect(got).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
  expect(got).toContain('Content-Length: 157\r\n');
  expect(got.endsWith(PAGE('502 Bad Gateway'))).toBe(true);
  await until(() => lastError(served).endsWith(`${message}, ${CONTEXT}`));
  expect(lastError(served)).toMatch(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[error\] (\d+)#\1: \*\d+ /);
});

test('502: a reset while nginx waits', async () => {
  const served = await start(async () => undefined);
  const { sandbox, upstreams } = served;
  upstreams.answer = async () => new Promise(() => undefined);
  const answer = exchange(sandbox, 82, get('/'));
  await until(() => upstreams.received.length === 1);
  sandbox.kill(served.pid, 'SIGKILL');
  expect(await answer).toMatch(/^HTTP\/1\.1 502 /);
});

test.each([
  ['no socket file', `unix:/run/shop/none.sock`, 'crit', 'connect() to unix:/run/shop/none.sock failed (2: No such file or directory)'],
  ['a plain file', `unix:/etc/passwd`, 'error', 'connect() to unix:/etc/passwd failed (111: Connection refused)'],
  ['nobody on the port', `127.0.0.1:3031`, 'error', 'connect() failed (111: Connection refused)'],
])('502: %s', async (_, pass, level, message) => {
  open = await serving(site(pass), { ...TLS_FILES, '/run/other': '' });
  expect(await exchange(open.sandbox, 82, get('/'))).toMatch(/^HTTP\/1\.1 502 /);
  await until(() => lastError(open as Served) !== '');
  const name = pass.startsWith('unix:') ? `${pass}:` : pass;
  expect(lastError(open)).toContain(`[${level}] `);
  expect(lastError(open)).toContain(
    `${message} while connecting to upstream, client: 127.0.0.1, server: , request: "GET / HTTP/1.1", upstream: "uwsgi://${name}", host: "localhost"`,
  );
});

test('502: a socket that www-data may not use', async () => {
  const server = uwsgiServer({ received: [], answer: reply('') }, SOCKET);
  open = await serving(site(`unix:${SOCKET}`), TLS_FILES, {
    upstream: async (host) => {
      const done = server(host);
      while ((await host.fs.stat(SOCKET).catch(() => null)) === null) await host.sleep(1);
      await host.fs.chmod(SOCKET, 0o600);
      await host.print('closed\n');
      return done;
    },
  });
  const process = await open.sandbox.spawn('upstream');
  await until(() => process.output().includes('closed'));
  expect(await exchange(open.sandbox, 82, get('/'))).toMatch(/^HTTP\/1\.1 502 /);
  await until(() => lastError(open as Served).includes('[crit]'));
  expect(lastError(open)).toContain('connect() to unix:/run/shop/c.sock failed (13: Permission denied) while connecting to upstream');
});

test('504 after uwsgi_read_timeout, and the upstream sees the connection close', async () => {
  let closed = false;
  const served = await start(async (connection: Connection) => {
    connection.onPeerClosed(() => {
      closed = true;
    });
    await new Promise(() => undefined);
  });
  const begun = Date.now();
  const got = await exchange(served.sandbox, 83, get('/'));
  expect(Date.now() - begun).toBeGreaterThanOrEqual(195);
  expect(got).toMatch(/^HTTP\/1\.1 504 Gateway Time-out\r\n/);
  expect(got.endsWith(PAGE('504 Gateway Time-out'))).toBe(true);
  await until(() => closed && lastError(served) !== '');
  expect(lastError(served)).toContain(
    'upstream timed out (110: Connection timed out) while reading response header from upstream, client: 127.0.0.1, server: , request: "GET / HTTP/1.1", upstream: "uwsgi://unix:/run/shop/c.sock", host: "localhost"',
  );
});

test('499 in the access log when the client gives up, and the upstream connection is closed', async () => {
  let closed = false;
  const served = await start(async (connection: Connection) => {
    connection.onPeerClosed(() => {
      closed = true;
    });
    await new Promise(() => undefined);
  });
  const { sandbox, upstreams } = served;
  await sandbox.run(async (host) => {
    const connection = await host.connect({ port: 82, ip: '127.0.0.1' });
    await connection.write(get('/slow'));
    await until(() => upstreams.received.length === 1);
    connection.close();
  });
  await until(() => closed && sandbox.files.read('/var/log/nginx/access.log') !== '');
  expect(sandbox.files.read('/var/log/nginx/access.log')).toMatch(/^127\.0\.0\.1 - - \[.*\] "GET \/slow HTTP\/1\.1" 499 0 "-" "-"\n$/);
});

test('a body cut short: status stays, connection closes, the error log says so', async () => {
  const served = await start(reply('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
  const got = await exchange(served.sandbox, 82, get('/'));
  expect(got.endsWith('\r\n\r\nhalf')).toBe(true);
  await until(() => lastError(served) !== '');
  expect(lastError(served)).toContain(`upstream prematurely closed connection while reading upstream, ${CONTEXT}`);
});

test('413 for a body over client_max_body_size, whatever its framing', async () => {
  const served = await start(reply('HTTP/1.1 200 OK\r\n\r\n'));
  const body = 'x'.repeat(2000);
  const plain = await exchange(served.sandbox, 83, `POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n\r\n${body}`);
  expect(plain).toMatch(/^HTTP\/1\.1 413 Request Entity Too Large\r\n/);
  expect(plain).toContain('Connection: close\r\n');
  await until(() => lastError(served) !== '');
  expect(lastError(served)).toMatch(
    /\[error\] .*client intended to send too large body: 2000 bytes, client: 127\.0\.0\.1, server: , request: "POST \/echo HTTP\/1\.1", host: "localhost"$/,
  );
  const chunked = await exchange(
    served.sandbox,
    83,
    `POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n${body}\r\n0\r\n\r\n`,
  );
  expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
  expect(served.upstreams.received).toEqual([]);
});

test('a full Unix-socket queue is a 502 at once', async () => {
  // Listens and never accepts: the queue of 1 holds 2.
  open = await serving(site(`unix:${SOCKET}`), TLS_FILES, {
    upstream: async (host) => {
      await host.listen({ path: SOCKET }, { backlog: 1, mode: 0o666 });
      await host.print('ready\n');
      await host.sleep(60_000);
      return 0;
    },
  });
  const { sandbox } = open;
  const process = await sandbox.spawn('upstream');
  await until(() => process.output() !== '');
  void exchange(sandbox, 82, get('/1')).catch(() => undefined);
  void exchange(sandbox, 82, get('/2')).catch(() => undefined);
  await until(() => sandbox.events.filter((event) => event.type === 'nginx.upstream').length === 2);
  expect(await exchange(sandbox, 82, get('/3'))).toMatch(/^HTTP\/1\.1 502 /);
  await until(() => lastError(open as Served) !== '');
  expect(lastError(open)).toContain('[error] ');
  expect(lastError(open)).toContain(
    'connect() to unix:/run/shop/c.sock failed (11: Resource temporarily unavailable) while connecting to upstream',
  );
});

test('events join client and upstream connection', async () => {
  const { sandbox, upstreams } = await start(reply('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi'));
  const answer = await sandbox.request('http://localhost:82/x');
  expect(atob(answer.body)).toBe('hi');
  await until(() => sandbox.events.some((event) => event.type === 'nginx.response'));
  const own = sandbox.events.filter((event) => event.type.startsWith('nginx.') && 'conn' in event && event.conn === answer.conn);
  expect(own.map((event) => event.type)).toEqual(['nginx.request', 'nginx.route', 'nginx.upstream', 'nginx.response']);
  const upstream = own.find((event) => event.type === 'nginx.upstream');
  expect(upstream).toMatchObject({ n: 1, address: `unix:${SOCKET}` });
  expect(sandbox.events.some((event) => event.type === 'conn.accepted' && event.conn === upstream?.upstream)).toBe(true);
  expect(upstreams.received.length).toBe(1);
});
