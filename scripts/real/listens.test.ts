import { expect, test } from 'vitest';
import { checkSockets, listensOf } from './listens.ts';

const OWN = '127.7.7.10';
const site = (...listens: string[]): string =>
  `# configuration file /a:\nhttp { upstream app { server 10.0.0.1; }\nserver { ${listens.map((one) => `listen ${one};`).join(' ')} location / { return 204; } } }\n`;

test('where Nginx listens, also in one line and with more words', () => {
  expect(listensOf(site(`${OWN}:80`, `${OWN}:443 ssl default_server`), OWN)).toEqual([
    { host: OWN, port: 80 },
    { host: OWN, port: 443 },
  ]);
});

test.each(['80', '*:80', '[::]:80', '[::]:443 ssl', '0.0.0.0:80', 'localhost', '127.0.0.1:80', '127.7.7.101:80', OWN, 'unix:/run/x.sock'])(
  '%s is refused',
  (listen) => expect(() => listensOf(site(listen), OWN)).toThrow(`is not on ${OWN}`),
);

test('so is a server that says nothing of it, which would be open to all', () => {
  expect(() => listensOf(site(), OWN)).toThrow('a server without `listen`');
});

const check =
  (...lines: string[]) =>
  (): void =>
    checkSockets(['[uwsgi]', ...lines].join('\n'), '/tmp/x/srv/shop/uwsgi.ini', { root: '/tmp/x', address: OWN });

test.each([
  'socket = /tmp/x/run/shop/shop.sock',
  `socket = ${OWN}:3031`,
  `https = ${OWN}:8443,shop.pem,shop.key`,
  'stats = %dstats.sock',
  'chmod-socket = 660',
  'socket-timeout = 4',
])('a uWSGI with `%s` is started', (line) => expect(check(line)).not.toThrow());

test.each([
  'http-socket = :8000',
  'socket = 0.0.0.0:3031',
  'socket = 127.0.0.1:3031',
  'uwsgi-socket = /tmp/shop.sock',
  'socket = /tmp/x/../shop.sock',
  `http = ${OWN}`,
  'https = :443,shop.pem,shop.key',
  'stats-server = :9191',
  'fastrouter = :3032',
  'socket = @shop',
  'socket = shop.sock',
])('one with `%s` is not', (line) => expect(check('master = true', line)).toThrow(`\`${line}\` is not on ${OWN}`));

test('nor one whose socket stands elsewhere', () => {
  expect(check('port = :80', 'socket = %(port)')).toThrow('`socket = :80` is not on');
  expect(check('ini = /srv/shop/more.ini')).toThrow('may open other sockets');
});
