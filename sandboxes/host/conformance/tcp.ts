/** Conformance: TCP ports and Unix socket files, and who may listen and connect where. */
import type { Connection, Host } from '../host.ts';
import { check, equal, fails, group, readBytes, text, within } from './case.ts';

const OTHER = 1000;
const portOf = (address: object): number => ('port' in address ? Number(address.port) : 0);

/** Connections that stand in the queue at `path`. */
async function queue(host: Host, path: string, count: number): Promise<Connection[]> {
  const made: Connection[] = [];
  for (let n = 0; n < count; n++) made.push(await host.connect({ path }));
  return made;
}

export const tcp = group('tcp', {
  'connecting where nobody listens is ECONNREFUSED': (host) => fails('ECONNREFUSED', host.connect({ port: 5999 })),
  'a port that is taken is EADDRINUSE': async (host) => {
    const listener = await host.listen({ port: 5001 });
    await fails('EADDRINUSE', host.listen({ port: 5001 }));
    await fails('EADDRINUSE', host.listen({ port: 5001, ip: '127.0.0.1' }));
    listener.close();
  },
  'a port is free again when its listener is closed': async (host) => {
    (await host.listen({ port: 5002 })).close();
    await fails('ECONNREFUSED', host.connect({ port: 5002 }));
    (await host.listen({ port: 5002 })).close();
  },
  'a port below 1024 needs root: EACCES': async (host) => {
    (await host.listen({ port: 81 })).close();
    await host.setUser(OTHER, OTHER);
    await fails('EACCES', host.listen({ port: 81 }));
    (await host.listen({ port: 1024 })).close();
  },
  "an address that is not this machine's is EADDRNOTAVAIL": (host) => fails('EADDRNOTAVAIL', host.listen({ port: 5003, ip: '192.0.2.1' })),
  'port 0 means any free port': async (host) => {
    const [one, two] = [await host.listen({ port: 0 }), await host.listen({ port: 0 })];
    check(portOf(one.address) > 1024 && portOf(two.address) > 1024, 'ports above 1024');
    check(portOf(one.address) !== portOf(two.address), 'two ports');
    one.close();
    two.close();
  },
  'a listener on a loopback address is found there only': async (host) => {
    const listener = await host.listen({ port: 5004, ip: '127.0.0.2' });
    await fails('ECONNREFUSED', host.connect({ port: 5004 }));
    const client = await host.connect({ port: 5004, ip: '127.0.0.2' });
    client.close();
    listener.close();
  },
  'both ends know the connection by the same id': async (host) => {
    const listener = await host.listen({ port: 5005 });
    const [a, b] = [await host.connect({ port: 5005 }), await host.connect({ port: 5005 })];
    const accepted = [await listener.accept(), await listener.accept()];
    equal(
      accepted.map((end) => end?.id),
      [a.id, b.id],
    );
    check(a.id !== b.id, 'ids differ');
    equal([a.peer, accepted[0]?.peer, portOf(a.address)], ['127.0.0.1', '127.0.0.1', 5005]);
  },
  'bytes given with connect come before all others': async (host) => {
    const listener = await host.listen({ port: 5006 });
    const client = await host.connect({ port: 5006 }, { first: new TextEncoder().encode('one ') });
    await client.write('two');
    client.end();
    const server = await listener.accept();
    if (server === null) throw new Error('nothing accepted');
    equal(text(await readBytes(server, 7)), 'one two');
    equal(await server.read(), null);
  },
  'a full queue makes connect wait, and it comes through when there is room': async (host) => {
    const listener = await host.listen({ port: 5007 }, { backlog: 1 });
    await host.connect({ port: 5007 });
    await host.connect({ port: 5007 });
    const third = host.connect({ port: 5007 });
    equal(await within(host, 300, third), 'late');
    equal(await listener.waiting(), 2);
    await listener.accept();
    check((await within(host, 3000, third)) !== 'late', 'the third is in');
  },
  'a full queue and a time-out is ETIMEDOUT': async (host) => {
    const listener = await host.listen({ port: 5008 }, { backlog: 0 });
    await host.connect({ port: 5008 });
    const before = host.now();
    await fails('ETIMEDOUT', host.connect({ port: 5008 }, { timeout: 200 }));
    check(host.now() - before >= 190, 'it waited');
    listener.close();
  },
  'the queue gives connections in the order they came': async (host) => {
    const listener = await host.listen({ port: 5009 });
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await host.connect({ port: 5009 })).id);
    equal(await listener.waiting(), 5);
    for (const id of ids) equal((await listener.accept())?.id, id);
  },
});

export const unix = group(
  'unix sockets',
  {
    'connecting to no file is ENOENT': (host) => fails('ENOENT', host.connect({ path: 'no.sock' })),
    'a socket file without its server is ECONNREFUSED': async (host) => {
      (await host.listen({ path: 's' })).close();
      await fails('ECONNREFUSED', host.connect({ path: 's' }));
    },
    'connecting to a plain file is ECONNREFUSED': async (host) => {
      await host.fs.write('plain', '');
      await fails('ECONNREFUSED', host.connect({ path: 'plain' }));
    },
    'a socket file is a file of its own kind, with mode and owner': async (host) => {
      const listener = await host.listen({ path: 's' }, { mode: 0o660 });
      const { kind, mode, uid } = await host.fs.stat('s');
      equal([kind, mode, uid], ['socket', 0o660, 0]);
      equal(await host.fs.list('.'), ['s']);
      listener.close();
      equal((await host.fs.stat('s')).kind, 'socket', 'it stays when the server has closed');
    },
    'connecting needs write permission on the file: EACCES': async (host) => {
      const listener = await host.listen({ path: 's' }, { mode: 0o660 });
      await host.fs.chown('s', 0, 33);
      const child = await host.spawn('connect-to', ['s'], { uid: OTHER, gid: 33 });
      equal(await child.exited, { code: 0, signal: null }, 'the group may');
      await host.setUser(OTHER, OTHER);
      await fails('EACCES', host.connect({ path: 's' }));
      listener.close();
    },
    'listening needs a directory one may write: ENOENT, EACCES': async (host) => {
      await fails('ENOENT', host.listen({ path: 'no/s' }));
      await host.setUser(OTHER, OTHER);
      await fails('EACCES', host.listen({ path: 's' }));
    },
    'a path that is taken is EADDRINUSE, by whatever file': async (host) => {
      await host.listen({ path: 's' });
      await host.fs.write('f', '');
      await fails('EADDRINUSE', host.listen({ path: 's' }));
      await fails('EADDRINUSE', host.listen({ path: 'f' }));
    },
    'a full queue is EAGAIN at once, with one more than the backlog in line': async (host) => {
      const listener = await host.listen({ path: 's' }, { backlog: 2 });
      await queue(host, 's', 3);
      await fails('EAGAIN', host.connect({ path: 's' }));
      equal(await listener.waiting(), 3);
      await listener.accept();
      await host.connect({ path: 's' });
    },
    'removing the file and listening again steals the name': async (host) => {
      const old = await host.listen({ path: 's' });
      await host.fs.remove('s');
      const now = await host.listen({ path: 's' });
      const client = await host.connect({ path: 's' });
      equal([await old.waiting(), (await now.accept())?.id], [0, client.id]);
    },
    'a socket file can be renamed': async (host) => {
      const listener = await host.listen({ path: 's' });
      await host.fs.rename('s', 't');
      await fails('ENOENT', host.connect({ path: 's' }));
      const client = await host.connect({ path: 't' });
      equal((await listener.accept())?.id, client.id);
      equal(client.peer, 'unix:');
    },
  },
  {
    'connect-to': async (host) => {
      (await host.connect({ path: host.args[0] ?? '' })).close();
      return 0;
    },
  },
);
