import { expect, it } from 'vitest';
import type { CheckResult, CheckTarget } from '../checks/index.ts';
import type { Check } from '../lesson/format.ts';
import { CheckRun, type Running } from './check-run.ts';

const check = (id: string): Check => ({
  kind: 'file',
  id,
  text: `${id} is there`,
  hint: 'Make it.',
  hints: [],
  keeps: false,
  path: '/x',
  exists: true,
});
let unread: string[] = [];
const target = { unread: async () => unread } as unknown as CheckTarget;
const CHECKS = [check('one'), check('two')];

/** Memory and checks of which the test decides what comes of them. */
function bench(remembered: string[] = []) {
  const run = new CheckRun(CHECKS, { passed: () => remembered, remember: (id) => remembered.push(id) });
  const states: string[] = [];
  const with_ = (passing: readonly string[]): Running => ({
    prepare: async () => target,
    runChecks: async (checks, _target, onResult) => {
      for (const { id } of checks) {
        states.push(run.rows.map(({ state }) => state).join(', '));
        const passed = passing.includes(id);
        const result: CheckResult = { id, passed, found: `found ${id}`, hint: passed ? null : `mend ${id}` };
        onResult(result);
      }
    },
  });
  return { run, remembered, states, with_ };
}

it('shows results one by one, and says the whole once', async () => {
  const { run, remembered, states, with_ } = bench();
  expect(run.rows.map(({ state }) => state)).toEqual(['pending', 'pending']);
  await run.run(with_(['one']));
  expect(states).toEqual(['running, pending', 'passed, running']);
  expect(run.rows).toMatchObject([
    { state: 'passed', found: '', hint: '' },
    { state: 'not yet', found: 'found two', hint: 'mend two' },
  ]);
  expect(run.said).toBe('1 of 2 passed. Not yet: two is there. mend two');
  expect([run.done, run.running, run.failures, remembered]).toEqual([false, false, 1, ['one']]);
  await run.run(with_(['one', 'two']));
  expect([run.done, run.failures, run.said]).toEqual([true, 1, 'All 2 checks passed.']);
});

it('concludes nothing while a file is unread, and after it was read only when the checks were made again', async () => {
  const { run, remembered, with_ } = bench();
  unread = ['/srv/shop/uwsgi.ini'];
  await run.run(with_(['one', 'two']));
  expect([run.done, remembered]).toEqual([false, []]);
  expect(run.said).toBe('All 2 checks passed, but uwsgi.ini has not been read yet. Restart servers, then check again.');
  unread = [];
  expect(run.done).toBe(false);
  await run.run(with_(['one', 'two']));
  expect([run.done, remembered]).toEqual([true, ['one', 'two']]);
});

it('remembers what passed, until it is looked at again', async () => {
  const { run, with_, remembered } = bench(['one', 'two']);
  expect(run.rows.map(({ state }) => state)).toEqual(['earlier', 'earlier']);
  expect(run.done).toBe(true);
  await run.run(with_(['one']));
  expect(run.done).toBe(false);
  remembered.length = 0;
  run.recall();
  expect(run.rows.map(({ state }) => state)).toEqual(['passed', 'not yet']);
});

it('says so when nothing could be checked, and a second press changes nothing', async () => {
  const { run, with_ } = bench();
  let started = 0;
  const prepare = async () => {
    started++;
    return null;
  };
  const cannot: Running = { ...with_([]), prepare };
  await Promise.all([run.run(cannot), run.run(cannot)]);
  expect(started).toBe(1);
  expect(run.said).toContain('could not be started');
  expect([run.running, run.failures, run.rows[0]?.state]).toEqual([false, 0, 'pending']);
  await run.run({ ...with_([]), prepare: () => Promise.reject(new Error('No space left on device')) });
  expect(run.said).toBe('Nothing was checked: No space left on device');
});
