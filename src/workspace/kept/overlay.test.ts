import { describe, expect, it } from 'vitest';
import type { Changes } from '../../runtime/changes.ts';
import { filesIn, sizeOf, textsIn, withTexts } from './overlay.ts';
import { laidOver, stateInSandbox, stateInWork } from './states.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const file = (text: string, mode = 0o644, uid = 0) => ({ kind: 'file', data: bytes(text), mode, uid, gid: uid }) as const;
const originals = { '/a': 'start', '/b': 'start' };

describe('the editor’s texts in the work', () => {
  it('are changes where they differ from the start, and none where they do not', () => {
    expect(withTexts({}, { '/a': 'mine', '/b': 'start', '/new': 'x', '/none': null }, originals)).toEqual({
      '/a': file('mine'),
      '/new': file('x'),
    });
    expect(withTexts({ '/a': file('mine') }, { '/a': 'start' }, originals)).toEqual({});
    expect(withTexts({ '/new': file('x') }, { '/new': null }, originals)).toEqual({});
    expect(withTexts({}, { '/a': null }, originals)).toEqual({ '/a': null });
    expect(withTexts({ '/a': null }, { '/a': 'start' }, originals)).toEqual({});
  });

  it('keep a file’s mode and owner, and a change of those alone', () => {
    const changes: Changes = { '/a': file('start', 0o755, 33) };
    expect(withTexts(changes, { '/a': 'start' }, originals)).toEqual(changes);
    expect(withTexts(changes, { '/a': 'mine' }, originals)).toEqual({ '/a': file('mine', 0o755, 33) });
    expect(withTexts({ '/a': file('mine', 0o755) }, { '/a': 'start' }, originals)).toEqual({ '/a': file('start', 0o755) });
  });

  it('leave links and folders alone', () => {
    const changes: Changes = { '/a': { kind: 'link', target: 'b' } };
    expect(withTexts(changes, { '/a': 'mine' }, originals)).toEqual(changes);
  });
});

describe('what changes make of files', () => {
  const binary: Changes = { '/bin': { ...file(''), data: new Uint8Array([0, 1]) }, '/a': file('x'), '/b': null };
  it('is a text, nothing, or no text', () => {
    expect(filesIn(binary, ['/a', '/b', '/c', '/bin'])).toEqual({ '/a': 'x', '/b': null, '/bin': { why: 'binary', bytes: 2 } });
    expect(textsIn(binary, ['/a', '/b', '/c', '/bin'])).toEqual({ '/a': 'x', '/b': null });
  });

  it('takes so much room', () => {
    expect(sizeOf(binary)).toBeGreaterThan(3);
    expect(sizeOf({ '/a': file('x'.repeat(1000)) })).toBe(1002);
  });
});

it('what a sandbox cannot say of a path is an error, and nothing there is none', async () => {
  const sandbox = (why: string) => ({
    readFolder: () => Promise.reject(new Error(`/srv: ${why}`)),
    readFile: () => Promise.reject(new Error('is not asked')),
    changes: async () => ({}),
  });
  expect(await stateInSandbox(sandbox('No such file or directory'), '/srv/a')).toBeNull();
  expect(await stateInSandbox(sandbox('Not a directory'), '/srv/a')).toBeNull();
  await expect(stateInSandbox(sandbox('The sandbox does not answer'), '/srv/a')).rejects.toThrow('does not answer');
});

describe('work without a sandbox', () => {
  const start = { '/srv/a': 'start' };
  it('says what is at a path', () => {
    expect(stateInWork(start, {}, '/srv/a')).toEqual(file('start'));
    expect(stateInWork(start, { '/srv/a': null }, '/srv/a')).toBeNull();
    expect(stateInWork(start, {}, '/srv')).toMatchObject({ kind: 'folder' });
    expect(stateInWork(start, {}, '/sr')).toBeNull();
  });

  it('takes changes in, and what is as at the start is none', () => {
    const moved = laidOver(start, {}, { '/srv/a': null, '/srv/b': file('start') });
    expect(moved).toEqual({ '/srv/a': null, '/srv/b': file('start') });
    expect(laidOver(start, moved, { '/srv/a': file('start'), '/srv/b': null })).toEqual({});
  });
});
