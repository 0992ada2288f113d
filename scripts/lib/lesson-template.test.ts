import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configValue } from '../../src/checks/index.ts';
import { problemText, readLesson } from './lesson.ts';
import { folderProblems } from './lesson-content.ts';
import { makeLesson, NewLessonError } from './lesson-template.ts';
import { readScenario } from './scenario.ts';

let lessons = '';
beforeEach(() => {
  lessons = mkdtempSync(join(tmpdir(), 'lessons-'));
});
afterEach(() => rmSync(lessons, { recursive: true }));

test('a new lesson is complete: it passes every test but says what is left to write', () => {
  const folder = makeLesson(lessons, '05', 'one-master', 'One master: "many" workers, #1');
  expect(folder).toBe(join(lessons, '05-one-master'));
  expect(folderProblems(folder).map(problemText)).toEqual([]);
  const { data, slug, body } = readLesson(folder);
  expect([slug, data.title]).toEqual(['one-master', 'One master: "many" workers, #1']);
  for (const text of [data.task, data.summary, data.quiz[0]?.question, body]) expect(text).toContain('TODO');
  expect(readScenario(folder).length).toBeGreaterThan(1);
  const path = '/srv/shop/uwsgi.ini';
  expect(configValue(readFileSync(join(folder, 'solution', path), 'utf8'), path, 'processes')).toBe('2');
});

test.each([
  ['5', 'one-master', 'One master', 'The number has two digits, as in 05, not 5.'],
  ['05', 'One-Master', 'One master', /^The slug .* not One-Master\.$/],
  ['05', 'one--master', 'One master', /^The slug/],
  ['05', '../x', 'One master', /^The slug/],
  ['05', 'one-master', 'x', /^The title cannot be "x": /],
  ['05', 'one-master', 'x'.repeat(61), /^The title cannot be /],
  ['04', 'one-master', 'One master', 'There is a lesson with the number 04: 04-here.'],
  ['05', 'here', 'One master', 'There is a lesson with the slug here: 04-here.'],
])('%s %s %j is refused, and nothing is made', (number, slug, title, why) => {
  makeLesson(lessons, '04', 'here', 'Already here');
  expect(() => makeLesson(lessons, number, slug, title)).toThrow(NewLessonError);
  expect(() => makeLesson(lessons, number, slug, title)).toThrow(why);
  expect(existsSync(join(lessons, `${number}-${slug}`))).toBe(false);
});
