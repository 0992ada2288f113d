/** Answers in pieces: compressed, and read ahead of a slow client. */
import { afterEach, expect, test } from 'vitest';
import { bytesOf, byteText } from '../http/bytes.ts';
import { exchange, type Served, serving, type Upstreams, until, uwsgiServer } from './testing.ts';

const SOCKET = '/run/shop/c.sock';
const conf = `
events {}
http {
    gzip on;
    gzip_types text/css;
    types { text/css css; }
    server { listen 80; root /srv; location /up { uwsgi_pass unix:${SOCKET}; } location /kept { expires 7d; } location /direct { uwsgi_buffering off; uwsgi_pass unix:${SOCKET}; } }
}
`;
const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${more}\r\n`;

let open: Served | null = null;
afterEach(() => open?.sandbox.dispose());

async function start(answer: Upstreams['answer'] = async () => undefined): Promise<Served> {
  const upstreams: Upstreams = { received: [], answer };
  open = await serving(conf, { '/srv/style.css': 'a { color: red; }\n'.repeat(500) }, { upstream: uwsgiServer(upstreams, SOCKET) });
  const process = await open.sandbox.spawn('upstream');
  await until(() => process.output() !== '');
  return open;
}

/** The body of a chunked answer, unpacked. */
async function unpack(answer: string): Promise<string> {
  let rest = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  let packed = '';
  for (;;) {
    const size = Number.parseInt(rest, 16);
    const from = rest.indexOf('\r\n') + 2;
    if (size === 0) break;
    packed += rest.slice(from, from + size);
    rest = rest.slice(from + size + 2);
  }
  const stream = new Blob([new Uint8Array(bytesOf(packed))]).stream().pipeThrough(new DecompressionStream('gzip'));
  return byteText(new Uint8Array(await new Response(stream).arrayBuffer()));
}

test('a file goes out compressed to a client that takes it', async () => {
  const { sandbox } = await start();
  const answer = await exchange(sandbox, 80, get('/style.css', 'Accept-Encoding: br, gzip;q=0.5\r\n'));
  const [head = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(/\r\nETag: W\/"[0-9a-f]+-[0-9a-f]+"\r\nContent-Encoding: gzip$/);
  expect(head).toContain('\r\nTransfer-Encoding: chunked\r\n');
  expect(head).not.toMatch(/Content-Length|Accept-Ranges/);
  expect(answer.length).toBeLessThan(1000);
  expect(await unpack(answer)).toBe('a { color: red; }\n'.repeat(500));
  for (const accepts of ['gzip;q=0', 'identity', 'xgzip']) {
    expect(await exchange(sandbox, 80, get('/style.css', `Accept-Encoding: ${accepts}\r\n`))).toContain('Content-Length: 9000\r\n');
  }
});

test('a part behind the end of a file is refused with the headers of the file', async () => {
  open = await serving(conf, { '/srv/kept.css': 'a { color: red; }\n' });
  const answer = await exchange(open.sandbox, 80, get('/kept.css', 'Range: bytes=99-\r\n'));
  expect(answer).toMatch(/^HTTP\/1\.1 416 /);
  expect(answer).toMatch(/\r\nExpires: .*\r\nCache-Control: max-age=604800\r\nContent-Range: bytes \*\/18\r\n\r\n/);
});

test("so does an upstream's answer", async () => {
  const { sandbox } = await start(async (connection) =>
    connection.write(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${'x'.repeat(3000)}`),
  );
  const answer = await exchange(sandbox, 80, get('/up', 'Accept-Encoding: gzip\r\n'));
  expect(answer).toContain('Content-Encoding: gzip\r\n');
  expect(await unpack(answer)).toBe('x'.repeat(3000));
});

test('an answer larger than all buffers comes whole to a client that takes its time', async () => {
  const size = 3_000_000;
  const { sandbox } = await start(async (connection) => {
    await connection.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
    for (let sent = 0; sent < size; sent += 30_000) await connection.write('y'.repeat(30_000));
  });
  for (const path of ['/up', '/direct']) {
    const received = await sandbox.run(async (host) => {
      const connection = await host.connect({ port: 80, ip: '127.0.0.1' });
      await connection.write(get(path));
      let bytes = 0;
      for (let piece = await connection.read(); piece !== null; piece = await connection.read()) {
        bytes += piece.length;
        await host.sleep(0);
      }
      connection.close();
      return bytes;
    });
    expect(received).toBeGreaterThan(size);
    expect(received).toBeLessThan(size + 300);
  }
});
