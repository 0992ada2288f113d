/** Progress in words, the same on every page. */
import { hasBegun, isDone, type LessonParts, type LessonProgress } from './record.ts';

/** How far a lesson is, in numbers; what the lesson does not have any more counts nowhere. */
export interface Score {
  readonly steps: number;
  readonly checks: number;
  /** Questions whose last answer is right. */
  readonly right: number;
  /** Questions that were answered right at the first try, and how many have been answered at all. */
  readonly firstTry: number;
  readonly answered: number;
}

export function scoreOf(lesson: LessonProgress, steps: number, parts: LessonParts): Score {
  const answers = Object.entries(lesson.answers).flatMap(([question, answer]) => (Number(question) < parts.questions ? [answer] : []));
  return {
    steps: lesson.steps.filter((step) => step <= steps).length,
    checks: parts.checks.filter((id) => lesson.checks.includes(id)).length,
    right: answers.filter(({ right }) => right).length,
    firstTry: answers.filter(({ firstTry }) => firstTry).length,
    answered: answers.length,
  };
}

/** `3 of 6 steps read, 1 of 3 checks passed, 0 of 2 questions answered right` */
export function describe(lesson: LessonProgress, steps: number, parts: LessonParts): string {
  if (!hasBegun(lesson)) return 'Not begun';
  if (isDone(lesson, parts)) return 'Done';
  const score = scoreOf(lesson, steps, parts);
  return [
    `${score.steps} of ${counted(steps, 'step')} read`,
    `${score.checks} of ${counted(parts.checks.length, 'check')} passed`,
    `${score.right} of ${counted(parts.questions, 'question')} answered right`,
  ].join(', ');
}

/** `1 step`, `2 steps` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
