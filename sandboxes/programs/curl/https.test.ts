/** curl and the browser process over TLS, against our nginx; curl's words as 7.88.1 with OpenSSL 3.0 printed them. */
import { afterEach, describe, expect, test } from 'vitest';
import { type Served, serving, until } from '../nginx/testing.ts';
import { AUTHORITIES } from '../tls/https.ts';
import { DAY, testFiles, testIdentity } from '../tls/testing.ts';

const LOCALHOST = testFiles(testIdentity('localhost', [{ kind: 'DNS', value: 'localhost' }]));
const OLD = testFiles(testIdentity('old.test', [], Date.now() - 2 * DAY, 1));
const COMMON = testFiles(testIdentity('common.test'));

const site = (name: string): string =>
  `server { listen 443 ssl; server_name ${name}; ssl_certificate /tls/${name}.crt; ssl_certificate_key /tls/${name}.key; return 200 "${name} $scheme $host\\n"; }`;
const CONF = `user www-data;\nevents {}\nhttp {\n${['localhost', 'old.test', 'common.test'].map(site).join('\n')}\nserver { listen 80; return 200 "plain\\n"; }\n}\n`;
const FILES = {
  '/etc/hosts': '127.0.0.1 localhost old.test common.test other.test\n',
  '/tls/localhost.crt': LOCALHOST.certificate,
  '/tls/localhost.key': LOCALHOST.key,
  '/tls/old.test.crt': OLD.certificate,
  '/tls/old.test.key': OLD.key,
  '/tls/common.test.crt': COMMON.certificate,
  '/tls/common.test.key': COMMON.key,
};

let open: Served;
afterEach(() => open.sandbox.dispose());

async function start(trusted = ''): Promise<void> {
  open = await serving(CONF, { ...FILES, ...(trusted && { [AUTHORITIES]: trusted }) });
}

async function curl(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const process = await open.sandbox.spawn('curl', args);
  const { code } = await process.exited;
  return { code, out: process.stdout(), err: process.stderr() };
}

const HELP =
  'More details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\n' +
  'establish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the web page mentioned above.\n';

describe('curl', () => {
  test('takes what -k says, and what --cacert trusts', async () => {
    await start();
    expect(await curl('-k', 'https://localhost/')).toEqual({ code: 0, out: 'localhost https localhost\n', err: '' });
    expect(await curl('--cacert', '/tls/localhost.crt', 'https://localhost/')).toMatchObject({
      code: 0,
      out: 'localhost https localhost\n',
    });
    expect(await curl('--cacert', '/tls/common.test.crt', 'https://common.test/')).toMatchObject({ code: 0 });
    expect(await curl('-k', 'https://127.0.0.1/')).toMatchObject({ code: 0 });
    const request = open.sandbox.events.find((event) => event.type === 'client.request');
    expect(request).toMatchObject({ url: 'https://localhost/', n: 1 });
  });

  test.each([
    [['https://localhost/'], 60, `SSL certificate problem: self-signed certificate\n${HELP}`],
    [['--cacert', '/tls/old.test.crt', 'https://old.test/'], 60, `SSL certificate problem: certificate has expired\n${HELP}`],
    [
      ['--cacert', '/tls/localhost.crt', 'https://other.test/'],
      60,
      `SSL: no alternative certificate subject name matches target host name 'other.test'\n${HELP}`,
    ],
    [['--cacert', '/nofile', 'https://localhost/'], 77, 'error setting certificate file: /nofile\n'],
    [['--cacert', '/tls/localhost.key', 'https://localhost/'], 77, 'error setting certificate file: /tls/localhost.key\n'],
    [['-k', 'https://localhost:80/'], 35, 'OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number\n'],
    [['https://localhost:444/'], 7, expect.stringContaining('Failed to connect to localhost port 444')],
  ])('%j', async (args, code, message) => {
    await start();
    expect(await curl(...args)).toEqual({ code, out: '', err: typeof message === 'string' ? `curl: (${code}) ${message}` : message });
  });

  test('-v tells what was agreed on', async () => {
    await start();
    const { err } = await curl('-v', '--cacert', '/tls/localhost.crt', 'https://localhost/');
    expect(err).toMatch(
      /^\* {3}Trying 127\.0\.0\.1:443\.\.\.\n\* Connected to localhost \(127\.0\.0\.1\) port 443 \(#0\)\n\* ALPN: offers http\/1\.1\n\* {2}CAfile: \/tls\/localhost\.crt\n/,
    );
    expect(err).toContain(
      '* SSL connection using TLSv1.3 / TLS_CHACHA20_POLY1305_SHA256\n* ALPN: server accepted http/1.1\n* Server certificate:\n*  subject: CN=localhost\n',
    );
    expect(err).toContain(
      '*  subjectAltName: host "localhost" matched cert\'s "localhost"\n*  issuer: CN=localhost\n*  SSL certificate verify ok.\n',
    );
    expect((await curl('-kv', 'https://localhost/')).err).toContain(
      '*  SSL certificate verify result: self-signed certificate (18), continuing anyway.\n',
    );
  });
});

describe('browser', () => {
  test('says in words why it does not trust a certificate, and tells the server', async () => {
    await start();
    const answer = await open.sandbox.request('https://localhost/');
    expect(answer).toMatchObject({
      status: 0,
      failed: 'The connection to localhost is not private: its certificate is not trusted (self-signed certificate).',
    });
    await until(() => open.sandbox.events.filter(({ type }) => type === 'tls.failed').length === 2);
    expect(open.sandbox.events.filter(({ type }) => type === 'tls.failed')).toMatchObject([
      { side: 'client', alert: 'unknown_ca', by: 'self' },
      { side: 'server', alert: 'unknown_ca', by: 'peer' },
    ]);
  });

  test('trusts what the machine trusts, keeps the connection, and looks at the name', async () => {
    await start(LOCALHOST.certificate + COMMON.certificate);
    const first = await open.sandbox.request('https://localhost/');
    expect([first.status, atob(first.body)]).toEqual([200, 'localhost https localhost\n']);
    const second = await open.sandbox.request('https://localhost/again');
    expect([second.conn, second.n]).toEqual([first.conn, 2]);
    expect((await open.sandbox.request('https://common.test/')).failed).toBe(
      'The connection to common.test is not private: its certificate has no alternative name (subjectAltName), and browsers look at no other.',
    );
    expect((await open.sandbox.request('https://other.test/')).failed).toBe(
      'The connection to other.test is not private: its certificate is for another name.',
    );
    expect((await open.sandbox.request('https://localhost:80/')).failed).toBe(
      'localhost does not speak TLS there; try http instead of https.',
    );
  });
});
