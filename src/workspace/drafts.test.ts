import { describe, expect, it } from 'vitest';
import { forgetOldDrafts, type KeptTexts, oldDrafts } from './drafts.ts';

function memory(key: string, value: string): KeptTexts & { kept: Map<string, string> } {
  const kept = new Map([[key, value]]);
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
  };
}

describe('drafts that the site kept before', () => {
  it('are found for their lesson, and gone when they are forgotten', () => {
    const storage = memory('ftr:files:one', '{"/a":"edited"}');
    expect(oldDrafts('one', storage)).toEqual({ '/a': 'edited' });
    expect(oldDrafts('two', storage)).toEqual({});
    forgetOldDrafts('one', storage);
    expect(storage.kept.size).toBe(0);
  });

  it.each(['', 'nonsense', 'null', '[1]', '"text"', '{"/a":1,"b":"no path"}'])('are none in %j', (text) => {
    expect(oldDrafts('one', memory('ftr:files:one', text))).toEqual({});
  });

  it('are none where there is no storage', () => {
    expect(oldDrafts('one', null)).toEqual({});
    expect(() => forgetOldDrafts('one', null)).not.toThrow();
  });
});
