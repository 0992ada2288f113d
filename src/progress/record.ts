/**
 * What is remembered of a lesson, and reading it back from storage. Whatever stands in there may be of an older site, of a newer
 * one, or damaged: only what has the right form is taken over, the rest counts as not there.
 */

export interface QuizAnswer {
  /** Index of the answer chosen last. */
  readonly chosen: number;
  readonly right: boolean;
  /** Was the first choice the right one? */
  readonly firstTry: boolean;
}

export interface LessonProgress {
  /** Numbers of the steps that were read, in ascending order. */
  readonly steps: readonly number[];
  /** Ids of the checks that have passed. */
  readonly checks: readonly string[];
  /** By the question's index in the lesson. */
  readonly answers: Readonly<Record<number, QuizAnswer>>;
}

/** What a lesson asks for, to tell whether it is done. */
export interface LessonParts {
  readonly checks: readonly string[];
  readonly questions: number;
}

/** By the lesson's slug. */
export type Lessons = Readonly<Record<string, LessonProgress>>;

const VERSION = 1;
export const NOTHING: LessonProgress = { steps: [], checks: [], answers: {} };

/** All checks have passed and all questions are answered right. */
export function isDone({ checks, answers }: LessonProgress, parts: LessonParts): boolean {
  const questions = Array.from({ length: parts.questions }, (_, question) => question);
  return parts.checks.every((id) => checks.includes(id)) && questions.every((question) => answers[question]?.right === true);
}

export function hasBegun({ steps, checks, answers }: LessonProgress): boolean {
  return steps.length > 0 || checks.length > 0 || Object.keys(answers).length > 0;
}

/** Both together; where they differ over an answer, the second one counts. */
export function merged(one: LessonProgress, other: LessonProgress): LessonProgress {
  return {
    steps: [...new Set([...one.steps, ...other.steps])].sort((a, b) => a - b),
    checks: [...new Set([...one.checks, ...other.checks])],
    answers: { ...one.answers, ...other.answers },
  };
}

export function write(lessons: Lessons): string {
  return JSON.stringify({ version: VERSION, lessons });
}

/** The lessons in a stored text; null when a newer site wrote it, which must not be written over. */
export function read(text: string | null): Lessons | null {
  const stored = parse(text);
  if (!isObject(stored)) return {};
  if (stored['version'] !== VERSION) return typeof stored['version'] === 'number' && stored['version'] > VERSION ? null : {};
  if (!isObject(stored['lessons'])) return {};
  return Object.fromEntries(
    Object.entries(stored['lessons'])
      .filter(([slug]) => /^[a-z0-9-]+$/.test(slug))
      .map(([slug, lesson]) => [slug, readLesson(lesson)]),
  );
}

function readLesson(stored: unknown): LessonProgress {
  if (!isObject(stored)) return NOTHING;
  const { steps, checks, answers } = stored;
  return {
    steps: Array.isArray(steps) ? steps.filter((step) => isCount(step) && step > 0) : [],
    checks: Array.isArray(checks) ? checks.filter((id) => typeof id === 'string') : [],
    answers: isObject(answers) ? Object.fromEntries(Object.entries(answers).flatMap(readAnswer)) : {},
  };
}

function readAnswer([question, answer]: readonly [string, unknown]): [number, QuizAnswer][] {
  return /^\d+$/.test(question) && isAnswer(answer) ? [[Number(question), answer]] : [];
}

function isAnswer(value: unknown): value is QuizAnswer {
  return isObject(value) && isCount(value['chosen']) && typeof value['right'] === 'boolean' && typeof value['firstTry'] === 'boolean';
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
