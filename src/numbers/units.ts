/** What a measure is counted in, and how a value is written: with as many digits as it takes to calculate with it. */
import type { Measure, Reading } from './measured.ts';

export type Unit = 'ms' | 'MB' | 'req/s' | 'requests';

export function unitOf(measure: Measure): Unit {
  if (/^(wait|compute) /.test(measure)) return 'req/s';
  if (measure.startsWith('worker ')) return 'MB';
  return measure.endsWith(' lost') ? 'requests' : 'ms';
}

const rounded = (value: number, digits: number): string => Number(value.toPrecision(digits)).toLocaleString('en-GB');
/** Three digits that count. */
const short = (value: number): string => rounded(value, 3);

export function written(value: number, unit: Unit): string {
  if (unit === 'ms') return value >= 1000 ? `${short(value / 1000)} s` : `${short(value)} ms`;
  return unit === 'requests' ? short(value) : `${short(value)} ${unit === 'req/s' ? '/ s' : unit}`;
}

/** In running text a figure and what it counts stay on one line. */
export const unbroken = (text: string): string => text.replaceAll(/(?<=\d) (?=(ms|s|MB|times)\b)/g, '\u00a0');

/** How many times as much: with a digit less than the figures beside it, so that who calculates it from them comes to the same. */
export const times = (factor: number): string => `${rounded(factor, 2)} times`;

/** Of a part from 0 to 1, on one line. */
export const percent = (part: number): string => `${Math.round(part * 100)}\u00a0%`;

/** On an axis that begins at nothing, one tick says what is counted. */
export const onAxis = (value: number, unit: Unit, last: boolean): string => (last ? written(value, unit) : short(value));

/** Smallest and largest; null where that says nothing more than the middle does. Bare: beneath the middle, which says what is counted. */
export function spread({ least, most }: Reading, unit: Unit, bare = false): string | null {
  const [from, to] = [written(least, unit), written(most, unit)];
  if (from === to) return null;
  const [, counted = ''] = /^[\d.,]+(.*)$/.exec(to) ?? [];
  const alike = from.endsWith(counted);
  const without = (text: string): string => text.slice(0, text.length - counted.length);
  return `${alike ? without(from) : from} to ${alike && bare ? without(to) : to}`;
}
