/** Conformance: byte streams between processes. Most run against a peer in another process. */
import type { Connection } from '../host.ts';
import { acceptOne, check, equal, fails, group, pair, readAll, readBytes, text, within, withPeer } from './case.ts';

const BIG = 5_000_000;

/** What `traceFaults` looks for in the trace of a run. */
export const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, n) => n);
export const LONG_TURN = 5000;

/** Bytes that tell when one is missing, doubled or moved. */
function pattern(length: number): Uint8Array {
  const data = new Uint8Array(length);
  for (let n = 0; n < length; n++) data[n] = (n * 31 + (n >> 8)) & 255;
  return data;
}

function sameBytes(actual: Uint8Array, expected: Uint8Array): void {
  equal(actual.length, expected.length, 'length');
  for (let n = 0; n < expected.length; n++) if (actual[n] !== expected[n]) throw new Error(`byte ${n} differs`);
}

async function send(to: Connection, data: Uint8Array, size = 50_000): Promise<void> {
  for (let at = 0; at < data.length; at += size) await to.write(data.slice(at, at + size));
}

export const streams = group(
  'streams',
  {
    'small writes arrive in order': async (host) => {
      const [connection] = await withPeer(host, 'echo-one');
      let sent = '';
      for (let n = 0; n < 1000; n++) {
        sent += `${n} `;
        await connection.write(`${n} `);
      }
      connection.end();
      check((await readAll(connection)) === sent, 'the same text came back');
    },
    'five megabytes arrive whole, both ways at once': async (host) => {
      const [connection] = await withPeer(host, 'echo-one');
      const data = pattern(BIG);
      const [, back] = await Promise.all([send(connection, data), readBytes(connection, BIG)]);
      sameBytes(back, data);
    },
    'for the trace: every byte as it is, and of a long turn the beginning': async (host) => {
      const [connection, child] = await withPeer(host, 'echo-one');
      await connection.write(EVERY_BYTE);
      sameBytes(await readBytes(connection, EVERY_BYTE.length), EVERY_BYTE);
      await connection.write(pattern(LONG_TURN));
      await readBytes(connection, LONG_TURN);
      connection.end();
      // What it has to say of its bytes goes with its last words.
      await child.exited;
    },
    'a reader that waits makes the writer wait': async (host) => {
      const [connection, , lines] = await withPeer(host, 'read-when-told');
      equal(await lines.next(), 'ready');
      const writing = send(connection, pattern(BIG));
      equal(await within(host, 500, writing), 'late');
      const go = await host.connect({ path: 'go.sock' });
      await writing;
      connection.end();
      equal(text(await connection.read()), `${BIG}`, 'bytes that the peer read');
      go.close();
    },
    'after end() the peer reads to the end, and its answer still comes': async (host) => {
      const [connection] = await withPeer(host, 'count-one');
      await connection.write('12345');
      connection.end();
      equal(await readAll(connection), '5 bytes');
    },
    'the server may end first and still read': async (host) => {
      const [connection, , lines] = await withPeer(host, 'end-then-read');
      equal(await readAll(connection), 'hello');
      await connection.write('and you');
      connection.end();
      equal(await lines.next(), 'and you');
    },
    'writing after end() is EPIPE': async (host) => {
      const [client] = await pair(host);
      client.end();
      await fails('EPIPE', client.write('x'));
    },
    'writing to a closed peer is EPIPE': async (host) => {
      const [client, server] = await pair(host);
      server.close();
      equal(await client.read(), null);
      await fails('EPIPE', client.write('x'));
    },
    'an empty write is no end of stream': async (host) => {
      const [client, server] = await pair(host);
      await client.write('');
      await client.write('x');
      equal(text(await server.read()), 'x');
    },
    'one read at a time': async (host) => {
      const [client, server] = await pair(host);
      const first = server.read();
      await fails('EINVAL', server.read());
      await client.write('x');
      equal(text(await first), 'x');
    },
    'a peer that closes with data unread resets the connection': async (host) => {
      const [connection, , lines] = await withPeer(host, 'close-unread');
      await connection.write('you will not read this');
      equal(await lines.next(), 'closed');
      await fails('ECONNRESET', connection.read());
      await fails('ECONNRESET', connection.write('x'));
    },
    'data that came before a reset is read first': async (host) => {
      const [connection, , lines] = await withPeer(host, 'close-unread', ['last words']);
      await connection.write('you will not read this');
      equal(await lines.next(), 'closed');
      await host.sleep(50);
      equal(text(await connection.read()), 'last words');
      await fails('ECONNRESET', connection.read());
    },
    'data that came before a close is read first': async (host) => {
      const [connection, child] = await withPeer(host, 'say-and-exit', ['bye', 'close']);
      await child.exited;
      equal(await readAll(connection), 'bye');
    },
    'a peer that is killed is an end of stream': async (host) => {
      const [connection, child] = await withPeer(host, 'echo-one');
      await connection.write('x');
      equal(text(await connection.read()), 'x');
      const reading = connection.read();
      await host.kill(child.pid, 'SIGKILL');
      equal(await within(host, 2000, reading), null);
      await fails('EPIPE', connection.write('x'));
    },
    'what a process wrote before it exits arrives, close() or not': async (host) => {
      const [connection, child] = await withPeer(host, 'say-and-exit', ['x'.repeat(200_000)]);
      equal(await child.exited, { code: 3, signal: null });
      await host.sleep(50);
      equal((await readAll(connection)).length, 200_000);
    },
    'what was written before anyone accepted arrives': async (host) => {
      const listener = await host.listen({ path: 's' });
      const client = await host.connect({ path: 's' });
      await client.write('early');
      client.end();
      await host.sleep(30);
      const server = await listener.accept();
      equal(server && (await readAll(server)), 'early');
    },
    'a client that exits while it stands in the queue has said what it said': async (host) => {
      const listener = await host.listen({ path: 's' });
      const child = await host.spawn('write-and-exit', ['s', 'I was here']);
      equal(await child.exited, { code: 0, signal: null });
      equal(await listener.waiting(), 1, 'waiting');
      const server = await listener.accept();
      equal(server && (await readAll(server)), 'I was here');
      equal(server && (await within(host, 1000, new Promise<string>((told) => server.onPeerClosed(() => told('closed'))))), 'closed');
    },
    'a client that exits while it is being accepted has said what it said': async (host) => {
      const listener = await host.listen({ path: 's' });
      for (let n = 0; n < 10; n++) {
        const accepting = listener.accept();
        const child = await host.spawn('write-and-exit', ['s', `number ${n}`]);
        const server = await accepting;
        equal(server && (await readAll(server)), `number ${n}`);
        server?.close();
        await child.exited;
      }
    },
    'the peer closing is told once, half-closing is not': async (host) => {
      const [client, server] = await pair(host);
      let told = 0;
      server.onPeerClosed(() => told++);
      client.end();
      equal(await server.read(), null);
      equal(told, 0, 'after end()');
      client.close();
      await host.sleep(30);
      equal(told, 1, 'after close()');
    },
    'the peer being killed is told': async (host) => {
      const [connection, child] = await withPeer(host, 'echo-one');
      await connection.write('x');
      await connection.read();
      const told = new Promise<string>((resolve) => connection.onPeerClosed(() => resolve('told')));
      await host.kill(child.pid, 'SIGKILL');
      equal(await within(host, 2000, told), 'told');
    },
    'a close wakes a writer that waits': async (host) => {
      const [connection, , lines] = await withPeer(host, 'close-when-told');
      const writing = send(connection, pattern(BIG)).then(
        () => 'all written',
        (error: Error) => error.message,
      );
      equal(await lines.next(), 'ready');
      equal(await within(host, 200, writing), 'late');
      const go = await host.connect({ path: 'go.sock' });
      check(/Broken pipe|reset by peer/.test(String(await within(host, 2000, writing))), 'the write failed');
      go.close();
    },
    'many connections between two processes stay apart': async (host) => {
      const listener = await host.listen({ path: 's' });
      await host.spawn('echo-many', [], { listeners: [listener] });
      await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const connection = await host.connect({ path: 's' });
          const data = pattern(20_000 + n).fill(n, 0, 1000);
          const [, back] = await Promise.all([send(connection, data, 3000), readBytes(connection, data.length)]);
          sameBytes(back, data);
          connection.close();
        }),
      );
    },
    'closing one connection leaves the others': async (host) => {
      const listener = await host.listen({ path: 's' });
      await host.spawn('echo-many', [], { listeners: [listener] });
      const [a, b] = [await host.connect({ path: 's' }), await host.connect({ path: 's' })];
      a.close();
      await b.write('still here');
      equal(text(await b.read()), 'still here');
    },
  },
  {
    'echo-one': async (host) => {
      const connection = await acceptOne(host);
      for (let part = await connection.read(); part !== null; part = await connection.read()) await connection.write(part);
      connection.end();
      return 0;
    },
    'echo-many': async (host) => {
      const listener = host.inherited[0];
      for (let next = await listener?.accept(); next; next = await listener?.accept()) {
        const connection = next;
        void (async () => {
          for (let part = await connection.read(); part !== null; part = await connection.read()) await connection.write(part);
          connection.close();
        })();
      }
      return 0;
    },
    'count-one': async (host) => {
      const connection = await acceptOne(host);
      await connection.write(`${(await readAll(connection)).length} bytes`);
      return 0;
    },
    'read-when-told': async (host) => {
      const go = await host.listen({ path: 'go.sock' });
      const connection = await acceptOne(host);
      await host.print('ready\n');
      await go.accept();
      let read = 0;
      for (let part = await connection.read(); part !== null; part = await connection.read()) read += part.length;
      await connection.write(`${read}`);
      return 0;
    },
    'end-then-read': async (host) => {
      const connection = await acceptOne(host);
      await connection.write('hello');
      connection.end();
      await host.print(`${await readAll(connection)}\n`);
      return 0;
    },
    'close-unread': async (host) => {
      const connection = await acceptOne(host);
      if (host.args[0]) await connection.write(host.args[0]);
      await host.sleep(100);
      connection.close();
      await host.print('closed\n');
      await host.sleep(5000);
      return 0;
    },
    'close-when-told': async (host) => {
      const go = await host.listen({ path: 'go.sock' });
      const connection = await acceptOne(host);
      await host.print('ready\n');
      await go.accept();
      connection.close();
      await host.sleep(5000);
      return 0;
    },
    'say-and-exit': async (host) => {
      const [what = '', how] = host.args;
      const connection = await acceptOne(host);
      await connection.write(what);
      if (how === 'close') connection.close();
      return 3;
    },
    'write-and-exit': async (host) => {
      const [path = '', what = ''] = host.args;
      const connection = await host.connect({ path });
      await connection.write(what);
      return 0;
    },
  },
);
