/** Debian's files as the package has them, and the table of directives. */
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createLocalSandbox } from '../../host/local.ts';
import { COMMANDS } from './config/directives/index.ts';
import { grammar } from './config/grammar.ts';
import { NO_EFFECT } from './config/no-effect.ts';
import { DIRECTIVES } from './config/support.ts';
import { exchange, GROUP, PASSWD, until } from './testing.ts';

/** A file of Debian's package nginx-light 1.22.1-9+deb12u11. */
const debian = (name: string): string => readFileSync(new URL(`./fixtures/debian/${name}`, import.meta.url), 'utf8');

const FILES = {
  '/etc/nginx/nginx.conf': debian('nginx.conf'),
  '/etc/nginx/mime.types': debian('mime.types'),
  '/etc/nginx/uwsgi_params': debian('uwsgi_params'),
  '/etc/nginx/proxy_params': debian('proxy_params'),
  '/etc/nginx/sites-available/default': debian('sites-available/default'),
  '/etc/nginx/sites-enabled/default': debian('sites-available/default'),
  '/etc/nginx/modules-enabled/50-mod-http-echo.conf': 'load_module modules/ngx_http_echo_module.so;\n',
  '/etc/nginx/conf.d/extra.conf':
    'server { listen 8080; location / { include uwsgi_params; uwsgi_pass unix:/run/x.sock; } location /p/ { include proxy_params; proxy_pass http://127.0.0.1:9000/; } }\n',
  '/var/www/html/index.nginx-debian.html': '<p>Welcome</p>\n',
  '/etc/passwd': PASSWD,
  '/etc/group': GROUP,
  '/var/log/nginx/': '',
  '/run/': '',
};

test('the stock configuration passes -t and serves', async () => {
  const sandbox = createLocalSandbox({ files: FILES });
  const check = await sandbox.spawn('nginx', ['-t']);
  expect((await check.exited).code).toBe(0);
  expect(check.stderr()).toBe(
    'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n',
  );
  await sandbox.spawn('nginx');
  await until(() => sandbox.events.some((event) => event.type === 'process.role' && event.role === 'worker'));
  const answer = await exchange(sandbox, 80, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Content-Type: text\/html\r\n[\s\S]*<p>Welcome<\/p>\n$/);
  sandbox.dispose();
});

test('a site is on by a link to it: what is written into the site is seen, and a link that leads nowhere is an error', async () => {
  const { '/etc/nginx/sites-enabled/default': _, ...files } = FILES;
  const sandbox = createLocalSandbox({ files: { ...files, '/etc/nginx/sites-enabled/': '' } });
  onTestFinished(() => sandbox.dispose());
  const sh = async (line: string): Promise<string> => {
    const process = await sandbox.spawn('sh', ['-c', line]);
    await process.exited;
    return process.output();
  };
  await sh('ln -s ../sites-available/default /etc/nginx/sites-enabled/default');
  expect(await sh('nginx -t')).toContain('test is successful');
  await sh('echo "server { listen 81; nonsense on; }" >/etc/nginx/sites-available/default');
  expect(await sh('nginx -t')).toContain('unknown directive "nonsense" in /etc/nginx/sites-enabled/default:1');
  await sh('rm /etc/nginx/sites-available/default');
  expect(await sh('nginx -t')).toContain('open() "/etc/nginx/sites-enabled/default" failed (2: No such file or directory)');
  await sh('rm /etc/nginx/sites-enabled/default');
  expect(await sh('nginx -t')).toContain('test is successful');
});

test('every directive of the code is one of nginx, has a sentence, and is on one side only', () => {
  for (const name of [...Object.keys(COMMANDS), ...Object.keys(NO_EFFECT)]) expect([...grammar().keys()]).toContain(name);
  for (const name of Object.keys(NO_EFFECT)) expect(Object.keys(COMMANDS)).not.toContain(name);
  for (const { sentence } of DIRECTIVES) expect(sentence).toMatch(/^[A-Z0-9/][^\n]*\.$/);
  const count = (support: string): number => DIRECTIVES.filter((one) => one.support === support).length;
  expect(count('supported')).toBe(Object.keys(COMMANDS).length);
  expect(count('refused')).toBeGreaterThan(300);
});
