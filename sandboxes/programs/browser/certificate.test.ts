/** What the browser process says of a certificate, and what it takes after "Proceed": over real handshakes. */
import { afterEach, expect, test } from 'vitest';
import type { Program } from '../../host/host.ts';
import { createLocalSandbox, type LocalSandbox } from '../../host/local.ts';
import { until } from '../nginx/testing.ts';
import { AUTHORITIES } from '../tls/https.ts';
import { acceptTls, type Identity } from '../tls/server.ts';
import { DAY, testFiles, testIdentity } from '../tls/testing.ts';
import { BODY_LIMIT } from './messages.ts';

const LOCALHOST = [{ kind: 'DNS', value: 'localhost' } as const];
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

let sandbox: LocalSandbox;
afterEach(() => sandbox.dispose());

/** A server with this certificate on a machine that trusts it, or does not. Returns the function that changes the certificate. */
async function serve(first: Identity, trusted: boolean): Promise<(next: Identity) => void> {
  let identity = first;
  const server: Program = async (host) => {
    const listener = await host.listen({ port: 443 }, { backlog: 10 });
    await host.print('ready\n');
    for (;;) {
      const connection = await listener.accept();
      if (connection === null) return 0;
      const answer = async (): Promise<void> => {
        const tls = await acceptTls(connection, host, { identity: () => identity, protocols: ['http/1.1'] });
        while ((await tls.read()) !== null) await tls.write(OK);
      };
      void answer().catch(() => undefined);
    }
  };
  const files = trusted ? { [AUTHORITIES]: testFiles(first).certificate } : {};
  sandbox = createLocalSandbox({ files, programs: { server } });
  const process = await sandbox.spawn('server');
  await until(() => process.output() !== '');
  return (next) => {
    identity = next;
  };
}

test.each([
  ['authority', testIdentity('localhost', LOCALHOST), false, true],
  ['name', testIdentity('shop.test', [{ kind: 'DNS', value: 'shop.test' }]), true, false],
  // a common name alone is no name for a browser
  ['name', testIdentity('localhost'), true, false],
  ['expired', testIdentity('localhost', LOCALHOST, Date.now() - 31 * DAY), true, true],
  ['not-yet', testIdentity('localhost', LOCALHOST, Date.now() + DAY), true, true],
  // nobody trusted has signed it: what else is wrong stands beside it
  ['authority', testIdentity('shop.test', [{ kind: 'DNS', value: 'shop.test' }]), false, false],
] as const)('%s', async (trouble, identity, trusted, nameMatches) => {
  await serve(identity, trusted);
  const refused = await sandbox.request('https://localhost/');
  expect(refused).toMatchObject({ status: 0, failed: expect.stringContaining('is not private'), certificate: { trouble, nameMatches } });

  const accept = refused.certificate?.fingerprint ?? '';
  expect(accept).toMatch(/^[0-9a-f]{64}$/);
  const taken = await sandbox.request('https://localhost/', { accept });
  expect(taken).toMatchObject({ status: 200, certificate: { trouble, fingerprint: accept } });
  // what one tab accepted is not trusted by who did not
  expect((await sandbox.request('https://localhost/')).status).toBe(0);
});

test('one that is trusted has no trouble, also for who accepts another', async () => {
  await serve(testIdentity('localhost', LOCALHOST), true);
  for (const accept of [undefined, 'f'.repeat(64)]) {
    const answer = await sandbox.request('https://localhost/', accept === undefined ? {} : { accept });
    expect(answer).toMatchObject({
      status: 200,
      certificate: { trouble: null, subject: 'localhost', names: ['localhost'], problem: null },
    });
  }
});

test('a certificate that was changed is refused though the one before was accepted', async () => {
  const change = await serve(testIdentity('localhost', LOCALHOST), false);
  const { certificate } = await sandbox.request('https://localhost/');
  change(testIdentity('localhost', LOCALHOST));
  const answer = await sandbox.request('https://localhost/', { accept: certificate?.fingerprint ?? '' });
  expect(answer).toMatchObject({ status: 0, certificate: { trouble: 'authority' } });
  expect(answer.certificate?.fingerprint).not.toBe(certificate?.fingerprint);
});

test('a body without end is cut, and its connection closed', async () => {
  let ended = false;
  const server: Program = async (host) => {
    const listener = await host.listen({ port: 80 }, { backlog: 10 });
    await host.print('ready\n');
    const connection = await listener.accept();
    if (connection === null) return 0;
    await connection.read();
    await connection.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n');
    const piece = new Uint8Array(500_000).fill(97);
    try {
      for (;;) await connection.write(piece);
    } catch {
      ended = true;
    }
    return 0;
  };
  sandbox = createLocalSandbox({ programs: { server } });
  const process = await sandbox.spawn('server');
  await until(() => process.output() !== '');
  const answer = await sandbox.request('http://localhost/');
  expect(answer).toMatchObject({ status: 200, cut: true, failed: null });
  expect(atob(answer.body)).toHaveLength(BODY_LIMIT);
  await until(() => ended);
});
