import { expect, test } from 'vitest';
import { staleServers } from './reload.ts';

const INI = '/srv/shop/uwsgi.ini';
const COMMANDS = [
  { program: 'uwsgi', args: ['--ini', INI] },
  { program: 'nginx', args: ['-g', 'daemon off;'] },
];
const command = (text: string, unread = INI) =>
  staleServers(
    [unread],
    COMMANDS,
    (path) => (path === INI ? text : null),
    () => true,
  ).map((one) => one.command);

test('each server is told of its own files only', () => {
  expect(
    staleServers(
      [],
      COMMANDS,
      () => null,
      () => true,
    ),
  ).toEqual([]);
  const site = '/etc/nginx/sites-enabled/shop';
  expect(
    staleServers(
      [site, INI],
      COMMANDS,
      () => null,
      () => true,
    ),
  ).toEqual([
    { program: 'nginx', files: [site], command: 'nginx -s reload', runs: true },
    { program: 'uwsgi', files: [INI], command: 'pkill -HUP -o -x uwsgi', runs: true },
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
  expect(
    staleServers(
      ['/etc/nginx/nginx.conf'],
      started,
      () => null,
      () => true,
    )[0]?.command,
  ).toBe('systemctl reload nginx');
  const boots = [{ program: 'systemd', args: [] }];
  expect(
    staleServers(
      ['/etc/nginx/nginx.conf', INI],
      boots,
      () => null,
      () => true,
    ).map((one) => one.command),
  ).toEqual(['systemctl reload nginx', 'systemctl reload shop']);
});

test('one that does not run is started by its unit, and without one nothing is offered', () => {
  const site = '/etc/nginx/nginx.conf';
  const off = () => false;
  const boots = [{ program: 'systemd', args: [] }];
  expect(staleServers([site], boots, () => null, off)).toEqual([
    { program: 'nginx', files: [site], command: 'systemctl start nginx', runs: false },
  ]);
  expect(staleServers([site, INI], COMMANDS, () => null, off)).toEqual([]);
});
