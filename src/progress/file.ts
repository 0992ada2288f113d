/** Progress as a file: to take along to another browser, and back. */
import { isObject } from '../is-object.ts';
import { counted } from './describe.ts';
import { hasBegun, type Lessons } from './record.ts';
import { readStored, VERSION } from './stored.ts';

/** What the file says it is, so that no other file passes for it. */
const COURSE = 'Follow the Request';

export const FILE_NAME = 'follow-the-request-progress.json';
/** A whole course takes a few kilobytes: what is longer is something else. */
export const FILE_LIMIT = 1_000_000;

/** The text of the file. `when` is told to whoever opens it in an editor. */
export function fileOf(lessons: Lessons, when: Date): string {
  return `${JSON.stringify({ course: COURSE, saved: when.toISOString(), version: VERSION, lessons }, null, 2)}\n`;
}

/** What a file holds, or why it is of no use, as a sentence. */
export type Opened = { readonly lessons: Lessons; readonly found: string } | { readonly problem: string };

export function openFile(text: string): Opened {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return { problem: 'This file is not JSON, so it is no saved progress.' };
  }
  if (!isObject(stored) || stored['course'] !== COURSE) return { problem: 'This file is not progress that this course has saved.' };
  const lessons = readStored(stored);
  if (lessons === null) return { problem: 'A newer version of this course saved this file. Reload this page, then try again.' };
  const begun = Object.fromEntries(Object.entries(lessons).filter(([, lesson]) => hasBegun(lesson)));
  if (Object.keys(begun).length === 0) return { problem: 'There is no progress in this file.' };
  return { lessons: begun, found: summaryOf(begun) };
}

/** `2 lessons: 7 steps read, 3 checks passed, 2 questions answered` */
export function summaryOf(lessons: Lessons): string {
  const all = Object.values(lessons).filter(hasBegun);
  const sum = (count: (lesson: (typeof all)[number]) => number): number => all.reduce((total, lesson) => total + count(lesson), 0);
  const steps = counted(
    sum((lesson) => lesson.steps.length),
    'step',
  );
  const checks = counted(
    sum((lesson) => lesson.checks.length),
    'check',
  );
  const answers = counted(
    sum((lesson) => Object.keys(lesson.answers).length),
    'question',
  );
  return `${counted(all.length, 'lesson')}: ${steps} read, ${checks} passed, ${answers} answered`;
}
