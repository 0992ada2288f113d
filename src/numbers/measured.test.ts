import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MEASURES, numbers, reading, wasBusy } from './measured.ts';
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

  it('was measured on a busy machine when that had other things to do before', () => {
    const busy = (before: number): boolean => {
      const { machine } = measuredFor();
      return wasBusy({ machine: { ...machine, load: { ...machine.load, before } } });
    };
    expect([busy(0.2), busy(1.5)]).toEqual([false, true]);
  });

  it('names each measure once', () => {
    expect(new Set(MEASURES).size).toBe(MEASURES.length);
  });
});
