/** Ten requests at once for one worker and a queue of four, over a Unix socket and over TCP, as recorded (fixtures/backlog.json). */
import { afterEach, expect, test } from 'vitest';
import type { Address, Program } from '../../host/host.ts';
import recorded from './fixtures/backlog.json' with { type: 'json' };
import { exchange, type Served, serving, until } from './testing.ts';

const conf = (pass: string): string => `
user www-data;
events {}
http {
    log_format t '$request_uri $status rt=$request_time uct=$upstream_connect_time uht=$upstream_header_time urt=$upstream_response_time us=$upstream_status ua=$upstream_addr';
    access_log /var/log/nginx/access.log t;
    server { listen 80; location / { uwsgi_pass ${pass}; } }
}
`;

/** One request after another, each half a second. */
const worker =
  (address: Address): Program =>
  async (host) => {
    const listener = await host.listen(address, { backlog: 4, mode: 0o666 });
    await host.print('ready\n');
    for (let connection = await listener.accept(); connection !== null; connection = await listener.accept()) {
      await connection.read();
      await host.sleep(500);
      await connection.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      connection.close();
    }
    return 0;
  };

let open: Served | null = null;
afterEach(() => open?.sandbox.dispose());

/** Whether it waited, not how long: at which of the kernel's tries there is room depends on how fast the machine is. */
const coarse = (line: string): string =>
  line.replace(
    /rt=\S+ uct=(\S+) uht=(\S+) urt=\S+/,
    (_, connect: string, head: string) =>
      `uct=${connect === '-' || Number(connect) < 0.5 ? connect[0] : 'seconds'} uht=${head === '-' ? '-' : 'some'}`,
  );
const plain = (line: string): string => line.replace(/^\S+ \S+ (\[\w+\]) \d+#\d+: \*\d+ /, '$1 ');

test.each([
  ['unix', 'unix:/run/shop/b.sock', { path: '/run/shop/b.sock' }],
  ['tcp', '127.0.0.1:3031', { port: 3031, ip: '127.0.0.1' }],
] as const)(
  '%s',
  async (name, pass, address) => {
    open = await serving(conf(pass), {}, { worker: worker(address) });
    const { sandbox } = open;
    const lines = (log: string): string[] =>
      sandbox.files
        .read(`/var/log/nginx/${log}`)
        .split('\n')
        .filter((line) => line !== '');
    const process = await sandbox.spawn('worker');
    await until(() => process.output() !== '');
    const asked: Promise<string>[] = [];
    for (let i = 0; i < 10; i++) {
      asked.push(exchange(sandbox, 80, `GET /slow?ms=500&i=${i} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`));
      await until(() => sandbox.events.filter(({ type }) => type === 'nginx.route').length === i + 1);
    }
    await Promise.all(asked);
    const errors = (): string[] => lines('error.log').filter((line) => !line.includes('[notice]'));
    await until(() => lines('access.log').length === 10 && errors().length >= recorded[name].error_log.length);
    expect(lines('access.log').map(coarse)).toEqual(recorded[name].access_log.map(coarse));
    expect(errors().map(plain)).toEqual(recorded[name].error_log.map(plain));
  },
  15_000,
);
