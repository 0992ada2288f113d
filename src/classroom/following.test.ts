import { expect, test } from 'vitest';
import { BEGIN, type Following, lineOf, moveTo } from './following.ts';
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

test('a place that makes no sense is refused, one without an age is new', () => {
  expect(readTold({ lesson: 'gil', step: 1, moment: null })).toEqual({ ...told(1), ago: 0 });
  expect(() => readTold({ lesson: 'gil/../x', step: 1 })).toThrow('lesson');
  expect(() => readTold([])).toThrow('object');
});
