/** A lesson's http checks, made at any of the two sides. */
import { type CheckTarget, runCheck } from '../../src/checks/index.ts';
import type { Check } from '../../src/lesson/format.ts';
import { visit } from './exchange.ts';
import type { Side } from './sides.ts';

/** Those that do not pass, with what was found. */
export async function failingHttp(checks: readonly Check[], side: Side): Promise<string[]> {
  const never = (): never => {
    throw new Error('only http checks are made here');
  };
  const target: CheckTarget = {
    readFile: never,
    run: never,
    events: never,
    unread: never,
    async request(path) {
      const [answer = { failed: 'no answer' }] = await visit({ name: path, wishes: [{ method: 'GET', path }] }, side.door);
      return answer;
    },
  };
  const failing: string[] = [];
  for (const check of checks) {
    if (check.kind !== 'http') continue;
    const { passed, found } = await runCheck(check, target);
    if (!passed) failing.push(`${check.id}: found ${found}`);
  }
  return failing;
}
