/** The two ends of a connection against each other: what the hosts' suites cannot see from outside. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ConnectionEnd } from './connection.ts';
import type { LinkMessage } from './wire.ts';

let released: string[] = [];
let wire: LinkMessage[] = [];
let client: ConnectionEnd;
let server: ConnectionEnd;

function makeEnd(side: 'client' | 'server'): ConnectionEnd {
  return new ConnectionEnd(
    {
      send: (_end, message) => wire.push(message) > 0,
      release: (end) => void released.push(end.side),
      wrote: () => {},
      closed: () => {},
    },
    '7.1',
    { port: 80 },
    side,
    7,
  );
}

/** Everything under way arrives. */
function deliver(): void {
  for (const message of wire.splice(0)) (message.to === 'client' ? client : server).receive(message);
}

beforeEach(() => {
  released = [];
  wire = [];
  client = makeEnd('client');
  server = makeEnd('server');
});

describe('connection', () => {
  it.each([
    ['one after the other', () => [client.close(), deliver(), server.close(), deliver()]],
    ['both at once', () => [client.close(), server.close(), deliver()]],
    ['after half-closing', () => [client.end(), server.end(), deliver(), client.close(), deliver(), server.close(), deliver()]],
    ['with data under way', () => [void server.write('x'), client.close(), deliver(), server.close(), deliver()]],
  ])('is forgotten by each end once when both have closed: %s', (_how, close) => {
    close();
    expect(released.sort()).toEqual(['client', 'server']);
    expect(wire).toEqual([]);
  });

  it('is not forgotten while the other end may still speak', () => {
    client.close();
    deliver();
    expect(released).toEqual([]);
  });

  it('is forgotten when the process at the other end is gone', () => {
    client.close();
    client.peerIsGone(false);
    server.peerIsGone(false);
    server.close();
    expect(released.sort()).toEqual(['client', 'server']);
  });

  it('gives room back as the reader reads: a blocked writer goes on, and no sooner', async () => {
    let done = false;
    const writing = client.write(new Uint8Array(300_000)).then(() => {
      done = true;
    });
    deliver();
    await Promise.resolve();
    expect(done).toBe(false);
    await server.read();
    deliver();
    await writing;
    expect(done).toBe(true);
  });

  it('gives a pending read its end when this end is closed', async () => {
    const reading = client.read();
    client.close();
    expect(await reading).toBe(null);
    await expect(client.write('x')).rejects.toMatchObject({ code: 'EPIPE' });
  });
});
