/** The learner's progress on this site: what to read of it, what to tell it. One store a page, free of any framework. */
import { KEY, ProgressStore } from './store.ts';

export { describe, type Score, scoreOf } from './describe.ts';
export { hasBegun, isDone, type LessonParts, type LessonProgress, lastPlace, type QuizAnswer } from './record.ts';
export type { ProgressStore } from './store.ts';

export const progress = new ProgressStore(() => (typeof window === 'undefined' ? null : window.localStorage));

if (typeof window !== 'undefined') {
  window.addEventListener('storage', (event) => {
    // no key: everything was cleared
    if (event.key === KEY || event.key === null) progress.changedElsewhere();
  });
}
