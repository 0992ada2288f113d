/** What a host is told of a learner's progress: pure, from what was remembered before and is remembered now. */
import { isDone, type LessonParts, type LessonProgress, scoreOf } from '../progress/index.ts';
import { NOTHING } from '../progress/record.ts';
import { read, write } from '../progress/stored.ts';
import type { Told } from './messages.ts';
import { Refusal } from './protocol.ts';
import { MOST_TEXT } from './shape.ts';

/** What there is in a lesson; stands in the page. */
export interface Parts {
  readonly slug: string;
  readonly title: string;
  readonly steps: number;
  readonly checks: readonly { readonly id: string; readonly text: string }[];
  /** What the playground can begin with. */
  readonly starts: readonly string[];
  readonly questions: readonly { readonly text: string; readonly answers: readonly string[] }[];
}

const partsOf = ({ checks, questions }: Parts): LessonParts => ({ checks: checks.map(({ id }) => id), questions: questions.length });

/** How things stand: how far, how well, the state for `restore`, and whether all is done; without a score and an end where nothing is scored. */
export function standing(lesson: LessonProgress, parts: Parts): readonly Told[] {
  const score = scoreOf(lesson, parts.steps, partsOf(parts));
  const raw = score.checks + score.right;
  const max = parts.checks.length + parts.questions.length;
  const all = max + parts.steps;
  return [
    { event: 'progress', detail: { value: all ? (raw + score.steps) / all : 0 } },
    ...(max ? [{ event: 'score', detail: { raw, max, scaled: raw / max } } as const] : []),
    { event: 'state', detail: { state: stateOf(lesson, parts) } },
    ...(max && isDone(lesson, partsOf(parts)) ? [{ event: 'completed', detail: { passed: true } } as const] : []),
  ];
}

/** What has happened between the two, then how things stand; nothing when nothing has. */
export function changes(before: LessonProgress, after: LessonProgress, parts: Parts): readonly Told[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const answers = parts.questions.flatMap(({ text, answers }, question): Told[] => {
    const [was, is] = [before.answers[question], after.answers[question]];
    if (!is || (was?.chosen === is.chosen && was.at === is.at)) return [];
    const id = `${parts.slug}/question-${question + 1}`;
    return [{ event: 'answered', detail: { id, type: 'choice', response: answers[is.chosen] ?? '', correct: is.right, text } }];
  });
  const checks = parts.checks
    .filter(({ id }) => after.checks.includes(id) && !before.checks.includes(id))
    .map(({ id, text }): Told => {
      return { event: 'answered', detail: { id: `${parts.slug}/${id}`, type: 'performance', response: 'passed', correct: true, text } };
    });
  const known = isDone(before, partsOf(parts));
  return [...answers, ...checks, ...standing(after, parts).filter(({ event }) => !known || event !== 'completed')];
}

/** At most MOST_TEXT characters, of ASCII alone: an LMS may keep no more. */
export function stateOf(lesson: LessonProgress, { slug }: Pick<Parts, 'slug'>): string {
  const whole = write({ [slug]: lesson });
  return whole.length <= MOST_TEXT ? whole : write({ [slug]: { ...lesson, answers: {} } });
}

/** The lesson's progress in a state; the empty one is of a learner who begins. Throws a Refusal for what is none of this lesson. */
export function progressIn(state: string, { slug }: Pick<Parts, 'slug'>): LessonProgress {
  if (state === '') return NOTHING;
  const lessons = read(state);
  if (lessons === null) throw new Refusal('bad-state', 'That state was written by a newer version of this site. It is left as it is.');
  const lesson = Object.hasOwn(lessons, slug) ? lessons[slug] : undefined;
  if (!lesson)
    throw new Refusal(
      'bad-state',
      `That is no state of ${slug}. Give restore() what a state event of this lesson brought, or '' for a new learner.`,
    );
  return lesson;
}
