/**
 * The stored form of progress: written, read back, and brought up from the forms of older sites. Whatever stands there may be damaged
 * or of another hand: only what has the right form is taken over, the rest counts as not there. Nothing here throws.
 */
import { isObject } from '../is-object.ts';
import { type LessonProgress, type Lessons, NOTHING, type Place, type QuizAnswer } from './record.ts';

export const VERSION = 2;

type Stored = Readonly<Record<string, unknown>>;

/** How a stored lesson of one version becomes one of the next, part by part; of what it is, only the form it needs is asked. */
const MIGRATIONS: Readonly<Record<number, (lesson: Stored) => Stored>> = {
  // 2: when each answer was chosen, and where the learner was last. Neither was written down before.
  1: ({ steps, answers, ...rest }) => ({
    ...rest,
    steps,
    answers: mapped(answers, (answer) => (isObject(answer) ? { ...answer, at: 0 } : answer)),
    place: placeAfter(numbersOf(steps)),
  }),
};

export function write(lessons: Lessons): string {
  return JSON.stringify({ version: VERSION, lessons });
}

/** The lessons in a stored text; null when a newer site wrote it, which must not be written over. */
export function read(text: string | null): Lessons | null {
  return readStored(parse(text));
}

/** The same for what has been parsed already. */
export function readStored(stored: unknown): Lessons | null {
  if (!isObject(stored)) return {};
  const { version, lessons } = stored;
  if (!Number.isInteger(version) || Number(version) < 1) return {};
  if (Number(version) > VERSION) return null;
  if (!isObject(lessons)) return {};
  return Object.fromEntries(
    Object.entries(lessons)
      .filter(([slug]) => isSlug(slug))
      .map(([slug, lesson]) => [slug, readLesson(migrated(lesson, Number(version)))]),
  );
}

/** A lesson of any version that is known, in the form of today's. */
function migrated(lesson: unknown, from: number): unknown {
  let result = lesson;
  for (let version = from; version < VERSION; version++) if (isObject(result)) result = MIGRATIONS[version]?.(result);
  return result;
}

function readLesson(stored: unknown): LessonProgress {
  if (!isObject(stored)) return NOTHING;
  const { steps, checks, answers, place } = stored;
  return {
    steps: numbersOf(steps),
    checks: Array.isArray(checks) ? [...new Set(checks.filter((id) => typeof id === 'string'))].sort() : [],
    answers: isObject(answers) ? Object.fromEntries(Object.entries(answers).flatMap(readAnswer)) : {},
    place: readPlace(place),
  };
}

/** Numbers of steps, each once and in order. */
function numbersOf(steps: unknown): number[] {
  if (!Array.isArray(steps)) return [];
  return [...new Set(steps.filter((step) => isCount(step) && step > 0))].sort((a, b) => a - b);
}

function readAnswer([question, answer]: readonly [string, unknown]): [string, QuizAnswer][] {
  if (!/^(0|[1-9]\d{0,5})$/.test(question) || !isObject(answer)) return [];
  const { chosen, right, firstTry, at } = answer;
  if (!isCount(chosen) || typeof right !== 'boolean' || typeof firstTry !== 'boolean') return [];
  return [[question, { chosen, right, firstTry, at: timeOf(at) }]];
}

function readPlace(place: unknown): Place | null {
  return isObject(place) && isCount(place['step']) && place['step'] > 0 ? { step: place['step'], at: timeOf(place['at']) } : null;
}

const placeAfter = (steps: readonly number[]): Place | null => (steps.length ? { step: steps.at(-1) ?? 1, at: 0 } : null);

const timeOf = (at: unknown): number => (isCount(at) ? at : 0);

const isSlug = (text: string): boolean => /^[a-z0-9-]+$/.test(text);

function isCount(value: unknown): value is number {
  // -0 would be written as 0 and then be another one
  return Number.isSafeInteger(value) && Number(value) >= 0 && !Object.is(value, -0);
}

function mapped(value: unknown, change: (one: unknown) => unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one)])) : value;
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
