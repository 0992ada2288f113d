import { describe, expect, it } from 'vitest';
import { foldersAbove, listingOf, rowsOf, stepOf, typed } from './tree-model.ts';

const listing = listingOf(['/srv/shop/uwsgi.ini', '/srv/shop/app/wsgi.py', '/srv/empty/', '/etc/hosts']);
const open = new Set(['/srv', '/srv/shop']);
const rows = rowsOf(listing, open);

describe('rows', () => {
  it('are what is in open folders, folders first, each with its level and place', () => {
    expect(rows.map(({ path, level, place, of }) => [path, level, place, of])).toEqual([
      ['/etc', 1, 1, 2],
      ['/srv', 1, 2, 2],
      ['/srv/empty', 2, 1, 2],
      ['/srv/shop', 2, 2, 2],
      ['/srv/shop/app', 3, 1, 2],
      ['/srv/shop/uwsgi.ini', 3, 2, 2],
    ]);
  });

  it('a folder with a path that ends in a slash is there, and empty', () => {
    expect(listing['/srv/empty']).toEqual([]);
    expect(foldersAbove('/srv/shop/app/wsgi.py')).toEqual(['/srv', '/srv/shop', '/srv/shop/app']);
  });
});

describe('keys', () => {
  it.each([
    ['ArrowDown', '/etc', { go: '/srv' }],
    ['ArrowDown', '/srv/shop/uwsgi.ini', { go: '/srv/shop/uwsgi.ini' }],
    ['ArrowUp', '/srv', { go: '/etc' }],
    ['ArrowUp', '/etc', { go: '/etc' }],
    ['Home', '/srv/shop', { go: '/etc' }],
    ['End', '/etc', { go: '/srv/shop/uwsgi.ini' }],
    ['ArrowRight', '/etc', { open: '/etc' }],
    ['ArrowRight', '/srv', { go: '/srv/empty' }],
    ['ArrowRight', '/srv/shop/uwsgi.ini', { go: '/srv/shop/uwsgi.ini' }],
    ['ArrowLeft', '/srv', { close: '/srv' }],
    ['ArrowLeft', '/srv/shop/uwsgi.ini', { go: '/srv/shop' }],
    ['ArrowLeft', '/etc', { go: '/etc' }],
    ['a', '/etc', null],
  ])('%s on %s', (key, current, step) => {
    expect(stepOf(key, rows, current, open)).toEqual(step);
  });

  it('into an open folder with nothing in it there is no way', () => {
    const wide = new Set([...open, '/srv/empty']);
    expect(stepOf('ArrowRight', rowsOf(listing, wide), '/srv/empty', wide)).toEqual({ go: '/srv/empty' });
  });
});

describe('typing a name', () => {
  it.each([
    ['s', '/etc', '/srv'],
    ['s', '/srv', '/srv/shop'],
    ['s', '/srv/shop', '/srv'],
    ['sh', '/srv/shop', '/srv/shop'],
    ['U', '/etc', '/srv/shop/uwsgi.ini'],
    ['zz', '/etc', null],
  ])('%s from %s', (text, current, found) => {
    expect(typed(text, rows, current)).toBe(found);
  });
});
