/** What is large goes through in pieces: nothing between a file, or a server behind, and a slow client ever holds it whole. */
import { afterEach, expect, test } from 'vitest';
import type { Connection, Program } from '../../host/host.ts';
import { MemoryTree } from '../../host/memory-tree.ts';
import type { OpenNode, User } from '../../host/tree.ts';
import { bytesOf, byteText } from '../http/bytes.ts';
import { exchange, type Served, serving, until } from './testing.ts';

const SIZE = 8_000_000;
/** What one connection carries before its writer waits, and what nginx has in hand beside that. */
const WINDOW = 256 * 1024;
const IN_HAND = 256 * 1024;

const conf = `
events {}
http {
    server {
        listen 80;
        root /srv;
        client_max_body_size 0;
        location /behind { proxy_pass http://127.0.0.1:9000; }
        location /upload { proxy_pass http://127.0.0.1:9001; proxy_request_buffering off; }
    }
}
`;
/** No two pieces are alike. */
const large = Uint8Array.from({ length: SIZE }, (_, n) => (n * 31 + (n >> 10)) & 255);
const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${more}\r\n`;

/** Counts the files that are opened and the bytes that are read from them. */
class CountingTree extends MemoryTree {
  opened = 0;
  bytes = 0;
  override open(path: string, user: User): OpenNode {
    this.opened++;
    const file = super.open(path, user);
    const read = (offset: number, length: number): Uint8Array => {
      const part = file.read(offset, length);
      this.bytes += part.length;
      return part;
    };
    return { ...file, read };
  }
}

let open: Served | null = null;
afterEach(() => open?.sandbox.dispose());

async function start(programs: Readonly<Record<string, Program>> = {}): Promise<{ sandbox: Served['sandbox']; tree: CountingTree }> {
  const tree = new CountingTree();
  open = await serving(conf, { '/srv/large.bin': large, '/srv/other.bin': new Uint8Array(SIZE) }, programs, tree);
  for (const name of Object.keys(programs)) {
    const process = await open.sandbox.spawn(name);
    await until(() => process.output() !== '');
  }
  return { sandbox: open.sandbox, tree };
}

/** Downloads bit by bit; `after` hears after each bit how many bytes have come. Gives the body. */
function download(sandbox: Served['sandbox'], request: string, after: (taken: number) => void): Promise<Uint8Array> {
  return sandbox.run(async (host) => {
    const connection = await host.connect({ port: 80 });
    await connection.write(request);
    const all = new Uint8Array(SIZE + 1000);
    let taken = 0;
    for (let piece = await connection.read(); piece !== null; piece = await connection.read()) {
      all.set(piece, taken);
      taken += piece.length;
      after(taken);
      await host.sleep(0);
    }
    connection.close();
    return all.slice(byteText(all.subarray(0, 1000)).indexOf('\r\n\r\n') + 4, taken);
  });
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, n) => byte === b[n]);

test('of a large file only what a slow client is about to take is read', async () => {
  const { sandbox, tree } = await start();
  let ahead = 0;
  const body = await download(sandbox, get('/large.bin'), (taken) => {
    ahead = Math.max(ahead, tree.bytes - taken);
  });
  expect(same(body, large)).toBe(true);
  expect(ahead).toBeGreaterThan(0);
  expect(ahead).toBeLessThan(WINDOW + IN_HAND);
});

test('a small file is read once, and again when it has changed', async () => {
  const { sandbox, tree } = await start();
  const body = async (): Promise<string> => (await exchange(sandbox, 80, get('/small.txt'))).split('\r\n\r\n')[1] ?? '';
  sandbox.files.write('/srv/small.txt', 'one');
  expect([await body(), await body(), await body(), tree.opened]).toEqual(['one', 'one', 'one', 1]);
  sandbox.files.write('/srv/small.txt', 'two');
  expect([await body(), await body(), tree.opened]).toEqual(['two', 'two', 2]);
});

test('a range of it, and two', async () => {
  const { sandbox, tree } = await start();
  const body = await download(sandbox, get('/large.bin', 'Range: bytes=1000000-1999999\r\n'), () => {});
  expect(same(body, large.subarray(1_000_000, 2_000_000))).toBe(true);
  // And what came with the opening of the file.
  expect(tree.bytes).toBeLessThan(1_000_000 + 100_000);
  const parts = await exchange(sandbox, 80, get('/large.bin', 'Range: bytes=0-299999,7000000-7000009\r\n'));
  const [head = ''] = parts.split('\r\n\r\n');
  expect(head).toContain(`Content-Length: ${parts.length - head.length - 4}`);
  expect(parts).toContain(`Content-Range: bytes 7000000-7000009/${SIZE}\r\n\r\n${byteText(large.subarray(7_000_000, 7_000_010))}\r\n--`);
  expect(parts).toContain(byteText(large.subarray(0, 300_000)));
});

test('a file that is replaced meanwhile goes out as it was', async () => {
  const { sandbox } = await start();
  let replaced = false;
  const body = await download(sandbox, get('/large.bin'), () => {
    if (!replaced) sandbox.kernel.tree.rename('/srv/other.bin', '/srv/large.bin', { uid: 0, gid: 0 });
    replaced = true;
  });
  expect(same(body, large)).toBe(true);
});

test('one that is cut short meanwhile ends the connection, and is logged', async () => {
  const { sandbox } = await start();
  const body = await download(sandbox, get('/large.bin'), () => sandbox.files.write('/srv/large.bin', 'short'));
  expect(body.length).toBeLessThan(SIZE);
  await until(() => sandbox.files.read('/var/log/nginx/error.log').includes(' was truncated at '));
  expect(sandbox.files.read('/var/log/nginx/error.log')).toMatch(
    /\[alert\] .* sendfile\(\) reported that "\/srv\/large.bin" was truncated at \d+ while sending response to client, client: 127/,
  );
});

/** Serves one connection after another, once its head has come. */
const server =
  (port: number, serve: (connection: Connection, rest: number) => Promise<void>): Program =>
  async (host) => {
    const listener = await host.listen({ port });
    await host.print('ready\n');
    for (let connection = await listener.accept(); connection !== null; connection = await listener.accept()) {
      let text = '';
      while (!text.includes('\r\n\r\n')) text += byteText((await connection.read()) ?? bytesOf('\r\n\r\n'));
      await serve(connection, text.length - text.indexOf('\r\n\r\n') - 4);
      connection.close();
    }
    return 0;
  };

test('of an answer from behind nginx takes what its buffers hold', async () => {
  let written = 0;
  const behind = server(9000, async (connection) => {
    await connection.write(`HTTP/1.1 200 OK\r\nContent-Length: ${SIZE}\r\n\r\n`);
    for (; written < SIZE; written += 20_000) await connection.write(large.subarray(written, written + 20_000));
  });
  const { sandbox } = await start({ behind });
  let ahead = 0;
  const body = await download(sandbox, get('/behind'), (taken) => {
    ahead = Math.max(ahead, written - taken);
  });
  expect(same(body, large)).toBe(true);
  expect(ahead).toBeGreaterThan(0);
  expect(ahead).toBeLessThan(2 * WINDOW + IN_HAND);
});

test('with proxy_request_buffering off a body goes to a slow server as it comes', async () => {
  let [sent, received, ahead] = [0, 0, 0];
  const behind = server(9001, async (connection, rest) => {
    // All that was sent before the server has its first word was held on the way.
    ahead = sent;
    for (received = rest; received < SIZE; ) {
      received += (await connection.read())?.length ?? SIZE;
      ahead = Math.max(ahead, sent - received);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await connection.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
  });
  const { sandbox } = await start({ behind });
  const answer = await sandbox.run(async (host) => {
    const connection = await host.connect({ port: 80 });
    await connection.write(`POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${SIZE}\r\n\r\n`);
    for (; sent < SIZE; sent += 20_000) await connection.write(large.subarray(sent, sent + 20_000));
    let text = '';
    for (let piece = await connection.read(); piece !== null; piece = await connection.read()) text += byteText(piece);
    return text;
  });
  expect(answer).toMatch(/^HTTP\/1.1 200 .*done$/s);
  expect(received).toBe(SIZE);
  expect(ahead).toBeLessThan(2 * WINDOW + IN_HAND);
});
