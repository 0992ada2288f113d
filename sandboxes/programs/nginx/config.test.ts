/** Configurations as the real nginx judges them: every recorded case, but those skipped by name with a reason. */
import { expect, test } from 'vitest';
import { createLocalSandbox } from '../../host/local.ts';
import { testFiles, testIdentity } from '../tls/testing.ts';
import { compileRegex } from './config/values.ts';
import recorded from './fixtures/errors.json' with { type: 'json' };
import { GROUP, PASSWD, UWSGI_PARAMS } from './testing.ts';

const SITE = testFiles(testIdentity('localhost'));

async function check(conf: string): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const files = {
    '/etc/nginx/nginx.conf': conf,
    '/etc/nginx/uwsgi_params': UWSGI_PARAMS,
    '/etc/nginx/broken.inc': 'location / {\n    return 200',
    '/etc/passwd': PASSWD,
    '/etc/group': GROUP,
    '/var/log/nginx/': '',
    '/srv/shop/certs/site.crt': SITE.certificate,
    '/srv/shop/certs/site.key': SITE.key,
    '/etc/nginx/other.key': testFiles(testIdentity('other.test')).key,
    '/etc/nginx/bad.crt': 'no certificate\n',
  };
  const sandbox = createLocalSandbox({ files });
  const nginx = await sandbox.spawn('nginx', ['-t']);
  const { code } = await nginx.exited;
  sandbox.dispose();
  return { code, stderr: nginx.stderr(), stdout: nginx.stdout() };
}

/** Recorded cases that are not tried, and why. */
const SKIPPED: Readonly<Record<string, string>> = {
  ssl_on_deprecated: 'ssl on is refused: deprecated, and no lesson needs it',
  http2_param: 'HTTP/2 is refused: no lesson needs it',
  limit_req_unknown_zone: 'limit_req is refused: no lesson needs it',
};

test.each(Object.entries(SKIPPED))('skipped: %s (%s)', (name) => {
  expect(recorded.cases.map((one) => one.name)).toContain(name);
});

test.each(recorded.cases.filter(({ name }) => !Object.hasOwn(SKIPPED, name)))('$name', async ({ conf, exit_code, stderr }) => {
  expect(await check(conf)).toEqual({ code: exit_code, stderr, stdout: '' });
});

test('a real directive that the sandbox lacks is refused in one line of its own', async () => {
  const { code, stderr } = await check('events {}\nhttp {\n    server {\n        fastcgi_param A b;\n    }\n}\n');
  expect(code).toBe(1);
  expect(stderr).toBe(
    'nginx: [sandbox] "fastcgi_param" is a real nginx directive, but this sandbox\'s nginx does not have it, in /etc/nginx/nginx.conf:4\n' +
      'nginx: configuration file /etc/nginx/nginx.conf test failed\n',
  );
});

test('names inherited from Object are unknown directives', async () => {
  expect((await check('constructor x;\n')).stderr).toContain('[emerg] unknown directive "constructor" in /etc/nginx/nginx.conf:1');
});

test('-T prints every file read', async () => {
  const sandbox = createLocalSandbox({
    files: {
      '/etc/nginx/nginx.conf': 'events {}\nhttp {\n    include conf.d/*.conf;\n}\n',
      '/etc/nginx/conf.d/b.conf': 'server { listen 81; }\n',
      '/etc/nginx/conf.d/a.conf': 'server { listen 80; }\n',
      '/etc/passwd': PASSWD,
      '/etc/group': GROUP,
      '/var/log/nginx/': '',
    },
  });
  const nginx = await sandbox.spawn('nginx', ['-T']);
  await nginx.exited;
  expect(nginx.stderr()).toContain('test is successful');
  expect(nginx.stdout()).toMatch(/nginx\.conf:\n[\s\S]*a\.conf:\nserver \{ listen 80; \}\n[\s\S]*b\.conf:\nserver \{ listen 81; \}/);
  sandbox.dispose();
});

test('a bracket that begins a class is one of its letters, as in PCRE', () => {
  expect(compileRegex('^[]a]$', false).test(']')).toBe(true);
  expect(compileRegex('^[^]a]$', false).test('b')).toBe(true);
  expect(compileRegex('^[^]a]$', false).test(']')).toBe(false);
});
