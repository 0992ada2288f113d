import { describe, expect, test, vi } from 'vitest';
import { isDone, NOTHING } from './record.ts';
import { KEY, ProgressStore, type Shelf } from './store.ts';
import { read } from './stored.ts';

/** A shelf as a browser has it, shared by those who open it. */
function shelfWith(content: Readonly<Record<string, string>> = {}): Shelf & { readonly content: Map<string, string> } {
  const map = new Map(Object.entries(content));
  return {
    content: map,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
  };
}

const NOW = 1000;
const open = (shelf: Shelf | null) =>
  new ProgressStore(
    () => shelf,
    () => NOW,
  );

describe('what is kept', () => {
  test('once somebody else keeps it, the browser’s own note is left as it is, and others’ changes to it count no more', () => {
    const shelf = shelfWith();
    open(shelf).stepRead('gil', 1);
    const before = shelf.content.get(KEY);
    const store = open(shelf);
    const heard = vi.fn();
    store.subscribe(heard);
    store.handOver({ 'which-worker': { ...NOTHING, steps: [2] } });
    expect(heard).toHaveBeenCalledTimes(1);
    store.stepRead('which-worker', 3);
    store.changedElsewhere();
    expect(store.lesson('which-worker').steps).toEqual([2, 3]);
    expect(store.lesson('gil')).toEqual(NOTHING);
    expect(shelf.content.get(KEY)).toBe(before);
    expect(store.kept).toBe(false);
  });

  test('steps, checks and answers are there again in the next visit', () => {
    const shelf = shelfWith();
    const store = open(shelf);
    store.stepRead('which-worker', 3);
    store.stepRead('which-worker', 1);
    store.stepRead('which-worker', 3);
    store.checkPassed('which-worker', 'eight-workers');
    store.quizAnswered('which-worker', 0, 2, true);
    expect(open(shelf).lesson('which-worker')).toEqual({
      steps: [1, 3],
      checks: ['eight-workers'],
      answers: { 0: { chosen: 2, right: true, firstTry: true, at: NOW } },
      place: { step: 3, at: NOW },
    });
    expect(open(shelf).lesson('nginx-first')).toEqual(NOTHING);
    // where other sites of the origin do not look
    expect([...shelf.content.keys()]).toEqual(['ftr:progress']);
  });

  test('the first try of a question stays what it was', () => {
    const store = open(shelfWith());
    store.quizAnswered('a', 0, 1, false);
    store.quizAnswered('a', 0, 2, true);
    store.quizAnswered('a', 1, 0, true);
    store.quizAnswered('a', 1, 3, false);
    expect(store.lesson('a').answers).toEqual({
      0: { chosen: 2, right: true, firstTry: false, at: NOW },
      1: { chosen: 3, right: false, firstTry: true, at: NOW },
    });
  });

  test('a lesson is done when every check has passed and every question is answered right', () => {
    const parts = { checks: ['one', 'two'], questions: 2 };
    const store = open(shelfWith());
    store.checkPassed('a', 'one');
    store.quizAnswered('a', 0, 0, true);
    store.quizAnswered('a', 1, 0, false);
    expect(store.done('a', parts)).toBe(false);
    store.checkPassed('a', 'two');
    expect(store.done('a', parts)).toBe(false);
    store.quizAnswered('a', 1, 1, true);
    expect(store.done('a', parts)).toBe(true);
    expect(isDone(store.lesson('a'), { ...parts, questions: 3 })).toBe(false);
  });
});

describe('reset and undo', () => {
  test('undo brings everything back and keeps what was done since', () => {
    const shelf = shelfWith();
    const store = open(shelf);
    store.stepRead('a', 1);
    store.checkPassed('a', 'one');
    store.quizAnswered('a', 0, 1, false);
    store.stepRead('b', 1);
    const undo = store.reset('a');
    expect(open(shelf).lesson('a')).toEqual(NOTHING);
    expect(store.lesson('b').steps).toEqual([1]);
    store.stepRead('a', 2);
    undo();
    expect(open(shelf).lesson('a')).toEqual({
      steps: [1, 2],
      checks: ['one'],
      answers: { 0: { chosen: 1, right: false, firstTry: false, at: NOW } },
      place: { step: 2, at: NOW },
    });
  });
});

describe('everything at once', () => {
  test('all is forgotten and comes back, with what was done since', () => {
    const shelf = shelfWith();
    const store = open(shelf);
    store.stepRead('a', 1);
    store.stepRead('b', 2);
    const undo = store.resetAll();
    expect(read(shelf.content.get(KEY) ?? '')).toEqual({});
    store.stepRead('b', 3);
    undo();
    expect(open(shelf).lesson('a').steps).toEqual([1]);
    expect(open(shelf).lesson('b').steps).toEqual([2, 3]);
  });

  test('what another browser kept is added; taken back, it is as before, and what was done since stays', () => {
    const [shelf, other] = [shelfWith(), shelfWith()];
    const store = open(shelf);
    store.stepRead('a', 1);
    open(other).stepRead('a', 2);
    open(other).stepRead('b', 1);
    const undo = store.add(open(other).all);
    expect(open(shelf).lesson('a').steps).toEqual([1, 2]);
    expect(open(shelf).lesson('b').steps).toEqual([1]);
    store.stepRead('c', 4);
    undo();
    expect(Object.keys(open(shelf).all).sort()).toEqual(['a', 'c']);
    expect(open(shelf).lesson('a').steps).toEqual([1]);
  });
});

describe('several tabs', () => {
  test('a change is made to what another tab has stored meanwhile', () => {
    const shelf = shelfWith();
    const [one, other] = [open(shelf), open(shelf)];
    one.stepRead('a', 1);
    other.stepRead('a', 2);
    one.checkPassed('b', 'x');
    expect(open(shelf).lesson('a').steps).toEqual([1, 2]);
    expect(open(shelf).lesson('b').checks).toEqual(['x']);
  });

  test('listeners hear of changes here and elsewhere, and only of changes', () => {
    const shelf = shelfWith();
    const [here, elsewhere] = [open(shelf), open(shelf)];
    const heard = vi.fn();
    const end = here.subscribe(heard);
    here.stepRead('a', 1);
    here.stepRead('a', 1);
    expect(heard).toHaveBeenCalledTimes(1);
    elsewhere.stepRead('a', 2);
    here.changedElsewhere();
    expect(heard).toHaveBeenCalledTimes(2);
    expect(here.lesson('a').steps).toEqual([1, 2]);
    end();
    here.stepRead('a', 3);
    expect(heard).toHaveBeenCalledTimes(2);
  });
});

describe('storage that cannot be used', () => {
  const broken = () => {
    throw new DOMException('denied', 'SecurityError');
  };

  test.each([
    ['opening it throws', broken],
    ['there is none', () => null],
    ['reading throws', () => ({ ...shelfWith(), getItem: broken })],
    ['writing throws', () => ({ ...shelfWith(), setItem: broken })],
  ])('%s: it works as long as the page lasts', (_, openShelf) => {
    const store = new ProgressStore(openShelf);
    store.stepRead('a', 1);
    store.stepRead('a', 2);
    store.quizAnswered('a', 0, 1, true);
    expect(store.lesson('a').steps).toEqual([1, 2]);
    expect(store.kept).toBe(false);
    const undo = store.reset('a');
    undo();
    expect(store.lesson('a').answers[0]?.chosen).toBe(1);
  });

  test('where it works, it says so', () => {
    expect(open(shelfWith()).kept).toBe(true);
  });
});

describe('what stands in storage', () => {
  const nothingIn = ['', 'null', '[]', '7', '{', '"text"', '{}', '{"version":0}', '{"version":"1","lessons":{"a":{"steps":[1]}}}'];
  test.each(nothingIn)('%s counts as nothing and may be written over', (text) => {
    const shelf = shelfWith({ [KEY]: text });
    const store = open(shelf);
    expect(store.lesson('a')).toEqual(NOTHING);
    store.stepRead('a', 1);
    expect(open(shelf).lesson('a').steps).toEqual([1]);
  });

  test('a name like __proto__ does no harm', () => {
    const lessons = read('{"version":1,"lessons":{"__proto__":{"steps":[9]},"constructor":{"steps":[1]}}}');
    expect(lessons?.['a']).toBeUndefined();
    expect(({} as { steps?: unknown }).steps).toBeUndefined();
    expect(open(shelfWith()).lesson('constructor')).toEqual(NOTHING);
  });

  test('what a newer site wrote is neither read nor written over', () => {
    const newer = '{"version":3,"lessons":[]}';
    const shelf = shelfWith({ [KEY]: newer });
    const store = open(shelf);
    store.stepRead('a', 1);
    expect(store.lesson('a').steps).toEqual([1]);
    expect(store.kept).toBe(false);
    expect(shelf.content.get(KEY)).toBe(newer);
  });
});
