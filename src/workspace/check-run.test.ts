import { expect, it } from 'vitest';
import type { CheckResult, CheckTarget } from '../checks/index.ts';
import type { Check } from '../lesson/format.ts';
import { CheckRun, type Running } from './check-run.ts';

const check = (id: string): Check => ({
  kind: 'file',
  id,
  text: `${id} is there`,
  nudge: 'Look there.',
  hint: 'Make it.',
  exact: 'Type touch.',
  hints: [],
  keeps: false,
  path: '/x',
  exists: true,
});
let unread: string[] = [];
const target = { unread: async () => unread } as unknown as CheckTarget;
const CHECKS = [check('one'), check('two')];

/** Memory and checks of which the test decides what comes of them. */
function bench(remembered: string[] = [], checks: readonly Check[] = CHECKS) {
  const levels: Record<string, number> = {};
  const run = new CheckRun(checks, {
    passed: () => remembered,
    remember: (id) => remembered.push(id),
    revealed: (id) => levels[id] ?? 0,
    reveal: (id, count) => {
      levels[id] = count;
    },
  });
  const states: string[] = [];
  const with_ = (passing: readonly string[]): Running => ({
    prepare: async () => target,
    runChecks: async (made, _target, onResult = () => {}) => {
      const results = made.map(({ id }): CheckResult => {
        states.push(run.rows.map(({ state }) => state).join(', '));
        const passed = passing.includes(id);
        const result = { id, passed, found: `found ${id}`, hint: passed ? null : `mend ${id}`, exact: passed ? null : `type ${id}` };
        onResult(result);
        return result;
      });
      return results;
    },
  });
  const look = (passing: readonly string[]) => run.look(target, with_(passing).runChecks);
  const shown = () => run.rows.map(({ state }) => state);
  return { run, remembered, states, levels, with_, look, shown };
}

it('shows results one by one, and says the whole once', async () => {
  const { run, remembered, states, with_ } = bench();
  expect(run.rows.map(({ state }) => state)).toEqual(['pending', 'pending']);
  await run.run(with_(['one']));
  expect(states).toEqual(['running, pending', 'passed, running']);
  expect(run.rows).toMatchObject([
    { state: 'passed', found: '', levels: [] },
    { state: 'not yet', found: 'found two', note: '', levels: ['Look there.', 'mend two', 'type two'], revealed: 0 },
  ]);
  // help comes on request, also to those who hear the page
  expect(run.said).toBe('1 of 2 passed. Not yet: two is there.');
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

it('reveals help level by level, and remembers how much', async () => {
  const { run, with_, levels } = bench();
  await run.run(with_(['one']));
  const revealed = () => run.rows.map((row) => row.revealed);
  run.reveal('two');
  expect([revealed(), levels]).toEqual([[0, 1], { two: 1 }]);
  for (let press = 0; press < 4; press++) run.reveal('two');
  expect([revealed(), levels]).toEqual([[0, 3], { two: 3 }]);
  await run.run(with_([]));
  expect(revealed()).toEqual([0, 3]);
});

it('has one thing to say where the checks know better than the lesson', async () => {
  const { run, with_ } = bench();
  const result = { id: 'one', passed: false, found: '', hint: 'Press Restart servers.', exact: null };
  await run.run({ ...with_([]), runChecks: async (_checks, _target, onResult) => [onResult?.(result) ?? result] });
  expect(run.rows[0]).toMatchObject({ state: 'not yet', note: 'Press Restart servers.', levels: [] });
  expect(run.said).toMatch(/Not yet: one is there\. Press Restart servers\.$/);
});

it('ticks by itself what has become so, and says nothing of what nobody has asked for', async () => {
  const { look, shown, remembered, run } = bench();
  expect(await look([])).toBe('');
  expect(shown()).toEqual(['pending', 'pending']);
  expect(await look(['two'])).toBe('Done: two is there.');
  expect([shown(), remembered, run.failures]).toEqual([['pending', 'passed'], ['two'], 0]);
  expect(await look(['two'])).toBe('');
});

it('shows what is no longer so, with help, and what is so again', async () => {
  const { look, shown, run, with_ } = bench();
  await run.run(with_(['one', 'two']));
  expect(await look(['two'])).toBe('No longer so: one is there.');
  expect(shown()).toEqual(['lost', 'passed']);
  expect(run.rows[0]).toMatchObject({ found: 'found one', levels: ['Look there.', 'mend one', 'type one'] });
  expect(run.done).toBe(false);
  expect(await look(['one', 'two'])).toBe('Done: one is there.');
  expect(run.done).toBe(true);
});

it('what is so again is shown so again, also while another file is unread', async () => {
  const { look, shown, run, with_ } = bench();
  await run.run(with_(['one', 'two']));
  await look(['two']);
  unread = ['/srv/shop/app/wsgi.py'];
  expect(await look(['one', 'two'])).toBe('Done: one is there.');
  expect([shown(), run.done]).toEqual([['passed', 'passed'], false]);
  unread = [];
});

it('what has happened before a new start is so from earlier; only cheap checks are looked at, and no rule that must go on to hold', async () => {
  const event: Check = { ...check('seen'), kind: 'event', type: 'log', where: {}, atLeast: 1 };
  const http: Check = { ...check('web'), kind: 'http', url: '/' };
  const { look, shown, run, with_, states } = bench([], [event, http, { ...check('kept'), keeps: true }]);
  expect(await look(['seen', 'web', 'kept'])).toBe('Done: seen is there.');
  expect(shown()).toEqual(['passed', 'pending', 'pending']);
  await run.run(with_(['seen', 'web', 'kept']));
  states.length = 0;
  expect(await look(['web'])).toBe('No longer so: kept is there.');
  expect([shown(), states.length]).toEqual([['earlier', 'passed', 'lost'], 2]);
});

it('ticks nothing while a file is unread, and leaves the field to the learner who checks meanwhile', async () => {
  const { look, shown, remembered, run, with_ } = bench();
  unread = ['/srv/shop/uwsgi.ini'];
  expect(await look(['one'])).toBe('');
  expect([shown(), remembered]).toEqual([['pending', 'pending'], []]);
  unread = [];
  const slow = run.look(target, async (checks, ...rest) => {
    const results = await with_(['one', 'two']).runChecks(checks, ...rest);
    void run.run({ ...with_([]), prepare: () => new Promise(() => {}) });
    return results;
  });
  expect(await slow).toBe('');
  expect(remembered).toEqual([]);
});

it('a look that ends after the learner has asked and got an answer changes nothing of that answer', async () => {
  const { shown, remembered, run, with_ } = bench();
  const slow = run.look(target, async (checks, ...rest) => {
    const results = await with_(['one', 'two']).runChecks(checks, ...rest);
    await run.run(with_([]));
    return results;
  });
  expect(await slow).toBe('');
  expect([shown(), remembered]).toEqual([['not yet', 'not yet'], []]);
});
