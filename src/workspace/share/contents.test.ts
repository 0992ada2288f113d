import { expect, it } from 'vitest';
import { contentsOf, sizeOf, summaryOf } from './contents.ts';

const file = (text: string, mode = 0o644) => ({ kind: 'file', data: new TextEncoder().encode(text), mode, uid: 0, gid: 0 }) as const;
const START = { '/srv/a.txt': 'a\n', '/srv/same.txt': 's\n', '/srv/gone.txt': 'g\n', '/var/x/': '' };
const CHANGES = {
  '/srv/new.txt': file('n'.repeat(2100)),
  '/srv/gone.txt': null,
  '/srv/a.txt': file('b\n'),
  '/srv/same.txt': file('s\n'),
  '/srv/bin': { kind: 'file', data: Uint8Array.of(0, 255), mode: 0o644, uid: 0, gid: 0 },
  '/srv/link': { kind: 'link', target: 'a.txt' },
  '/var/x': { kind: 'folder', mode: 0o700, uid: 0, gid: 0 },
} as const;

it('lists every path with what has become of it, and what stands in it', () => {
  expect(contentsOf(CHANGES, START).map(({ path, what, note, text }) => [path, what, note, text?.slice(0, 2)])).toEqual([
    ['/srv/a.txt', 'changed', '2 bytes', 'b\n'],
    ['/srv/bin', 'new', '2 bytes, no text', undefined],
    ['/srv/gone.txt', 'removed', '', undefined],
    ['/srv/link', 'new', 'link to a.txt', undefined],
    ['/srv/new.txt', 'new', '2.1 kB', 'nn'],
    ['/srv/same.txt', 'the same', '2 bytes', 's\n'],
    ['/var/x', 'changed', 'folder', undefined],
  ]);
  expect(contentsOf({ '/srv/same.txt': file('s\n', 0o755) }, START)[0]?.what).toBe('changed');
});

it('sums it up', () => {
  expect(summaryOf(CHANGES, START)).toBe('2 changed, 3 new, 1 removed');
  expect(summaryOf({}, START)).toBe('nothing changed');
  expect([sizeOf(999), sizeOf(1000)]).toEqual(['999 bytes', '1.0 kB']);
});
