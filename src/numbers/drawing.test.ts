import { describe, expect, it } from 'vitest';
import { CHARTS, measuredRows } from './charts.ts';
import { linearAxis, logAxis, markSvg, panelSvg } from './drawing.ts';
import { PLACES, type Place } from './measured.ts';
import { measuredFor } from './testing.ts';

describe('axes', () => {
  it('begin at nothing and end at a round number', () => {
    const { ticks, x } = linearAxis([19, 152]);
    expect(ticks).toEqual([0, 50, 100, 150, 200]);
    expect([x(0), x(100), x(200)]).toEqual([2, 39, 76]);
    expect(linearAxis([0.061, 0.11]).ticks).toEqual([0, 0.05, 0.1, 0.15]);
    expect(linearAxis([200]).ticks).toEqual([0, 50, 100, 150, 200]);
  });

  it('put equal factors at equal distances', () => {
    const { ticks, x } = logAxis([0.09, 9]);
    expect(ticks).toEqual([0.1, 1, 10]);
    expect([x(0.05), x(10)]).toEqual([2, 76]);
    expect(x(1) - x(0.1)).toBeCloseTo(x(10) - x(1));
    expect(logAxis([12, 80]).ticks).toEqual([10, 20, 50, 100]);
    expect(logAxis([12, 180]).ticks).toEqual([10, 100, 200]);
    expect(logAxis([10]).ticks).toEqual([10, 20]);
    expect(logAxis([33, 8086]).ticks).toEqual([100, 1000, 10_000]);
  });

  it('have every value on them', () => {
    for (const values of [[0.003], [0.7, 1], [999, 1001], [1, 100_000]])
      for (const axis of [linearAxis(values), logAxis(values)])
        for (const value of values) {
          expect(axis.x(value)).toBeGreaterThanOrEqual(2);
          expect(axis.x(value)).toBeLessThanOrEqual(76);
        }
  });

  it('refuse what has no place', () => {
    expect(() => logAxis([0, 1])).toThrow();
    expect(() => linearAxis([0])).toThrow();
  });
});

describe('a panel', () => {
  const drawn = (places: readonly Place[] = PLACES) => {
    const [panel] = CHARTS.find(({ id }) => id === 'hops')?.panels ?? [];
    if (!panel) throw new Error('no panel');
    const rows = measuredRows(measuredFor({}, places), panel);
    return { rows, svg: panelSvg(rows, panel.scale) };
  };

  it('has a mark, its spread and its value for each place in each row', () => {
    const { rows, svg } = drawn();
    for (const place of PLACES) expect(svg.match(new RegExp(`<g class="${place}">`, 'g'))).toHaveLength(rows.length);
    expect(svg).toContain('>0.53 ms</text>');
    expect(svg.match(/class="spread"/g)).toHaveLength(rows.length * PLACES.length);
  });

  it('is lower without a place, and no two things stand on the same height', () => {
    const [all, one] = [drawn().svg, drawn(['real']).svg];
    const height = (svg: string): number => Number(/height="(\d+)"/.exec(svg)?.[1]);
    expect(height(one)).toBeLessThan(height(all));
    const heights = [...all.matchAll(/class="(?:label|value)"[^>]* y="(\d+)"/g)].map(([, y]) => Number(y));
    expect(new Set(heights).size).toBe(heights.length);
    expect(Math.max(...heights)).toBeLessThan(height(all));
  });

  it('tells places apart by shape', () => {
    expect(new Set(PLACES.map((place) => markSvg(place).replace(place, ''))).size).toBe(PLACES.length);
  });
});
