import { expect, test } from 'vitest';
import { actsOf, BEGIN, beginsLeft, type Following, lineOf, moveTo } from './following.ts';
import { readTold, type Told } from './place.ts';

const told = (step: number, lesson = 'gil'): Told => ({ lesson, step, moment: null, ago: 0 });
const at = (place: Told | null, change: Partial<Following> = {}): Following => ({ ...BEGIN, connection: 'open', place, ...change });

test('a page goes to the step, to another lesson, and nowhere after it has left', () => {
  expect(moveTo(at(null), 'gil', null)).toBeNull();
  expect(moveTo(at(told(2)), 'gil', null)).toEqual({ to: 'step', step: 2, scroll: true });
  // the recording moved, and the step is the same: who has scrolled on by a few lines stays there
  expect(moveTo(at(told(2)), 'gil', told(2))).toEqual({ to: 'step', step: 2, scroll: false });
  expect(moveTo(at(told(2, 'tls')), 'gil', told(2))).toEqual({ to: 'lesson', lesson: 'tls' });
  expect(moveTo(at(told(2, 'tls'), { left: true }), 'gil', told(2))).toBeNull();
});

test('a page with a running server is not left before the learner says so', () => {
  const state = at({ ...told(2, 'tls'), number: 12 }, { busy: true });
  expect(moveTo(state, 'gil', told(2))).toBeNull();
  expect(lineOf(state, 'gil', 5)).toBe('The class went on to lesson 12. Going there ends your server; your files are kept.');
  expect(actsOf(state, 'gil')).toEqual(['Go there', 'Stay']);
  expect(moveTo({ ...state, busy: false }, 'gil', told(2))).toEqual({ to: 'lesson', lesson: 'tls' });
  const stayed = { ...state, left: true };
  expect([lineOf(stayed, 'gil', 5), actsOf(stayed, 'gil')]).toEqual(['You left. The class is at lesson 12.', ['Catch up']]);
  // in the lesson of the class nothing is lost by following
  expect(moveTo(at(told(3), { busy: true }), 'gil', told(2))).toEqual({ to: 'step', step: 3, scroll: true });
  expect(actsOf(at(told(3), { busy: true }), 'gil')).toEqual(['Leave']);
  expect(actsOf(at(null, { connection: 'refused' }), 'gil')).toEqual([]);
});

test('whoever scrolls away is told, and can go back', () => {
  const state = at(told(2), { away: true });
  expect(lineOf(state, 'gil', 5)).toBe('You scrolled away. The class is at step 2.');
  expect(actsOf(state, 'gil')).toEqual(['Back to the class', 'Leave']);
  expect(lineOf({ ...state, left: true }, 'gil', 5)).toBe('You left. The class is at step 2.');
});

test('whoever opens another page than that of the class has left it', () => {
  const link = { room: false, how: 'navigate' } as const;
  expect(beginsLeft(link, 'gil', 'tls', false)).toBe(true);
  expect(beginsLeft(link, '', 'tls', false)).toBe(true);
  expect(beginsLeft({ room: true, how: 'back_forward' }, 'gil', 'tls', false)).toBe(true);
  expect(beginsLeft(link, 'tls', 'tls', false)).toBe(false);
  // loaded anew, or the class has not begun
  expect(beginsLeft({ room: true, how: 'reload' }, 'gil', 'tls', false)).toBe(false);
  expect(beginsLeft(link, 'gil', null, false)).toBe(false);
});

test('whoever has left stays away until they catch up or type the code again', () => {
  expect(beginsLeft({ room: false, how: 'navigate' }, 'gil', 'gil', true)).toBe(true);
  expect(beginsLeft({ room: true, how: 'reload' }, 'gil', 'gil', true)).toBe(true);
  expect(beginsLeft({ room: true, how: 'navigate' }, 'gil', 'tls', true)).toBe(false);
});

test('the line says where the class is, and what keeps the page from it', () => {
  const said = (state: Following) => lineOf(state, 'gil', 5);
  expect(said(at(null))).toBe('In the class. Your teacher has not begun.');
  expect([0, 3, 6].map((step) => said(at({ ...told(step), moment: { t: 1, playing: true, speed: 1 } })))).toEqual([
    'With the class: the title',
    'With the class: step 3',
    'With the class: the card',
  ]);
  expect(said(at(told(3)))).toBe('With the class: step 3, live server');
  expect(said(at(told(4), { left: true }))).toBe('You left. The class is at step 4.');
  expect(said(at(told(4, 'tls'), { left: true }))).toBe('You left. The class is at another lesson.');
  expect(said(at(told(4), { connection: 'lost' }))).toBe('The class is not reached. Trying again …');
  expect(said(at(null, { connection: 'refused', why: 'There is no such class.' }))).toBe('There is no such class.');
});

test('a place that makes no sense is refused, one without an age is new, one without a number has none', () => {
  expect(readTold({ lesson: 'gil', number: 6, step: 1, moment: null })).toEqual({ ...told(1), number: 6, ago: 0 });
  expect(readTold({ lesson: 'gil', number: '6', step: 1, moment: null })).toEqual({ ...told(1), ago: 0 });
  expect(readTold({ lesson: 'gil', step: 1, moment: null })).toEqual({ ...told(1), ago: 0 });
  expect(() => readTold({ lesson: 'gil/../x', step: 1 })).toThrow('lesson');
  expect(() => readTold([])).toThrow('object');
});
