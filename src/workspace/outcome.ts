/** The checks, made for somebody else than the learner, who sees them being made. */
import type { Session } from './session.svelte.ts';

export interface Outcome {
  readonly total: number;
  /** Ids of those that did not pass. */
  readonly missing: readonly string[];
}

/** Starts the sandbox if there is none. `load` fetches the part that shows the checks. Throws when they could not be made. */
export async function outcomeOf(session: Session, load: () => Promise<unknown>): Promise<Outcome> {
  await load();
  const [{ loadedBoard }, { runChecks }] = await Promise.all([import('./check-board.ts'), import('../checks/index.ts')]);
  const { run } = loadedBoard(session);
  await run.run({ prepare: () => session.checkable(), runChecks });
  const made = run.rows.filter(({ state }) => state === 'passed' || state === 'not yet');
  if (made.length < run.rows.length) throw new Error(run.said);
  return { total: made.length, missing: made.flatMap(({ check, state }) => (state === 'passed' ? [] : [check.id])) };
}
