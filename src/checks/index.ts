/** Checks of a lesson: data about what can be observed in a sandbox, made against any CheckTarget. No DOM, no Node. */
export { configValue } from './config.ts';
export { CHECK_LIMIT_MS, type CheckResult, runCheck, runChecks } from './run.ts';
export type { Answer, CheckTarget } from './target.ts';
