/** Entered lines over visits. */
import { expect, test } from 'vitest';
import { KeptHistory } from './kept-history.ts';

function storage(full = false) {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => {
      if (full) throw new Error('full');
      texts.set(key, text);
    },
    removeItem: (key: string) => void texts.delete(key),
  };
}

test('lines are there on the next visit, of this lesson only, and no more than 200', () => {
  const kept = storage();
  const first = new KeptHistory('a', kept);
  for (const line of ['ls', 'ls', ' ', 'pwd', 'x'.repeat(3000)]) first.add(line);
  expect(new KeptHistory('a', kept).lines).toEqual(['ls', 'pwd']);
  expect(new KeptHistory('b', kept).lines).toEqual([]);
  // a second tab does not lose the lines of the first
  const second = new KeptHistory('a', kept);
  first.add('one');
  second.add('two');
  expect(new KeptHistory('a', kept).lines).toEqual(['ls', 'pwd', 'one', 'two']);
  for (let i = 0; i < 300; i++) first.add(`line ${i}`);
  expect(new KeptHistory('a', kept).lines).toHaveLength(200);
  first.forget();
  expect(new KeptHistory('a', kept).lines).toEqual([]);
});

test('without storage, with a full one, or with nonsense in it', () => {
  for (const where of [null, storage(true)]) {
    const history = new KeptHistory('a', where);
    history.add('ls');
    expect(history.lines.at(-1)).toBe('ls');
    history.forget();
    expect(history.lines).toEqual([]);
  }
  const kept = storage();
  for (const text of ['{', '7', '{"a":1}', '[1,"ls","a\\nb"]']) {
    kept.texts.set('ftr:history:a', text);
    expect(new KeptHistory('a', kept).lines).toEqual(text.includes('ls') ? ['ls'] : []);
  }
});
