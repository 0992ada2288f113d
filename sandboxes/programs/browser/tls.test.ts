/** The browser process against servers that do not do their part in TLS. */
import { afterEach, expect, test } from 'vitest';
import { type Connection, isSystemError, type Program } from '../../host/host.ts';
import { createLocalSandbox, type LocalSandbox } from '../../host/local.ts';
import { parseUrl } from '../http/exchange.ts';
import { until } from '../nginx/testing.ts';
import { AUTHORITIES } from '../tls/https.ts';
import { acceptTls } from '../tls/server.ts';
import { testFiles, testIdentity } from '../tls/testing.ts';
import { Pool } from './pool.ts';

const IDENTITY = testIdentity('localhost', [{ kind: 'DNS', value: 'localhost' }]);
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

let sandbox: LocalSandbox;
afterEach(() => sandbox.dispose());

type Serve = (connection: Connection, host: Parameters<Program>[0], n: number) => Promise<void>;

/** `serve` gets each connection as it comes, counted from 0. */
async function start(serve: Serve): Promise<void> {
  const server: Program = async (host) => {
    const listener = await host.listen({ port: 443 }, { backlog: 10 });
    await host.print('ready\n');
    for (let n = 0; ; n++) {
      const connection = await listener.accept();
      if (connection === null) return 0;
      void serve(connection, host, n).catch(() => undefined);
    }
  };
  sandbox = createLocalSandbox({ files: { [AUTHORITIES]: testFiles(IDENTITY).certificate }, programs: { server } });
  const process = await sandbox.spawn('server');
  await until(() => process.output() !== '');
}

/** Takes what comes and says nothing. */
const silent =
  (said: { end: boolean }): Serve =>
  async (connection) => {
    while ((await connection.read()) !== null);
    said.end = true;
  };

test('a kept connection that breaks off without a word of TLS is replaced', async () => {
  await start(async (connection, host, n) => {
    const tls = await acceptTls(connection, host, { identity: () => IDENTITY, protocols: ['http/1.1'] });
    await tls.read();
    await tls.write(OK);
    await tls.read();
    if (n === 0) return connection.close();
    await tls.write(OK);
  });
  const first = await sandbox.request('https://localhost/');
  const second = await sandbox.request('https://localhost/');
  expect([first.status, second.status, second.failed]).toEqual([200, 200, null]);
  expect(second.conn).not.toBe(first.conn);
});

test('a request can be stopped while hands are shaken', async () => {
  const said = { end: false };
  await start(silent(said));
  const browser = await sandbox.spawn('browser');
  await browser.write('{"id":1,"method":"GET","url":"https://localhost/"}\n');
  await until(() => sandbox.events.some((event) => event.type === 'tls.handshake'));
  await browser.write('{"id":1,"abort":true}\n');
  await until(() => browser.stdout() !== '');
  expect(JSON.parse(browser.stdout())).toMatchObject({ id: 1, status: 0, failed: 'The request was stopped.' });
  await until(() => said.end);
});

test('a handshake has its time', async () => {
  const said = { end: false };
  await start(silent(said));
  const url = parseUrl('https://localhost/');
  if (!url) throw new Error('no address');
  const taken = sandbox.run((host) =>
    new Pool(host, 50).take({ ip: '127.0.0.1', url, accept: undefined }, () => undefined).catch((error: unknown) => error),
  );
  expect(isSystemError(await taken, 'ETIMEDOUT')).toBe(true);
  await until(() => said.end);
});

test('a connection does not stay open when what TLS needs cannot be had', async () => {
  const said = { end: false };
  await start(silent(said));
  const url = parseUrl('https://localhost/');
  if (!url) throw new Error('no address');
  const taken = sandbox.run((host) => {
    Object.assign(host.fs, { read: () => Promise.reject(new Error('broken')) });
    return new Pool(host).take({ ip: '127.0.0.1', url, accept: undefined }, () => undefined).catch(String);
  });
  expect(await taken).toBe('Error: broken');
  await until(() => said.end);
});
