/** Runs a lesson's checks. Nothing here throws: a check that cannot be made has failed, and says why. */
import type { Check } from '../lesson/format.ts';
import { fits, type Observation, observe } from './observe.ts';
import type { CheckTarget } from './target.ts';

export interface CheckResult {
  readonly id: string;
  readonly passed: boolean;
  /** What was found, short enough for a line or two. */
  readonly found: string;
  /** What is wrong and what to do; null when passed. */
  readonly hint: string | null;
  /** The line or command that mends it. Null when passed, and when the hint says all there is to say. */
  readonly exact: string | null;
}

export const CHECK_LIMIT_MS = 10_000;
const SHOWN = 160;

/** Makes one check. */
export async function runCheck(check: Check, target: CheckTarget, limitMs: number = CHECK_LIMIT_MS): Promise<CheckResult> {
  const { id } = check;
  try {
    const { passed, found, hint } = await inTime(check, target, limitMs);
    const help = hint === undefined ? helpFor(check, found) : { hint, exact: null };
    return { id, passed, found: shorten(found), ...(passed ? { hint: null, exact: null } : help) };
  } catch (error) {
    return { id, passed: false, ...failure(check, error, limitMs / 1000) };
  }
}

/** Makes the checks one after another, as one may start what the next would see. `onResult` hears of each as it is made. */
export async function runChecks(
  checks: readonly Check[],
  target: CheckTarget,
  onResult: (result: CheckResult) => void = () => {},
  limitMs: number = CHECK_LIMIT_MS,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const result = await runCheck(check, target, limitMs);
    results.push(result);
    onResult(result);
  }
  return results;
}

class TooLate extends Error {}

/** A request that nobody answers is something found, and lessons have hints for it; all else is no fault of the learner's. */
function failure(check: Check, error: unknown, seconds: number): Omit<CheckResult, 'id' | 'passed'> {
  if (!(error instanceof TooLate))
    return {
      found: shorten(`This could not be checked: ${error instanceof Error ? error.message : String(error)}`),
      hint: 'Make sure that the sandbox runs, then check again.',
      exact: null,
    };
  if (check.kind === 'http') {
    const found = `0 No answer came within ${seconds} seconds.`;
    return { found, ...helpFor(check, found) };
  }
  return {
    found: `Given up: it took longer than ${seconds} seconds.`,
    hint: 'Something does not come to an end. Look at the server log, press Restart servers, then check again.',
    exact: null,
  };
}

async function inTime(check: Check, target: CheckTarget, limitMs: number): Promise<Observation> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = new AbortController();
  const timer = setTimeout(() => {
    reject(new TooLate());
    abort.abort(new Error('the check took too long'));
  }, limitMs);
  try {
    return await Promise.race([observe(check, target, abort.signal), promise]);
  } finally {
    clearTimeout(timer);
  }
}

function helpFor({ hint, hints, exact }: Check, found: string): { readonly hint: string; readonly exact: string } {
  const fitting = hints.find(({ when }) => fits(when, found));
  return { hint: fitting?.say ?? hint, exact: fitting?.exact ?? exact };
}

function shorten(text: string): string {
  const characters = [...text.trim().slice(0, 2 * SHOWN + 2)];
  return characters.length <= SHOWN
    ? characters.join('')
    : `${characters
        .slice(0, SHOWN - 1)
        .join('')
        .trimEnd()}…`;
}
