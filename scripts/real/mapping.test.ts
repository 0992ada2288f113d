import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { at } from '../lib/paths.ts';
import { mapped, type Place, readerOf, unmapped } from './mapping.ts';

const place: Place = {
  root: '/tmp/x',
  address: '127.7.7.10',
  nobody: '127.7.7.12',
  port: (port) => (port < 1024 ? port + 8000 : port),
  hasAccount: (name) => name !== 'shop',
};

test('of a site only paths, ports and addresses change', () => {
  const site = [
    'listen 80;',
    '    listen 443 ssl;',
    'server { listen *:80; listen 443 ssl; }',
    'server 10.0.0.12:3031 down;',
    'uwsgi_pass unix:/run/shop/shop.sock;',
    'alias /srv/shop/static/;',
    'location /static/ {',
    'return 301 https://$host$request_uri;',
  ];
  expect(mapped(site.join('\n'), 'nginx', place).split('\n')).toEqual([
    'listen 127.7.7.10:8080;',
    '    listen 127.7.7.10:8443 ssl;',
    'server { listen 127.7.7.10:8080; listen 127.7.7.10:8443 ssl; }',
    'server 127.7.7.12:3031 down;',
    'uwsgi_pass unix:/tmp/x/run/shop/shop.sock;',
    'alias /tmp/x/srv/shop/static/;',
    'location /static/ {',
    'return 301 https://$host$request_uri;',
  ]);
});

test('of an ini, too, and accounts that the machine has not', () => {
  const ini = 'chdir = /srv/shop/app\nsocket = 127.0.0.1:3031\nuid = shop\ngid = www-data\nmodule = wsgi:application';
  expect(mapped(ini, 'uwsgi', place)).toBe(
    'chdir = /tmp/x/srv/shop/app\nsocket = 127.7.7.10:3031\nuid = www-data\ngid = www-data\nmodule = wsgi:application',
  );
});

test("the server's own nginx.conf gets one line more", () => {
  const own = readFileSync(at('sandboxes/server/etc/nginx/nginx.conf'), 'utf8');
  const back = mapped(own, 'nginx', place).replaceAll('/tmp/x/', '/');
  expect(back).toBe(own.replace('http {', 'http { include /etc/nginx/real.conf;'));
});

test('what a server says is in the words of the lesson again', () => {
  const said =
    'connect() to unix:/tmp/x/run/shop.sock failed, upstream: "uwsgi://127.7.7.12:3031", at 127.7.7.10:8080 and 127.7.7.10:9191, from /tmp/x';
  expect(unmapped(said, place)).toBe(
    'connect() to unix:/run/shop.sock failed, upstream: "uwsgi://10.0.0.12:3031", at 127.0.0.1:80 and 127.0.0.1:9191, from /',
  );
});

test('a page of the app is laid as it is', () => {
  expect(['/etc/nginx/sites-enabled/shop', '/srv/blog/uwsgi.ini', '/srv/shop/app/wsgi.py'].map(readerOf)).toEqual(['nginx', 'uwsgi', null]);
});
