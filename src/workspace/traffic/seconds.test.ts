import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TraceLog } from '../../trace/log.ts';
import { indexOf } from '../../trace/trace-index.ts';
import { mostAtOnce, rank, Seconds, secondOf } from './seconds.ts';

const FIXTURES = join(import.meta.dirname, '../../trace/fixtures');
const recorded = readdirSync(FIXTURES).filter((name) => name.endsWith('.ndjson'));
const read = (name: string): TraceLog => TraceLog.parse(readFileSync(join(FIXTURES, name), 'utf8'));

it('ranks', () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1);
  expect([rank(values, 0.5), rank(values, 0.95), rank(values, 0.99), rank([7], 0.5), rank([], 0.5)]).toEqual([50, 95, 99, 7, null]);
});

it('counts what lies over one another', () => {
  expect(
    mostAtOnce(
      [
        [0, 10],
        [5, 20],
        [10, 30],
      ],
      0,
      100,
    ),
  ).toBe(2);
  expect(
    mostAtOnce(
      [
        [0, Number.POSITIVE_INFINITY],
        [5, 6],
      ],
      10,
      20,
    ),
  ).toBe(1);
  expect(mostAtOnce([], 0, 1)).toBe(0);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(50))), (pairs) => {
      const stretches = pairs.map(([from, length]) => [from, from + length + 1] as const);
      const most = mostAtOnce(stretches, 10, 40);
      const seen = Array.from({ length: 30 }, (_, i) => stretches.filter(([from, to]) => from <= 10 + i && to > 10 + i).length);
      expect(most).toBe(Math.max(0, ...seen));
    }),
  );
});

it.each(recorded)('%s: every request that ended is counted once, and no more workers are busy than there were requests', (name) => {
  const log = read(name);
  const all = Array.from({ length: Math.ceil(log.end / 1000) + 1 }, (_, at) => secondOf(log, at));
  const { list } = indexOf(log).requests;
  const ended = list.filter(({ end }) => Number.isFinite(end));
  expect(all.reduce((sum, { answers, failed }) => sum + answers + failed, 0)).toBe(ended.length);
  for (const { p50, p95, p99, busy } of all) {
    expect((p50 ?? 0) <= (p95 ?? 0) && (p95 ?? 0) <= (p99 ?? 0)).toBe(true);
    expect(busy).toBeLessThanOrEqual(list.length);
  }
});

it('a log that grows says the same at last as one that was whole from the start', () => {
  const [name = ''] = recorded;
  const { events, end } = read(name);
  const growing = new TraceLog();
  const seconds = new Seconds(growing);
  for (const [i, event] of events.entries()) {
    growing.add([event]);
    if (i % 20 === 0) seconds.before(growing.end, 60);
  }
  const last = Math.floor(end / 1000) * 1000 + 5000;
  expect(seconds.before(last, 60)).toEqual(new Seconds(new TraceLog(events)).before(last, 60));
});
