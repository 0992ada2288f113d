import { describe, expect, test } from 'vitest';
import { KEY, KeptChoice } from './engine-choice.ts';

/** A storage as a browser has it, shared by those who open it. */
function storageWith(content: Readonly<Record<string, string>> = {}) {
  const map = new Map(Object.entries(content));
  return {
    content: map,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}
const NOTHING = { engine: null, contact: null };

describe('what is kept', () => {
  test('engine and answer are there again in the next visit', () => {
    const storage = storageWith();
    const kept = new KeptChoice(storage);
    expect(kept.now).toEqual(NOTHING);
    kept.set({ contact: 'yes' });
    kept.set({ engine: 'webcontainer' });
    expect(new KeptChoice(storage).now).toEqual({ engine: 'webcontainer', contact: 'yes' });
    expect([...storage.content]).toEqual([['ftr:engine', '{"version":1,"engine":"webcontainer","contact":"yes"}']]);
    expect(kept.lasting).toBe(true);
  });

  test('a no is kept, too, and both can be taken back', () => {
    const storage = storageWith();
    new KeptChoice(storage).set({ contact: 'no', engine: 'embedded' });
    expect(new KeptChoice(storage).now).toEqual({ engine: 'embedded', contact: 'no' });
    new KeptChoice(storage).set(NOTHING);
    expect(new KeptChoice(storage).now).toEqual(NOTHING);
  });

  test('another tab’s answer counts at once', () => {
    const storage = storageWith();
    const [here, elsewhere] = [new KeptChoice(storage), new KeptChoice(storage)];
    here.set({ contact: 'yes', engine: 'webcontainer' });
    elsewhere.set({ contact: null, engine: 'embedded' });
    expect(here.now).toEqual({ engine: 'embedded', contact: null });
  });
});

describe('what stands in storage', () => {
  test.each([
    ['', NOTHING],
    ['null', NOTHING],
    ['[]', NOTHING],
    ['{', NOTHING],
    ['"yes"', NOTHING],
    ['{"engine":"webcontainer","contact":"yes"}', NOTHING],
    ['{"version":0,"engine":"webcontainer","contact":"yes"}', NOTHING],
    ['{"version":1,"engine":"node","contact":"maybe"}', NOTHING],
    ['{"version":1,"engine":"embedded","contact":1}', { engine: 'embedded', contact: null }],
    // nobody said yes
    ['{"version":1,"engine":"webcontainer","contact":null}', NOTHING],
    ['{"version":1,"engine":"webcontainer","contact":"no"}', { engine: null, contact: 'no' }],
  ])('%s', (text, choice) => {
    const storage = storageWith({ [KEY]: text });
    const kept = new KeptChoice(storage);
    expect(kept.now).toEqual(choice);
    kept.set({ contact: 'no' });
    expect(new KeptChoice(storage).now.contact).toBe('no');
  });

  test('what a newer site wrote is neither read nor written over', () => {
    const newer = '{"version":2,"contact":"yes","engine":"webcontainer"}';
    const storage = storageWith({ [KEY]: newer });
    const kept = new KeptChoice(storage);
    expect(kept.now).toEqual(NOTHING);
    kept.set({ contact: 'no' });
    expect(kept.now.contact).toBe('no');
    expect(kept.lasting).toBe(false);
    expect(storage.content.get(KEY)).toBe(newer);
  });
});

describe('storage that cannot be used', () => {
  const denied = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  test.each([
    ['there is none', null],
    ['reading throws', { ...storageWith(), getItem: denied }],
    ['writing throws', { ...storageWith(), setItem: denied }],
  ])('%s: the choice lasts as long as the page', (_, storage) => {
    const kept = new KeptChoice(storage);
    kept.set({ contact: 'yes', engine: 'webcontainer' });
    expect(kept.now).toEqual({ engine: 'webcontainer', contact: 'yes' });
    expect(kept.lasting).toBe(false);
  });
});
