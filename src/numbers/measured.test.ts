import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MEASURES, numbers, reading, takenByOthers, wasBusy } from './measured.ts';
import { measuredFor } from './testing.ts';

const FILE = 'bench/numbers.json';

describe('what was measured', () => {
  it('has a form that what the bench wrote has', () => {
    expect(numbers.parse(measuredFor())).toEqual(measuredFor());
    if (existsSync(FILE)) expect(numbers.safeParse(JSON.parse(readFileSync(FILE, 'utf8'))).error).toBeUndefined();
  });

  it.each([
    ['a measure that nobody knows', { samples: { real: { speed: [1] } } }],
    ['a place that nobody knows', { samples: { phone: { file: [1] } } }],
    ['a measure without a value', { samples: { real: { file: [] } } }],
    ['less than nothing', { samples: { real: { file: [-1] } } }],
    ['a day that is none', { measured: 'yesterday' }],
    ['more than it should have', { note: 'faster than ever' }],
  ])('has no %s', (_, wrong) => {
    expect(numbers.safeParse({ ...measuredFor(), ...wrong }).success).toBe(false);
  });

  it('is read as the middle of its rounds, with the smallest and the largest', () => {
    const read = (values: number[]) => reading({ samples: { tab: { file: values } } }, 'tab', 'file');
    expect(read([3, 1, 2])).toEqual({ middle: 2, least: 1, most: 3 });
    expect(read([4, 1])).toEqual({ middle: 2.5, least: 1, most: 4 });
    expect(reading({ samples: {} }, 'tab', 'file')).toBeNull();
  });

  it('was measured on a busy machine when others took too much of it before any round, whatever its load was', () => {
    const { machine } = measuredFor();
    const busy = (own: Partial<typeof machine>): boolean => wasBusy({ machine: { ...machine, ...own } });
    expect([busy({ others: [0.02, 0.15, 0] }), busy({ others: [0.02, 0.16, 0] })]).toEqual([false, true]);
    expect(busy({ others: [0.02], load: { before: 3, after: 3 } })).toBe(false);
  });

  it('is taken for busy by its load where nobody looked', () => {
    const { others: _, ...machine } = measuredFor().machine;
    const taken = (before: number): number => takenByOthers({ machine: { ...machine, load: { before, after: 0 } } });
    expect([taken(0.2), taken(1.5), taken(7)]).toEqual([0.1, 0.75, 1]);
    expect(numbers.safeParse({ ...measuredFor(), machine }).success).toBe(true);
  });

  it('names each measure once', () => {
    expect(new Set(MEASURES).size).toBe(MEASURES.length);
  });
});
