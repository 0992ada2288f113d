/** Our openssl beside what the real one (3.0) printed of the certificates in `fixtures`, and beside the one of this machine. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Connection, Program } from '../../host/host.ts';
import { createLocalSandbox, type LocalSandbox } from '../../host/local.ts';
import { serving, until } from '../nginx/testing.ts';
import { acceptTls } from '../tls/server.ts';
import { testIdentity } from '../tls/testing.ts';
import { readCertificate, readPrivateKey } from '../tls/x509/certificate.ts';
import { readPem } from '../tls/x509/pem.ts';
import { verifyChain } from '../tls/x509/verify.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');

let sandbox: LocalSandbox;
beforeEach(() => {
  sandbox = createLocalSandbox({ files: { '/c.pem': fixture('localhost.pem'), '/two.pem': fixture('two.pem'), '/text': 'nothing\n' } });
});
afterEach(() => sandbox.dispose());

async function openssl(line: string, input: string | null = null): Promise<{ code: number | null; out: string; err: string }> {
  const process = await sandbox.spawn('openssl', line.match(/'[^']*'|\S+/g)?.map((word) => word.replace(/^'|'$/g, '')) ?? []);
  if (input !== null) await process.write(input);
  process.end();
  const { code } = await process.exited;
  return { code, out: process.stdout(), err: process.stderr() };
}

const REQ = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /k -out /n -days 30';

describe('x509', () => {
  test.each([
    ['/c.pem', 'localhost'],
    ['/two.pem', 'two'],
  ])('-text %s', async (path, name) => {
    expect(await openssl(`x509 -in ${path} -noout -text`)).toEqual({ code: 0, out: fixture(`${name}.txt`), err: '' });
    expect((await openssl(`x509 -in ${path}`)).out).toBe(fixture(`${name}.pem`));
  });

  test('single things, in the order asked for', async () => {
    expect((await openssl('x509 -in /c.pem -noout -subject -issuer -dates -serial -fingerprint')).out).toBe(
      'subject=CN = localhost\nissuer=CN = localhost\nnotBefore=Nov 22 16:03:40 2026 GMT\nnotAfter=Dec 22 16:03:40 2026 GMT\n' +
        'serial=1071970E97599B3BC9049490F6A777D985029C45\nSHA1 Fingerprint=83:75:94:62:D1:85:45:06:F0:E7:63:A9:87:5E:C1:6F:32:E3:14:5E\n',
    );
    expect((await openssl('x509 -noout -fingerprint -sha256', fixture('localhost.pem'))).out).toBe(
      'sha256 Fingerprint=33:7A:62:1C:61:79:D7:D1:BA:F6:D8:B8:B7:2E:76:5C:9C:EA:A7:ED:80:14:61:4B:7F:7F:55:7A:DC:89:1A:E3\n',
    );
  });

  test('what is no certificate', async () => {
    expect(await openssl('x509 -in /text -noout')).toEqual({
      code: 1,
      out: '',
      err: 'Could not read certificate from /text\nUnable to load certificate\n',
    });
    expect((await openssl('x509 -in /nowhere -noout')).code).toBe(1);
  });
});

describe('req -x509', () => {
  test('makes a key and a certificate that it has signed', async () => {
    const made = await openssl(
      `${REQ} -subj '/C=DE/O=Shop GmbH/CN=localhost' -addext subjectAltName=DNS:localhost,DNS:*.shop.test,IP:127.0.0.1`,
    );
    expect(made).toEqual({ code: 0, out: '', err: '-----\n' });
    expect((await sandbox.run((host) => host.fs.stat('/k'))).mode & 0o777).toBe(0o600);
    const { out } = await openssl('x509 -in /n -noout -text');
    expect(out).toContain('        Issuer: C = DE, O = Shop GmbH, CN = localhost\n');
    expect(out).toContain('                DNS:localhost, DNS:*.shop.test, IP Address:127.0.0.1\n');
    const [pem] = readPem(sandbox.files.read('/n'));
    const certificate = pem && readCertificate(pem.der);
    if (!pem || !certificate) throw new Error('no certificate');
    expect(certificate.notAfter - certificate.notBefore).toBe(30 * 86_400_000);
    expect(verifyChain([pem.der], [], Date.now())).toMatchObject({ code: 18 });
    expect(verifyChain([pem.der], [certificate], Date.now())).toBeNull();
    expect(verifyChain([pem.der], [certificate], certificate.notAfter + 1)).toMatchObject({ code: 10 });
    expect(verifyChain([pem.der], [certificate], certificate.notBefore - 1)).toMatchObject({ code: 9 });
  });

  test('skips parts of a subject that say nothing, with a warning; the rest is taken to its end', async () => {
    expect(await openssl(`${REQ} -subj '/FOO=b/O=/CN=a\\/b/L=x y/'`)).toEqual({
      code: 0,
      out: '',
      err: '-----\nreq warning: Skipping unknown subject name attribute "FOO"\nreq warning: No value provided for subject name attribute "O", skipped\n',
    });
    expect((await openssl('x509 -in /n -noout -subject')).out).toBe('subject=CN = a/b, L = x y\n');
  });

  test.each([
    ...['x', '1.5', ''].map((days) => [`${REQ} -subj /CN=x -days '${days}'`, `req: Can't parse "${days}" as a number\nreq: Use -help`]),
    ...['0', '-5'].map((days) => [
      `${REQ} -subj /CN=x -days ${days}`,
      `req: Non-positive number "${days}" for option -days\nreq: Use -help`,
    ]),
    [`${REQ} -subj /CN=x -days 99999999`, 'beyond the year 9999'],
    [`${REQ} -subj /CN`, "req: Missing '=' after RDN type string 'CN' in subject name string\n"],
    [`${REQ} -subj /CN=a/xx`, "req: Missing '=' after RDN type string 'xx' in subject name string\n"],
    [`${REQ} -subj /CN=a\\`, 'req: Escape character at end of subject name string\n'],
    [`${REQ} -subj /DC=x`, 'knows no "DC" in a subject'],
    [`${REQ} -subj /CN=a+O=b`, 'takes one value for each part of a subject'],
    [`${REQ} -subj CN=x`, "This name is not in that format: 'CN=x'"],
    [`${REQ} -newkey rsa:2048 -subj /CN=x`, 'makes EC keys only'],
    ['req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=x', 'without a passphrase only, with -nodes'],
    [`${REQ} -subj /CN=x -addext subjectAltName=foo`, 'Error checking extensions defined using -addext'],
    [`${REQ} -subj /CN=x -config y`, 'this sandbox\'s "req" has no -config'],
    ['genrsa 2048', 'the real openssl knows genrsa'],
    ['foo', 'Invalid command \'foo\'; type "help" for a list.'],
  ])('%s', async (line, words) => {
    const { code, err } = await openssl(line);
    expect(code).toBe(1);
    expect(err).toContain(words);
  });
});

describe.skipIf(spawnSync('openssl', ['version']).status !== 0)('the openssl of this machine', () => {
  test('prints and trusts what ours made, and knows its key', async () => {
    await openssl(`${REQ} -subj /CN=localhost -addext subjectAltName=DNS:localhost`);
    const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
    for (const name of ['k', 'n']) writeFileSync(join(folder, name), sandbox.files.read(`/${name}`));
    const real = (...args: string[]): string => execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    expect(real('verify', '-CAfile', 'n', 'n')).toBe('n: OK\n');
    expect(real('x509', '-in', 'n', '-noout', '-pubkey')).toBe(real('pkey', '-in', 'k', '-pubout'));
    if (real('version').startsWith('OpenSSL 3.0')) {
      expect(real('x509', '-in', 'n', '-text')).toBe((await openssl('x509 -in /n -text')).out);
    }
    // And ours reads a key in the older form.
    real('ec', '-in', 'k', '-out', 'old');
    const [old] = readPem(readFileSync(join(folder, 'old'), 'utf8'));
    const [own] = readPem(sandbox.files.read('/k'));
    expect(old && readPrivateKey(old.label, old.der)).toEqual(own && readPrivateKey(own.label, own.der));
    rmSync(folder, { recursive: true });
  });
});

describe('s_client', () => {
  test('says what was agreed on, and carries a request', async () => {
    await openssl(`${REQ} -subj /CN=localhost -addext subjectAltName=DNS:localhost`);
    const files = { '/k': sandbox.files.read('/k'), '/n': sandbox.files.read('/n') };
    const conf =
      'user www-data;\nevents {}\nhttp { server { listen 443 ssl; ssl_certificate /n; ssl_certificate_key /k; return 200 "hi\\n"; } }\n';
    sandbox.dispose();
    ({ sandbox } = await serving(conf, files));
    const report = await openssl('s_client -connect localhost:443 -servername localhost');
    expect(report).toMatchObject({
      code: 0,
      err: 'depth=0 CN = localhost\nverify error:num=18:self-signed certificate\nverify return:1\ndepth=0 CN = localhost\nverify return:1\nDONE\n',
    });
    expect(report.out).toMatch(
      /^CONNECTED\(00000003\)\n---\nCertificate chain\n 0 s:CN = localhost\n {3}i:CN = localhost\n {3}a:PKEY: id-ecPublicKey, 256 \(bit\); sigalg: ecdsa-with-SHA256\n {3}v:NotBefore: /,
    );
    expect(report.out).toContain(`---\nServer certificate\n${files['/n']}subject=CN = localhost\nissuer=CN = localhost\n---\n`);
    expect(report.out).toMatch(
      /Server Temp Key: X25519, 253 bits\n---\nSSL handshake has read [5-9]\d\d bytes and written [2-4]\d\d bytes\n/,
    );
    expect(report.out).toMatch(/Verify return code: 18 \(self-signed certificate\)\n---\n$/);
    expect((await openssl('s_client -connect localhost:443 -CAfile /n')).out).toContain('Verify return code: 0 (ok)\n');
    const quiet = await openssl('s_client -connect localhost:443 -quiet', 'GET / HTTP/1.0\r\n\r\n');
    expect(quiet.out).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nhi\n$/);
    expect((await openssl('s_client -connect localhost:9')).err).toBe('connect:errno=111\n');
  });

  test.each([
    [
      'says nothing in TLS and goes',
      async (connection: Connection) => connection.close(),
      1,
      'error:0A000126:SSL routines::unexpected eof while reading\n',
    ],
    [
      'sends what is no TLS',
      async (connection: Connection) => connection.write('garbage, garbage'),
      1,
      'error:0A00010B:SSL routines::wrong version number\n',
    ],
  ] as const)('a server that %s after the handshake: that is said, and not that there was no certificate', async (_, then, code, words) => {
    const identity = testIdentity('localhost');
    const server: Program = async (host) => {
      const listener = await host.listen({ port: 443 });
      await host.print('ready\n');
      const connection = await listener.accept();
      if (connection === null) return 1;
      await acceptTls(connection, host, { identity: () => identity, protocols: [] });
      await then(connection);
      return new Promise<never>(() => {});
    };
    sandbox.dispose();
    sandbox = createLocalSandbox({ programs: { server } });
    const process = await sandbox.spawn('server');
    await until(() => process.output() !== '');
    const client = await sandbox.spawn('openssl', ['s_client', '-connect', 'localhost:443']);
    expect((await client.exited).code).toBe(code);
    expect(client.stderr()).toMatch(/verify return:1\n[^]*verify return:1\n/);
    expect(client.stderr().endsWith(`verify return:1\n${words}`)).toBe(true);
    expect(client.stdout()).not.toContain('no peer certificate');
  });
});
