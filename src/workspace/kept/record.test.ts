import { describe, expect, it } from 'vitest';
import { type KeptRecord, parseRecord } from './record.ts';

const file = { kind: 'file', data: new Uint8Array([1, 2]), mode: 0o640, uid: 33, gid: 33 };
const changes = {
  '/srv/a': file,
  '/srv/b': null,
  '/srv/c': { kind: 'folder', mode: 0o755, uid: 0, gid: 0 },
  '/srv/d': { kind: 'link', target: 'a' },
};
const record = { version: 1, savedAt: 7, changes, before: null, open: ['/srv/a'], histories: { '/srv/a': { doc: 'x' } } };

describe('a kept record', () => {
  it('comes back as it was kept', () => {
    expect(parseRecord(structuredClone(record))).toEqual(record);
  });

  it.each([null, 1, 'text', [], {}, { ...record, version: 0 }, { ...record, savedAt: 'now' }, { ...record, changes: [] }])(
    'is none: %j',
    (value) => {
      expect(parseRecord(value)).toBeNull();
    },
  );

  it('of a later version of the site is left alone', () => {
    expect(parseRecord({ version: 2, anything: true })).toBe('newer');
  });

  it.each([
    ['a path that is none', { 'srv/a': file }],
    ['a path that climbs', { '/srv/../etc/passwd': file }],
    ['the root', { '/': null }],
    ['text for bytes', { '/a': { ...file, data: 'text' } }],
    ['a mode that is none', { '/a': { ...file, mode: 0o10000 } }],
    ['an owner that is none', { '/a': { ...file, uid: -1 } }],
    ['a kind that is none', { '/a': { ...file, kind: 'device' } }],
    ['a link to nowhere', { '/a': { kind: 'link', target: '' } }],
  ])('loses %s, and nothing else', (_, wrong) => {
    expect(parseRecord({ ...record, changes: { ...wrong, '/srv/b': null } })).toMatchObject({ changes: { '/srv/b': null } });
    expect(Object.keys((parseRecord({ ...record, changes: { ...wrong, '/srv/b': null } }) as KeptRecord).changes)).toEqual(['/srv/b']);
  });

  it('has what the work was before, unless that makes no sense', () => {
    const before = { changes: { '/a': null }, what: 'Reset', back: 'Took back', at: 5 };
    expect(parseRecord({ ...record, before: { ...before, changes: { '/a': null, '/../b': null } } })).toMatchObject({ before });
    expect(parseRecord({ ...record, before: { ...before, at: 'now' } })).toMatchObject({ before: null });
    expect(parseRecord({ ...record, before: undefined })).toMatchObject({ before: null });
  });

  it('with odd tabs and histories has none', () => {
    expect(parseRecord({ ...record, open: [1, 'x', '/ok'], histories: null })).toMatchObject({ open: ['/ok'], histories: {} });
  });
});
