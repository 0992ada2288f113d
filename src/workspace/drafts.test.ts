import { describe, expect, it } from 'vitest';
import { Drafts, type KeptTexts } from './drafts.ts';

function memory(): KeptTexts & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}
const full: KeptTexts = {
  getItem: () => null,
  removeItem: () => {},
  setItem: () => {
    throw new DOMException('full', 'QuotaExceededError');
  },
};

describe('Drafts', () => {
  it('finds edits again on the next visit, of the same lesson only', () => {
    const storage = memory();
    new Drafts('one', storage).set('/a', 'edited', 'original');
    expect(new Drafts('one', storage).all).toEqual({ '/a': 'edited' });
    expect(new Drafts('two', storage).all).toEqual({});
  });

  it('forgets an edit that was taken back, and leaves nothing in storage', () => {
    const storage = memory();
    const drafts = new Drafts('one', storage);
    drafts.set('/a', 'edited', 'original');
    drafts.set('/a', 'original', 'original');
    expect(drafts.all).toEqual({});
    expect(storage.kept.size).toBe(0);
  });

  it('keeps what two tabs of one lesson edit, each in its files', () => {
    const storage = memory();
    const [one, two] = [new Drafts('one', storage), new Drafts('one', storage)];
    one.set('/a', 'by one', 'original');
    two.set('/b', 'by two', 'original');
    expect([one.all, two.all]).toEqual([{ '/a': 'by one' }, { '/b': 'by two' }]);
    expect(new Drafts('one', storage).all).toEqual({ '/a': 'by one', '/b': 'by two' });
    one.set('/a', 'original', 'original');
    expect(new Drafts('one', storage).all).toEqual({ '/b': 'by two' });
  });

  it('keeps edits in memory when there is no storage', () => {
    const drafts = new Drafts('one', null);
    drafts.set('/a', 'edited', 'original');
    expect(drafts).toMatchObject({ all: { '/a': 'edited' }, lasting: false });
  });

  it('keeps edits in memory when storage is full, and says that they will not last', () => {
    const drafts = new Drafts('one', full);
    expect(drafts.lasting).toBe(true);
    drafts.set('/a', 'edited', 'original');
    expect(drafts).toMatchObject({ all: { '/a': 'edited' }, lasting: false });
  });

  it.each(['{', '[1]', 'null', '"x"', '{"/a":1,"b":"x"}'])('takes nothing from %s', (text) => {
    const storage = memory();
    storage.setItem('ftr:files:one', text);
    expect(new Drafts('one', storage).all).toEqual({});
  });
});
