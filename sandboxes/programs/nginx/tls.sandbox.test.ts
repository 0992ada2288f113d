/** Real clients of this machine shake hands with our nginx, through a published port. Skipped where they are missing. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from '../../../scripts/lib/paths.ts';
import { testFiles, testIdentity } from '../tls/testing.ts';

const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
const CURL = has('curl', '--version');
const OPENSSL = has('openssl', 'version');

const ONE = testFiles(testIdentity('localhost', [{ kind: 'DNS', value: 'localhost' }]));
const TWO = testFiles(testIdentity('two.test', [{ kind: 'DNS', value: 'two.test' }]));
const site = (name: string, file: string): string =>
  `server { listen 443 ssl; server_name ${name}; ssl_protocols TLSv1.3; ssl_certificate /etc/tls/${file}.crt; ssl_certificate_key /etc/tls/${file}.key; root /srv/shop/static; location = /hi { return 200 "${name} $scheme\\n"; } }`;
const CONF = `user www-data;\nevents {}\nhttp {\n${site('localhost', 'one')}\n${site('two.test', 'two')}\n}\n`;

let root = '';
let port = 0;
let sandbox: ChildProcess;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sandbox-tls-'));
  cpSync(at('sandboxes/server'), root, { recursive: true });
  mkdirSync(join(root, 'etc/tls'));
  for (const [name, files] of Object.entries({ one: ONE, two: TWO })) {
    writeFileSync(join(root, `etc/tls/${name}.crt`), files.certificate);
    writeFileSync(join(root, `etc/tls/${name}.key`), files.key, { mode: 0o600 });
  }
  writeFileSync(join(root, 'etc/nginx/nginx.conf'), CONF);
  port = await freePort();
  const main = at('.cache/engine/node/main.mjs');
  sandbox = spawn(process.execPath, [main, '--root', root, '--publish', `${port}:443`, 'nginx'], { stdio: ['ignore', 'ignore', 'pipe'] });
  // It says so when nginx has gone to the background: its sockets are open then.
  await new Promise<void>((resolve, reject) => {
    sandbox.stderr?.on('data', (text) => String(text).includes('runs on in the background') && resolve());
    sandbox.on('exit', () => reject(new Error('the sandbox has ended')));
  });
});
afterAll(() => {
  sandbox.kill('SIGKILL');
  rmSync(root, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (program: string, args: readonly string[], input = ''): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(program, args, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });

describe.skipIf(!CURL)('curl', () => {
  test('-k: a page over TLS 1.3', async () => {
    const { code, stdout, stderr } = await run('curl', ['-skv', `https://localhost:${port}/hi`]);
    expect([code, stdout]).toEqual([0, 'localhost https\n']);
    expect(stderr).toContain('TLSv1.3');
  });

  test('--cacert: the chain is good for its name; without it, it is not', async () => {
    const ca = join(root, 'etc/tls/two.crt');
    const two = ['-s', '--resolve', `two.test:${port}:127.0.0.1`];
    expect(await run('curl', [...two, '--cacert', ca, `https://two.test:${port}/hi`])).toMatchObject({
      code: 0,
      stdout: 'two.test https\n',
    });
    expect((await run('curl', [...two, `https://two.test:${port}/hi`])).code).toBe(60);
  });
});

describe.skipIf(!OPENSSL)('openssl s_client', () => {
  const client = (...args: string[]): Promise<Ran> => run('openssl', ['s_client', '-tls1_3', '-connect', `127.0.0.1:${port}`, ...args]);

  test.each([
    ['TLS_AES_128_GCM_SHA256', 'X25519', 'X25519, 253 bits'],
    ['TLS_CHACHA20_POLY1305_SHA256', 'P-256', 'ECDH, prime256v1, 256 bits'],
    // Its key share is for P-384, which the server has not: HelloRetryRequest.
    ['TLS_CHACHA20_POLY1305_SHA256', 'P-384:P-256', 'ECDH, prime256v1, 256 bits'],
  ])('%s with %s', async (suite, groups, key) => {
    const { code, stdout } = await client('-ciphersuites', suite, '-groups', groups, '-CAfile', join(root, 'etc/tls/one.crt'));
    expect(code).toBe(0);
    expect(stdout).toContain(`Server Temp Key: ${key}\n`);
    expect(stdout).toContain(`New, TLSv1.3, Cipher is ${suite}\n`);
    expect(stdout).toContain('Verify return code: 0 (ok)\n');
  });

  test('SNI chooses the certificate', async () => {
    expect((await client('-servername', 'two.test')).stdout).toContain('subject=CN = two.test\n');
    expect((await client('-noservername')).stdout).toContain('subject=CN = localhost\n');
  });

  test('TLS 1.2 is refused by its alert', async () => {
    const { code, stderr } = await run('openssl', ['s_client', '-tls1_2', '-connect', `127.0.0.1:${port}`]);
    expect(code).toBe(1);
    expect(stderr).toContain('alert protocol version');
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  const free = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  );
  await new Promise((closed) => server.close(closed));
  return free;
}
