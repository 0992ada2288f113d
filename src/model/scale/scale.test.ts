import { describe, expect, test } from 'vitest';
import { CASES } from './cases.ts';
import { runMachine } from './machine.ts';
import { grow, MOST, type Page, type Plan, WORK } from './plan.ts';
import { coresWords, limitWords } from './words.ts';

const plan = (given: Partial<Plan> = {}): Plan => ({ cores: 1, machines: 1, processes: 1, page: 'computes', ...given });
const perSecond = (given: Partial<Plan>) => grow(plan(given)).python.perSecond;
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

describe('a page that computes', () => {
  test('one process has the throughput of one core, however many there are', () => {
    for (const cores of upTo(MOST.cores)) expect(grow(plan({ cores })).python).toEqual({ perSecond: 10, busyCores: 1 });
  });

  test('processes use as many cores as there are of either', () => {
    for (const cores of upTo(MOST.cores))
      for (const processes of upTo(MOST.processes))
        expect(perSecond({ cores, processes }), `${cores} cores, ${processes} processes`).toBe(10 * Math.min(cores, processes));
  });

  test('one w3wp.exe uses all cores at once', () => {
    for (const cores of upTo(MOST.cores)) expect(grow(plan({ cores })).dotnet).toEqual({ perSecond: 10 * cores, busyCores: cores });
  });
});

describe('a page that waits', () => {
  const page = 'waits';

  test('more processes help on one core, until it is busy all the time', () => {
    expect(upTo(12).map((processes) => perSecond({ page, processes }))).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 100, 100]);
    expect(grow(plan({ page, processes: 3 })).python.busyCores).toBeCloseTo(0.3);
  });

  test('more cores do not help one process, and a w3wp.exe waits for many at once', () => {
    expect(perSecond({ page, cores: 8 })).toBe(10);
    expect(grow(plan({ page })).dotnet.perSecond).toBe(100);
  });
});

test('several machines multiply what one serves', () => {
  for (const page of ['computes', 'waits'] as const)
    for (const machines of upTo(MOST.machines)) {
      const [one, many] = [plan({ cores: 2, processes: 3, page }), plan({ cores: 2, processes: 3, page, machines })];
      expect(grow(many).python.perSecond).toBe(machines * grow(one).python.perSecond);
      expect(grow(many).cores).toBe(2 * machines);
    }
});

test('nobody serves more than the hardware could, or less than ASP.NET with as many seats', () => {
  for (const page of Object.keys(WORK) as Page[])
    for (const cores of upTo(MOST.cores))
      for (const processes of upTo(MOST.processes)) {
        const { best, dotnet, python } = grow(plan({ cores, processes, page }));
        expect(python.perSecond).toBeLessThanOrEqual(best);
        expect(dotnet.perSecond).toBe(best);
        // what was computed and what was answered tell the same story
        expect(python.busyCores).toBeCloseTo((python.perSecond * WORK[page].cpu) / 1000, 1);
      }
});

test('what the processes do: as many compute as have a core', () => {
  const count = (cores: number, seats: number, doing: string) =>
    runMachine(cores, seats, WORK.computes).doing.filter((one) => one === doing).length;
  expect([count(8, 3, 'computes'), count(8, 3, 'queues')]).toEqual([3, 0]);
  expect([count(2, 5, 'computes'), count(2, 5, 'queues')]).toEqual([2, 3]);
  expect(runMachine(1, 1, { cpu: 1, wait: 999 }).doing).toEqual(['waits']);
});

describe('in words', () => {
  const said = (given: Partial<Plan>) => limitWords(plan(given), grow(plan(given)));

  test.each<[Partial<Plan>, RegExp]>([
    [{ cores: 8 }, /^One process uses one core: seven are idle\. More cores would change nothing/],
    [{ cores: 2 }, /^One process uses one core: one is idle\./],
    [{ cores: 8, processes: 3 }, /^Three processes use three cores: five are idle\.$/],
    [{}, /^The core is busy all the time\. Now a bigger machine helps/],
    [{ cores: 8, processes: 8 }, /^All eight cores are busy all the time\. Now a bigger machine/],
    [{ cores: 8, processes: 9 }, /One process more than the cores can feed only takes turns with the others, and costs memory\.$/],
    [{ cores: 2, processes: 16 }, /14 processes more than the cores can feed only take turns with the others, and cost memory\.$/],
    [{ cores: 16, processes: 16 }, /^All 16 cores/],
    [{ page: 'waits' }, /^The one process waits .* even on one core\.$/],
    [{ page: 'waits', processes: 4, cores: 2 }, /^Four processes wait .* More processes help/],
    [{ page: 'waits', processes: 12 }, /^The core is busy all the time\. Two processes more/],
    [{ cores: 8, machines: 3 }, /So it is on each of the three machines\.$/],
  ])('%j', (given, words) => {
    expect(said(given)).toMatch(words);
  });

  test('numbers', () => {
    const { cores, python } = grow(plan({ cores: 2, machines: 2, processes: 3, page: 'waits' }));
    expect(coresWords(python, cores)).toBe('0.6 of 4 cores');
    expect(coresWords({ perSecond: 10, busyCores: 1 }, 1)).toBe('1 of 1 core');
  });
});

test('the table has each way to grow, and no case twice', () => {
  expect(new Set(CASES.map(({ label }) => label)).size).toBe(CASES.length);
  for (const one of CASES) for (const key of ['cores', 'machines', 'processes'] as const) expect(one[key]).toBeLessThanOrEqual(MOST[key]);
  expect(CASES.map((one) => grow(one).python.perSecond)).toEqual([10, 10, 80, 80, 80, 10, 80]);
});
