/** nginx with `listen ... ssl`: what it says about its certificates, and what clients see. Messages as 1.22.1 printed them. */
import { afterEach, describe, expect, test } from 'vitest';
import { byteText, concat } from '../http/bytes.ts';
import { type ClientOptions, connectTls } from '../tls/client.ts';
import { testFiles, testIdentity } from '../tls/testing.ts';
import { exchange, type Served, serving, until } from './testing.ts';

const ONE = testIdentity('one.test');
const TWO = testIdentity('two.test');
const [one, two] = [testFiles(ONE), testFiles(TWO)];
const FILES = {
  '/tls/one.crt': one.certificate,
  '/tls/one.key': one.key,
  '/tls/two.crt': two.certificate,
  '/tls/two.key': two.key,
  '/srv/d/index.html': 'x',
};
const use = (name: string): string => `ssl_certificate /tls/${name}.crt; ssl_certificate_key /tls/${name}.key;`;
const conf = (servers: string): string =>
  `user www-data;\nerror_log /var/log/nginx/error.log info;\nevents {}\nhttp {\nlog_format t "$status $ssl_protocol $https $scheme $ssl_cipher $ssl_curve $ssl_server_name";\naccess_log /var/log/nginx/access.log t;\n${servers}\n}\n`;

let open: Served | null = null;
afterEach(() => open?.sandbox.dispose());

async function start(servers: string): Promise<Served> {
  open = await serving(conf(servers), FILES);
  return open;
}

interface Reply {
  readonly text: string;
  readonly chain: readonly Uint8Array[];
}

/** Send bytes over TLS to port 443 and read to the end. */
function get({ sandbox }: Served, request: string, options: Partial<ClientOptions> = {}): Promise<Reply> {
  return sandbox.run(async (host) => {
    const raw = await host.connect({ port: 443 });
    const tls = await connectTls(raw, host, { serverName: null, protocols: ['http/1.1'], check: () => null, ...options });
    await tls.write(request);
    const parts: Uint8Array[] = [];
    for (let bytes = await tls.read(); bytes !== null; bytes = await tls.read()) parts.push(bytes);
    tls.close();
    return { text: byteText(concat(parts)), chain: tls.agreed.chain };
  });
}

const request = (host = 'one.test', path = '/'): string => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
const log = (served: Served, which: 'access' | 'error'): string => served.sandbox.files.read(`/var/log/nginx/${which}.log`);

describe('configuration', () => {
  const bad: [string, string][] = [
    ['listen 443 ssl;', 'no "ssl_certificate" is defined for the "listen ... ssl" directive in /etc/nginx/nginx.conf:7'],
    [
      'listen 443 ssl; ssl_certificate_key /tls/one.key;',
      'no "ssl_certificate" is defined for the "listen ... ssl" directive in /etc/nginx/nginx.conf:7',
    ],
    ['listen 80; ssl_certificate /tls/one.crt;', 'no "ssl_certificate_key" is defined for certificate "/tls/one.crt"'],
    [
      'listen 443 ssl; ssl_certificate nope.crt; ssl_certificate_key /tls/one.key;',
      'cannot load certificate "/etc/nginx/nope.crt": BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory:calling fopen(/etc/nginx/nope.crt, r) error:10000080:BIO routines::no such file)',
    ],
    [
      'listen 443 ssl; ssl_certificate /tls/one.crt; ssl_certificate_key /tls/one.crt;',
      'cannot load certificate key "/tls/one.crt": PEM_read_bio_PrivateKey() failed (SSL: error:1E08010C:DECODER routines::unsupported:No supported data to decode. Input type: PEM)',
    ],
    [
      'listen 443 ssl; ssl_certificate /tls; ssl_certificate_key /tls/one.key;',
      'cannot load certificate "/tls": PEM_read_bio_X509_AUX() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: TRUSTED CERTIFICATE)',
    ],
  ];
  test.each(bad)('%s', async (directives, message) => {
    const { nginx } = await start(`server { ${directives} }`);
    expect((await nginx.exited).code).toBe(1);
    expect(nginx.output()).toBe(`nginx: [emerg] ${message}\n`);
  });

  test('the default server needs a certificate, the others may use its', async () => {
    const first = await start(`server { listen 443 ssl default_server; } server { listen 443; ${use('one')} }`);
    expect((await first.nginx.exited).code).toBe(1);
    first.sandbox.dispose();
    const second = await start(`server { listen 443 ssl; ${use('one')} } server { listen 443 ssl; server_name b; return 200 "b"; }`);
    expect((await get(second, request('b'), { serverName: 'b' })).chain).toEqual(ONE.chain);
  });

  test('protocols without TLSv1.3 are refused, unknown ones wrong, repeated ones a warning', async () => {
    const said = async (protocols: string): Promise<string> => {
      const served = await start(`server { listen 443 ssl; ${use('one')} ssl_protocols ${protocols}; }`);
      const check = await served.sandbox.spawn('nginx', ['-t']);
      await check.exited;
      served.sandbox.dispose();
      return check.stderr().split('\n')[0] ?? '';
    };
    expect(await said('TLSv1.2')).toBe(
      "nginx: [sandbox] this sandbox's nginx speaks TLSv1.3 only, which is not named here, in /etc/nginx/nginx.conf:7",
    );
    expect(await said('TLSv1.4')).toBe('nginx: [emerg] invalid value "TLSv1.4" in /etc/nginx/nginx.conf:7');
    expect(await said('TLSv1.3 TLSv1.3')).toBe('nginx: [warn] duplicate value "TLSv1.3" in /etc/nginx/nginx.conf:7');
  });

  test('-T does not print keys', async () => {
    const { sandbox } = await start(`server { listen 443 ssl; ${use('one')} }`);
    const dump = await sandbox.spawn('nginx', ['-T']);
    expect((await dump.exited).code).toBe(0);
    expect(dump.stdout()).not.toContain('PRIVATE KEY');
  });
});

describe('requests', () => {
  const SITES = `server { listen 443 ssl; server_name one.test; ${use('one')} return 200 "one $scheme $https\\n"; }
server { listen 443 ssl; server_name two.test; ${use('two')} root /srv; location = /w { return 200 "two\\n"; } }
server { listen 80; return 301 https://$host$request_uri; }`;

  test('over TLS, with the variables of it', async () => {
    const served = await start(SITES);
    const { text } = await get(served, request(), { serverName: 'one.test' });
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toMatch(/\r\n\r\none https on\n$/);
    await until(() => log(served, 'access').includes('\n'));
    expect(log(served, 'access')).toBe('200 TLSv1.3 on https TLS_CHACHA20_POLY1305_SHA256 X25519 one.test\n');
    const types = served.sandbox.events.map(({ type }) => type);
    expect(types.filter((type) => type === 'tls.ready')).toHaveLength(2);
    expect(types).toContain('tls.record');
  });

  test('the name asked for chooses the certificate, and the server where Host names none', async () => {
    const served = await start(SITES);
    expect((await get(served, request('two.test', '/w'), { serverName: 'two.test' })).chain).toEqual(TWO.chain);
    expect((await get(served, request('one.test'), { serverName: 'two.test' })).text).toMatch(/one https on\n$/);
    expect((await get(served, 'GET /w HTTP/1.0\r\n\r\n', { serverName: 'two.test' })).text).toMatch(/\r\n\r\ntwo\n$/);
    expect((await get(served, request('unknown'), {})).chain).toEqual(ONE.chain);
  });

  test('plain HTTP redirects to https, and stays on https where paths are completed', async () => {
    const served = await start(SITES);
    expect(await exchange(served.sandbox, 80, request('one.test', '/x?y'))).toContain('\r\nLocation: https://one.test/x?y\r\n');
    expect((await get(served, request('two.test', '/d'), { serverName: 'two.test' })).text).toContain(
      '\r\nLocation: https://two.test/d/\r\n',
    );
  });

  test('plain HTTP sent to the port for TLS', async () => {
    const served = await start(SITES);
    const answer = await exchange(served.sandbox, 443, request());
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain(
      '<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n' +
        '<center>The plain HTTP request was sent to HTTPS port</center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n',
    );
    await until(() => log(served, 'access').includes('\n') && log(served, 'error').includes('plain'));
    expect(log(served, 'access')).toBe('400 -  http - - -\n');
    expect(log(served, 'error')).toContain(
      'client sent plain HTTP request to HTTPS port while reading client request headers, client: 127.0.0.1',
    );
  });

  test('a handshake that fails is in the error log', async () => {
    const served = await start(SITES);
    await expect(get(served, '', { check: () => 'unknown_ca' })).rejects.toMatchObject({ alert: 'unknown_ca' });
    await expect(get(served, '', { protocols: ['h2'] })).rejects.toMatchObject({ alert: 'no_application_protocol' });
    await until(() => log(served, 'error').includes('no application protocol'));
    expect(log(served, 'error')).toContain(
      'SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::tlsv1 alert unknown ca:SSL alert number 48) while SSL handshaking, client: 127.0.0.1, server: 0.0.0.0:443\n',
    );
  });

  test('workers may not read the key, and need not', async () => {
    const served = await start(SITES);
    await served.sandbox.run((host) => host.fs.chmod('/tls/one.key', 0o600));
    const before = served.sandbox.events.filter(({ type }) => type === 'process.role').length;
    await (await served.sandbox.spawn('nginx', ['-s', 'reload'])).exited;
    await until(() => served.sandbox.events.filter(({ type }) => type === 'process.role').length > before);
    expect((await get(served, request(), { serverName: 'one.test' })).text).toMatch(/one https on\n$/);
  });
});
