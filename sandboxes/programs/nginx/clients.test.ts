/** Clients that do not do their part: bodies that stay away, answers that nobody takes. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Connection, Host, Program } from '../../host/host.ts';
import { bytesOf, byteText } from '../http/bytes.ts';
import { exchange, type Served, serving, until } from './testing.ts';

const conf = (more: string): string => `
error_log /var/log/nginx/error.log info;
events {}
http {
    log_format t '$request|$status|ua=$upstream_addr us=$upstream_status|$request_completion';
    access_log /var/log/nginx/access.log t;
    ${more}
    server {
        listen 80;
        root /srv;
        location /said { return 200 "said\\n"; }
        location /stream { proxy_request_buffering off; proxy_pass http://127.0.0.1:9303; }
        location /large { proxy_pass http://127.0.0.1:9303; }
        location /direct { proxy_buffering off; proxy_pass http://127.0.0.1:9303; }
    }
}
`;
const put = (path: string, more = ''): string => `PUT ${path} HTTP/1.1\r\nHost: a\r\n${more}Content-Length: 10\r\n\r\n`;

let open: Served | null = null;
afterEach(() => open?.sandbox.dispose());

/** `serve`: what the server behind does with a connection. */
async function start(more: string, serve: (connection: Connection) => Promise<void> = async () => undefined): Promise<Served> {
  const upstream: Program = async (host) => {
    const listener = await host.listen({ port: 9303, ip: '127.0.0.1' }, { backlog: 100 });
    await host.print('ready\n');
    for (let next = await listener.accept(); next !== null; next = await listener.accept()) void serve(next).catch(() => undefined);
    return 0;
  };
  open = await serving(conf(more), { '/srv/big': 'x'.repeat(3_000_000) }, { upstream });
  const process = await open.sandbox.spawn('upstream');
  await until(() => process.output() !== '');
  return open;
}

const logged = ({ sandbox }: Served, name: string): string[] =>
  sandbox.files
    .read(`/var/log/nginx/${name}`)
    .split('\n')
    .filter((line) => line !== '' && !line.includes('[notice]'))
    .map((line) => line.replace(/^\S+ \S+ (\[\w+\]) \d+#\d+: (\*\d+ )?/, '$1 '));

/** Send this, then do something with the connection. */
const client = (served: Served, text: string, then: (connection: Connection, host: Host) => Promise<void>): Promise<void> =>
  served.sandbox.run(async (host) => {
    const connection = await host.connect({ port: 80, ip: '127.0.0.1' });
    await connection.write(bytesOf(text));
    await then(connection, host);
  });

describe('a body that is passed on as it comes', () => {
  /** Takes what comes and says nothing. */
  const silent = (got: string[]) => async (connection: Connection) => {
    for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read()) got.push(byteText(bytes));
  };
  const CUT =
    '[info] client prematurely closed connection while sending request to upstream, client: 127.0.0.1, server: , request: "PUT /stream HTTP/1.1", upstream: "http://127.0.0.1:9303/stream", host: "a"';

  test.each([
    ['ends its stream', (connection: Connection) => connection.end()],
    ['goes', (connection: Connection) => connection.close()],
  ])('400 in the access log when the client %s in the middle of it', async (_, leave) => {
    const got: string[] = [];
    const served = await start('', silent(got));
    await client(served, put('/stream'), async (connection) => {
      await connection.write('abcd');
      await until(() => got.join('').endsWith('abcd'));
      leave(connection);
      await until(() => logged(served, 'access.log').length > 0);
    });
    expect(logged(served, 'access.log')).toEqual(['PUT /stream HTTP/1.1|400|ua=127.0.0.1:9303 us=-|']);
    await until(() => logged(served, 'error.log').length > 0);
    expect(logged(served, 'error.log')).toEqual([CUT]);
  });

  test('an answer before its end is passed on, and the connection then closed', async () => {
    const served = await start('lingering_timeout 200ms;', async (connection) => {
      await connection.read();
      await connection.write('HTTP/1.1 413 Enough\r\nContent-Length: 4\r\n\r\nstop');
      connection.close();
    });
    const answer = await exchange(served.sandbox, 80, `${put('/stream')}abcd`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 Enough\r\n/);
    expect(answer).toContain('\r\nConnection: close\r\n');
    expect(answer).toMatch(/\r\n\r\nstop$/);
    await until(() => logged(served, 'access.log').length > 0);
    expect(logged(served, 'access.log')).toEqual(['PUT /stream HTTP/1.1|413|ua=127.0.0.1:9303 us=413|OK']);
    expect(logged(served, 'error.log')).toEqual([]);
  });
});

describe('send_timeout: a client that takes nothing', () => {
  const large = async (connection: Connection): Promise<void> => {
    await connection.read();
    await connection.write('HTTP/1.1 200 OK\r\n\r\n');
    for (;;) await connection.write('y'.repeat(100_000));
  };

  test.each([
    ['/big', 'sending response to client', '', 'ua=- us=-'],
    ['/large', 'sending to client', ', upstream: "http://127.0.0.1:9303/large"', 'ua=127.0.0.1:9303 us=200'],
    ['/direct', 'sending to client', ', upstream: "http://127.0.0.1:9303/direct"', 'ua=127.0.0.1:9303 us=200'],
  ])('%s', async (path, doing, label, upstream) => {
    const served = await start('send_timeout 100ms;', large);
    const get = `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    await client(served, get, () => until(() => logged(served, 'access.log').length > 0));
    expect(logged(served, 'access.log')).toEqual([`GET ${path} HTTP/1.1|200|${upstream}|`]);
    await until(() => logged(served, 'error.log').length > 0);
    expect(logged(served, 'error.log')).toEqual([
      `[info] client timed out (110: Connection timed out) while ${doing}, client: 127.0.0.1, server: , request: "GET ${path} HTTP/1.1"${label}, host: "a"`,
    ]);
  });
});

describe('input that nobody wants', () => {
  /** How many bytes more a client gets rid of, one every 60 ms, before nginx closes; 10 at the most. */
  async function dribble(served: Served, head: string): Promise<number> {
    let sent = 0;
    await client(served, head, async (connection, host) => {
      let closed = false;
      connection.onPeerClosed(() => {
        closed = true;
      });
      for (; sent < 10 && !closed; sent++) {
        await connection.write('x').catch(() => undefined);
        await host.sleep(60);
      }
      connection.close();
    });
    return sent;
  }

  test.each([
    ['after an answer that closes', put('/said', 'Connection: close\r\n').replace('10', '1000')],
    ['before the next request', put('/said').replace('10', '1000')],
  ])('%s: each piece buys time, up to lingering_time', async (_, head) => {
    expect(await dribble(await start('lingering_timeout 1s;'), head)).toBe(10);
    open?.sandbox.dispose();
    expect(await dribble(await start('lingering_timeout 1s; lingering_time 150ms;'), head)).toBeLessThan(6);
  });
});
