/**
 * What is remembered of a lesson, and how two memories of it become one. Everything here is pure; what stands in storage is read in
 * stored.ts.
 */

export interface QuizAnswer {
  /** Index of the answer chosen last. */
  readonly chosen: number;
  readonly right: boolean;
  /** Was the first choice the right one? */
  readonly firstTry: boolean;
  /** When it was chosen, in milliseconds since 1970; 0 when nobody wrote it down. */
  readonly at: number;
}

/** Where the learner was last. */
export interface Place {
  readonly step: number;
  /** Milliseconds since 1970; 0 when nobody wrote it down. */
  readonly at: number;
}

export interface LessonProgress {
  /** Numbers of the steps that were read, in ascending order. */
  readonly steps: readonly number[];
  /** Ids of the checks that have passed, in alphabetical order. */
  readonly checks: readonly string[];
  /** By the question's index in the lesson. */
  readonly answers: Readonly<Record<number, QuizAnswer>>;
  /** The step that was read last; null when there is none. */
  readonly place: Place | null;
}

/** What a lesson asks for, to tell whether it is done. */
export interface LessonParts {
  readonly checks: readonly string[];
  readonly questions: number;
}

/** By the lesson's slug. */
export type Lessons = Readonly<Record<string, LessonProgress>>;

export const NOTHING: LessonProgress = { steps: [], checks: [], answers: {}, place: null };

/** All checks have passed and all questions are answered right. */
export function isDone({ checks, answers }: LessonProgress, parts: LessonParts): boolean {
  const questions = Array.from({ length: parts.questions }, (_, question) => question);
  return parts.checks.every((id) => checks.includes(id)) && questions.every((question) => answers[question]?.right === true);
}

export function hasBegun({ steps, checks, answers }: LessonProgress): boolean {
  return steps.length > 0 || checks.length > 0 || Object.keys(answers).length > 0;
}

/** The lesson that was worked on last, of which the step that was read last is known. */
export function lastPlace(lessons: Lessons): ({ readonly slug: string } & Place) | null {
  const places = Object.entries(lessons).flatMap(([slug, { place }]) => (place ? [{ slug, ...place }] : []));
  return places.reduce<(typeof places)[number] | null>((last, one) => (last && last.at >= one.at ? last : one), null);
}

/**
 * Both together. Which of the two comes first makes no difference: of an answer the later choice counts, and a first try was right
 * only if both say so.
 */
export function merged(one: LessonProgress, other: LessonProgress): LessonProgress {
  return {
    steps: [...new Set([...one.steps, ...other.steps])].sort((a, b) => a - b),
    checks: [...new Set([...one.checks, ...other.checks])].sort(),
    answers: mergedRecords(one.answers, other.answers, mergedAnswer),
    place: laterPlace(one.place, other.place),
  };
}

/** Both together, lesson by lesson. */
export const mergedLessons = (one: Lessons, other: Lessons): Lessons => mergedRecords(one, other, merged);

function mergedRecords<T>(
  one: Readonly<Record<string, T>>,
  other: Readonly<Record<string, T>>,
  both: (a: T, b: T) => T,
): Record<string, T> {
  const result = new Map(Object.entries(one));
  for (const [key, value] of Object.entries(other)) {
    const before = result.get(key);
    result.set(key, before === undefined ? value : both(before, value));
  }
  return Object.fromEntries(result);
}

function mergedAnswer(a: QuizAnswer, b: QuizAnswer): QuizAnswer {
  // of two at the same time there is no later one: then the right one counts, or else any, but always the same
  const rank = ({ at, right, chosen }: QuizAnswer): number[] => [at, Number(right), chosen];
  return { ...(isHigher(rank(a), rank(b)) ? a : b), firstTry: a.firstTry && b.firstTry };
}

function laterPlace(a: Place | null, b: Place | null): Place | null {
  if (!a || !b) return a ?? b;
  return isHigher([a.at, a.step], [b.at, b.step]) ? a : b;
}

/** Compares two ranks of the same length, the first number in which they differ decides. */
function isHigher(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}
