import { expect, test } from 'vitest';
import { staleServers } from './reload.ts';

const INI = '/srv/shop/uwsgi.ini';
const COMMANDS = [
  { program: 'uwsgi', args: ['--ini', INI] },
  { program: 'nginx', args: ['-g', 'daemon off;'] },
];
const command = (text: string, unread = INI) =>
  staleServers([unread], COMMANDS, (path) => (path === INI ? text : null)).map((one) => one.command);

test('each server is told of its own files only', () => {
  expect(staleServers([], COMMANDS, () => null)).toEqual([]);
  const site = '/etc/nginx/sites-enabled/shop';
  expect(staleServers([site, INI], COMMANDS, () => null)).toEqual([
    { program: 'nginx', files: [site], command: 'nginx -s reload' },
    { program: 'uwsgi', files: [INI], command: 'pkill -HUP -o -x uwsgi' },
  ]);
});

test.each([
  ['[uwsgi]\nmaster = true\n', 'pkill -HUP -o -x uwsgi'],
  ['[uwsgi]\npidfile = /run/shop/shop.pid\n', 'uwsgi --reload /run/shop/shop.pid'],
  ['[uwsgi]\npidfile = /run/a.pid\nsafe-pidfile=/run/b.pid\n', 'uwsgi --reload /run/b.pid'],
  ['[uwsgi]\ntouch-reload = /srv/shop/reload\n', 'touch /srv/shop/reload'],
  ['[uwsgi]\n; pidfile = /run/shop/shop.pid\n', 'pkill -HUP -o -x uwsgi'],
])('%j is reloaded by its own means', (text, expected) => {
  expect(command(text)).toEqual([expected]);
});

test('what systemd has started, systemd reloads', () => {
  const started = [{ program: 'systemctl', args: ['start', 'nginx.service'] }];
  expect(staleServers(['/etc/nginx/nginx.conf'], started, () => null)[0]?.command).toBe('systemctl reload nginx');
  const boots = [{ program: 'systemd', args: [] }];
  expect(staleServers(['/etc/nginx/nginx.conf', INI], boots, () => null).map((one) => one.command)).toEqual([
    'systemctl reload nginx',
    'systemctl reload shop',
  ]);
});
