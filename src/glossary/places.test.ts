/** Whether every word of the glossary leads to a lesson, and to a step that is there. */
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { lessonFolders, readLesson } from '../../scripts/lib/lesson.ts';
import { OUTLINE } from '../lesson/outline.ts';
import { tagsIn } from '../lesson/tags.ts';
import { PLACES } from './places.ts';
import { counterpart, TERMS } from './terms.ts';

const steps = new Map(
  lessonFolders().map((folder) => [Number.parseInt(basename(folder), 10), tagsIn(readLesson(folder).body, 'Step').length]),
);

test('every word has its lesson, and no other has one', () => {
  expect(Object.keys(PLACES).sort()).toEqual(TERMS.map(({ id }) => id).sort());
});

test('every word has the one of IIS or .NET beside it', () => {
  expect(TERMS.filter((term) => counterpart(term) === null).map(({ id }) => id)).toEqual([]);
});

test.each(Object.entries(PLACES))('%s is explained in a step there is', (_, [number, step]) => {
  expect(OUTLINE.has(number)).toBe(true);
  // a lesson that is still to come has no link
  expect(step ?? 1).toBeLessThanOrEqual(steps.get(number) ?? Number.POSITIVE_INFINITY);
});
