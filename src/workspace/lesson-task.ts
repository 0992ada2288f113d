/** What the learner is to bring about in a lesson: data of its own, fetched when it is wanted, so that the page does not carry it. */
import type { Check, LessonData, SolutionStep } from '../lesson/format.ts';
import { siteBase, siteBuild } from '../site.ts';

export interface LessonTask {
  readonly task: string;
  readonly checks: readonly Check[];
  /** What to do once the solution's files are in place. */
  readonly steps: readonly SolutionStep[];
  /** The page compares several answers; the solution is one of them. */
  readonly compares: boolean;
}

/** The part of a lesson's data that its page leaves out. */
export function taskOf({ task, checks, solution, answers }: LessonData): LessonTask {
  return { task, checks, steps: solution, compares: answers.length > 0 };
}

/** Throws an error that says what is missing. */
export async function fetchTask(slug: string): Promise<LessonTask> {
  // It has no hash in its name: the page's build says which one is meant (src/offline/service-worker.ts).
  const build = siteBuild();
  const answer = await fetch(`${siteBase()}lessons/${slug}/task.json${build ? `?build=${build}` : ''}`).catch(() => null);
  if (!answer?.ok)
    throw new Error(`the checks could not be downloaded: ${answer ? `the site answered ${answer.status}` : 'the network did not answer'}`);
  const task = (await answer.json()) as LessonTask & { readonly build?: string };
  // A host that was updated has only the new ones, which may not fit the lesson on this page.
  if (task.build !== build) throw new Error('the course has been updated meanwhile. Reload the page to get its checks');
  return task;
}
