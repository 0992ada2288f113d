import { expect, test } from 'vitest';
import { listensOf } from './listens.ts';

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
