/** The short ways: their steps exist, and their times add up. */
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lessonFolders, readLesson } from '../../scripts/lib/lesson.ts';
import { PATHS } from './paths.ts';

const lessons = new Map(lessonFolders().map((folder) => [Number.parseInt(basename(folder), 10), readLesson(folder).data]));
const minutesOf = (lesson: number, step: number): number => {
  const minutes = lessons.get(lesson)?.notes.find((note) => note.step === step)?.minutes;
  if (minutes === undefined) throw new Error(`The notes of lesson ${lesson} say nothing of step ${step}`);
  return minutes;
};

describe.each(PATHS.map((path) => [path.id, path] as const))('%s', (_, { minutes, stops }) => {
  test('takes as long as its steps', () => {
    const steps = stops.flatMap(({ lesson, steps }) => steps.map((step) => minutesOf(lesson, step)));
    expect(steps.reduce((sum, one) => sum + one, 0)).toBe(minutes);
  });

  test('no lesson twice, steps in their order', () => {
    expect(new Set(stops.map(({ lesson }) => lesson)).size).toBe(stops.length);
    for (const { steps } of stops) expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  });
});
