/**
 * The geometry of a panel and its SVG. What is across is in per cent of the width, what is down in pixels, so that the drawing fits any width
 * and its words keep their size.
 */
import type { MeasuredRow } from './charts.ts';
import { PLACES, type Place } from './measured.ts';
import { onAxis, type Unit, written } from './units.ts';

/** Per cent: where the axis begins and ends; to the right of it there is room for a value. */
const FROM = 2;
const TO = 76;
/** Pixels. */
const AXIS = 22;
const LABEL = 26;
const LINE = 20;
const AFTER_ROW = 8;

export interface Axis {
  readonly ticks: readonly number[];
  /** Per cent of the width. */
  readonly x: (value: number) => number;
}

/** 1, 2 or 5 times a power of ten. */
const STEPS = [1, 2, 5] as const;

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** From nothing to a round number that is no less than the largest value. */
export function linearAxis(values: readonly number[]): Axis {
  const most = Math.max(...values);
  if (!(most > 0)) throw new Error('An axis without a value');
  const step =
    [-3, -2, -1, 0, 1, 2, 3, 4, 5].flatMap((power) => STEPS.map((one) => one * 10 ** power)).find((one) => most / one <= 4) ?? most;
  const count = Math.ceil(most / step - 1e-9);
  const end = step * count;
  return {
    ticks: Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(6))),
    x: (value) => rounded(FROM + ((TO - FROM) * value) / end),
  };
}

/** Between round numbers; powers of ten are lines, and the steps between them where there are few of those. */
export function logAxis(values: readonly number[]): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!(least > 0)) throw new Error('A logarithm of nothing');
  const powers = Array.from({ length: 12 }, (_, at) => at - 5);
  const steps = powers.flatMap((power) => STEPS.map((one) => Number((one * 10 ** power).toPrecision(6))));
  const low = steps.findLast((step) => step <= least) ?? least;
  const high = steps.find((step) => step >= most && step > low) ?? most;
  const inside = steps.filter((step) => low <= step && step <= high);
  const whole = inside.filter((step) => Number.isInteger(Math.round(Math.log10(step) * 1e6) / 1e6));
  return {
    ticks:
      whole.length > 2 ? whole : inside.length <= 4 ? inside : [low, ...whole, high].filter((step, at, all) => all.indexOf(step) === at),
    x: (value) => rounded(FROM + ((TO - FROM) * Math.log(value / low)) / Math.log(high / low)),
  };
}

/** Shape as well as colour: a square, a disc, a diamond. */
const MARKS: Readonly<Record<Place, string>> = {
  real: '<path d="M-5-5h10v10h-10z"/>',
  node: '<circle r="5.5"/>',
  tab: '<path d="M0-7L7 0L0 7L-7 0z"/>',
};

/** A place's mark, alone: for the key. */
export const markSvg = (place: Place): string =>
  `<svg class="mark ${place}" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">${MARKS[place]}</svg>`;

function point(
  place: Place,
  { middle, least, most }: { middle: number; least: number; most: number },
  y: number,
  axis: Axis,
  unit: Unit,
): string {
  const [x, from, to] = [axis.x(middle), axis.x(least), axis.x(most)];
  return `<g class="${place}"><line class="bar" x1="${FROM}%" x2="${x}%" y1="${y}" y2="${y}"/><line class="spread" x1="${from}%" x2="${to}%" y1="${y}" y2="${y}"/><svg class="mark" x="${x}%" y="${y}" overflow="visible">${MARKS[place]}</svg><text class="value" x="${to}%" dx="12" y="${y}" dy="0.35em">${written(middle, unit)}</text></g>`;
}

/** One panel. Its words stand in the table beneath, so it is hidden from who reads with a screen reader. */
export function panelSvg(rows: readonly MeasuredRow[], scale: 'linear' | 'log'): string {
  const readings = rows.flatMap(({ readings }) => Object.values(readings));
  const [unit] = rows.map((row) => row.unit);
  if (unit === undefined) throw new Error('A panel without a row');
  const values = readings.flatMap(({ least, most }) => [least, most]);
  const axis = scale === 'linear' ? linearAxis(values) : logAxis(values);
  let y = AXIS;
  const drawn = rows.map(({ label, readings }) => {
    y += LABEL;
    const text = `<text class="label" x="${FROM}%" y="${y - 8}">${label}</text>`;
    const points = PLACES.flatMap((place) => {
      const found = readings[place];
      if (found === undefined) return [];
      y += LINE;
      return [point(place, found, y - LINE / 2, axis, unit)];
    });
    y += AFTER_ROW;
    return text + points.join('');
  });
  const grid = axis.ticks.map((tick, at) => {
    const anchor = axis.x(tick) === FROM ? 'start' : 'middle';
    const text = scale === 'log' ? written(tick, unit) : onAxis(tick, unit, at === axis.ticks.length - 1);
    return `<line class="tick" x1="${axis.x(tick)}%" x2="${axis.x(tick)}%" y1="${AXIS - 4}" y2="${y}"/><text class="tick-label" x="${axis.x(tick)}%" y="${AXIS - 9}" text-anchor="${anchor}">${text}</text>`;
  });
  return `<svg class="numbers-panel ${scale}" width="100%" height="${y}" aria-hidden="true">${grid.join('')}${drawn.join('')}</svg>`;
}
