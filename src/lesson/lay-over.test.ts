import { expect, it } from 'vitest';
import { laidOver } from './lay-over.ts';

const server = { '/etc/passwd': 'users', '/srv/shop/uwsgi.ini': 'four', '/srv/shop/app/wsgi.py': 'app', '/srv/shopping': 'list' };

it('has all files of both, and the upper one’s text', () => {
  expect(laidOver(server, { '/etc/passwd': 'more users', '/etc/new': 'x' })).toEqual({
    ...server,
    '/etc/passwd': 'more users',
    '/etc/new': 'x',
  });
});

it('leaves out what the upper one says is gone, and nothing with a longer name', () => {
  expect(laidOver(server, { '/srv/.wh.shop': '' })).toEqual({ '/etc/passwd': 'users', '/srv/shopping': 'list' });
  expect(laidOver(server, { '/srv/shop/.wh.uwsgi.ini': '' })).not.toHaveProperty('/srv/shop/uwsgi.ini');
});

it('what the upper one has itself stays beside what is gone below', () => {
  expect(laidOver(server, { '/srv/.wh.shop': '', '/srv/shop/new': 'x' })).toEqual({
    '/etc/passwd': 'users',
    '/srv/shopping': 'list',
    '/srv/shop/new': 'x',
  });
});
