/** Conformance: byte streams between processes. Most run against a peer in another process. */
import type { Connection } from '../host.ts';
import { acceptOne, check, equal, eventually, fails, group, Lines, pair, readAll, readBytes, text, within, withPeer } from './case.ts';

const BIG = 5_000_000;

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

export const listeners = group(
  'shared listeners',
  {
    'children pull from one queue, and all are served': async (host) => {
      const listener = await host.listen({ path: 's' });
      const pids = new Set<number>();
      for (let n = 0; n < 3; n++) pids.add((await host.spawn('say-pid', [], { listeners: [listener] })).pid);
      const answers = await Promise.all(Array.from({ length: 12 }, async () => readAll(await host.connect({ path: 's' }))));
      equal(answers.length, 12);
      for (const answer of answers) check(pids.has(Number(answer)), `${answer} is a child`);
    },
    'which idle child takes the next is irregular': async (host) => {
      const listener = await host.listen({ path: 's' });
      for (let n = 0; n < 3; n++) await host.spawn('say-pid', [], { listeners: [listener] });
      await host.sleep(400);
      const takers: string[] = [];
      for (let n = 0; n < 40; n++) takers.push(await readAll(await host.connect({ path: 's' })));
      equal(new Set(takers).size, 3, 'children that took one');
      check(
        takers.some((pid, n) => n > 2 && pid !== takers[n - 3]),
        'not in rotation',
      );
    },
    'children that accept in turn take turns': async (host) => {
      const listener = await host.listen({ path: 's' });
      for (let n = 0; n < 3; n++) await host.spawn('say-pid', ['in turn'], { listeners: [listener] });
      const taker = async (): Promise<string> => {
        const pid = await readAll(await host.connect({ path: 's' }));
        // It must stand in line again before the next one comes.
        await host.sleep(50);
        return pid;
      };
      const seen = new Set<string>();
      await eventually(host, 'all children accept', async () => seen.add(await taker()).size === 3);
      const takers: string[] = [];
      for (let n = 0; n < 9; n++) takers.push(await taker());
      const turn = takers.slice(0, 3);
      equal(new Set(turn).size, 3, 'children in a turn');
      equal(takers, [...turn, ...turn, ...turn]);
    },
    'sockets() tells who holds a socket and how many wait': async (host) => {
      const mine = (await host.sockets()).length;
      const one = await host.listen({ port: 5013 }, { backlog: 5 });
      const two = await host.listen({ path: 's' }, { backlog: 3 });
      const child = await host.spawn('sleeper', [], { listeners: [two] });
      await host.connect({ path: 's' });
      await host.connect({ path: 's' });
      const both = (await host.sockets())
        .slice(mine)
        .map(({ address, waiting, backlog, holders }) => ({ address, waiting, backlog, holders }));
      equal(both, [
        { address: { port: 5013, ip: '0.0.0.0' }, waiting: 0, backlog: 5, holders: [{ pid: host.pid, fd: 3 }] },
        {
          address: { path: `${host.cwd}/s` },
          waiting: 2,
          backlog: 3,
          holders: [
            { pid: host.pid, fd: 4 },
            { pid: child.pid, fd: 3 },
          ],
        },
      ]);
      one.close();
    },
    'a busy child gets nothing: the queue holds it for whoever is free': async (host) => {
      const listener = await host.listen({ path: 's' });
      const busy = await host.spawn('hold-first', [], { listeners: [listener], stdout: 'pipe' });
      await host.connect({ path: 's' });
      equal(await new Lines(busy).next(), 'holding');
      const waiting = [await host.connect({ path: 's' }), await host.connect({ path: 's' })];
      await host.sleep(100);
      equal(await listener.waiting(), 2);
      const free = await host.spawn('say-pid', [], { listeners: [listener] });
      for (const connection of waiting) equal(Number(await readAll(connection)), free.pid);
    },
    'the parent may close its own: the children listen on': async (host) => {
      const listener = await host.listen({ path: 's' });
      const child = await host.spawn('say-pid', [], { listeners: [listener] });
      listener.close();
      equal(Number(await readAll(await host.connect({ path: 's' }))), child.pid);
    },
    'when the last holder lets go, who waits is reset and who comes is refused': async (host) => {
      const listener = await host.listen({ port: 5010 });
      const waiting = await host.connect({ port: 5010 });
      const read = waiting.read();
      listener.close();
      await fails('ECONNRESET', read);
      await fails('ECONNREFUSED', host.connect({ port: 5010 }));
    },
    'when the last holder is killed its socket is closed': async (host) => {
      const listener = await host.listen({ port: 5011 });
      const child = await host.spawn('sleeper', [], { listeners: [listener] });
      listener.close();
      const waiting = await host.connect({ port: 5011 });
      await host.kill(child.pid, 'SIGKILL');
      await child.exited;
      await fails('ECONNRESET', waiting.read());
      await fails('ECONNREFUSED', host.connect({ port: 5011 }));
    },
    'who waits when one holder is killed is served by another': async (host) => {
      const listener = await host.listen({ path: 's' });
      const busy = await host.spawn('hold-first', [], { listeners: [listener], stdout: 'pipe' });
      await host.connect({ path: 's' });
      await new Lines(busy).next();
      const waiting = await host.connect({ path: 's' });
      await host.kill(busy.pid, 'SIGKILL');
      const next = await host.spawn('say-pid', [], { listeners: [listener] });
      equal(Number(await readAll(waiting)), next.pid);
    },
    'accept() ends with null when the listener is closed': async (host) => {
      const listener = await host.listen({ path: 's' });
      const accepting = listener.accept();
      listener.close();
      equal([await accepting, await listener.accept()], [null, null]);
    },
    'inherited listeners keep their address, queue length and order': async (host) => {
      const one = await host.listen({ port: 5012 }, { backlog: 7 });
      const two = await host.listen({ path: 's' }, { backlog: 9 });
      const child = await host.spawn('show-inherited', [], { listeners: [one, two], stdout: 'pipe' });
      equal(JSON.parse(await new Lines(child).next()), [
        [{ port: 5012, ip: '0.0.0.0' }, 7],
        [{ path: `${host.cwd}/s` }, 9],
      ]);
    },
    "another process's listener cannot be used by guessing its number": async (host) => {
      const child = await host.spawn('listen-and-wait', ['s'], { stdout: 'pipe' });
      await new Lines(child).next();
      const mine = await host.listen({ path: 'mine' });
      const number = (mine as typeof mine & { id: number }).id;
      for (let id = number - 1; id > number - 5 && id > 0; id--) {
        await fails('EINVAL', host.spawn('sleeper', [], { listeners: [Object.assign({}, mine, { id })] }));
      }
      await host.connect({ path: 's' });
      equal((await host.processes()).filter(({ title }) => title.startsWith('sleeper')).length, 0);
    },
  },
  {
    'say-pid': async (host) => {
      const listener = host.inherited[0];
      const inTurn = { inTurn: host.args[0] === 'in turn' };
      for (let next = await listener?.accept(inTurn); next; next = await listener?.accept(inTurn)) {
        await next.write(`${host.pid}`);
        next.close();
      }
      return 0;
    },
    'hold-first': async (host) => {
      await acceptOne(host);
      await host.print('holding\n');
      await host.sleep(60_000);
      return 0;
    },
    'show-inherited': async (host) => {
      await host.print(`${JSON.stringify(host.inherited.map(({ address, backlog }) => [address, backlog]))}\n`);
      return 0;
    },
    'listen-and-wait': async (host) => {
      await host.listen({ path: host.args[0] ?? '' });
      await host.print('ready\n');
      await host.sleep(60_000);
      return 0;
    },
  },
);
