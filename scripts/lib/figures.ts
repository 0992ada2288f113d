/** What the benchmarks measure: figures with their budgets, and the table of them. */
import { median } from '../../src/numbers/median.ts';

export interface Figure {
  /** What was measured: `home: LCP`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The limit that the project has set itself, if there is one. */
  readonly max?: number;
  readonly min?: number;
  /** The single measurements, when `value` is the middle of several. */
  readonly samples?: readonly number[];
}

/** The middle of several measurements, and all of them. */
export function over(samples: readonly number[]): Pick<Figure, 'value' | 'samples'> {
  return { value: median(samples), samples };
}

/** What a benchmark is given. */
export interface BenchContext {
  /** The built site, served. */
  readonly site: string;
  /** Path of a Chromium that works, and what its environment needs. */
  readonly browser: { readonly path: string; readonly env: Readonly<Record<string, string>> };
  readonly browserArgs: readonly string[];
}

/** A file in scripts/bench exports one as its default. */
export type Bench = (context: BenchContext) => Promise<Figure[]>;

/** Is the figure within its budget? Null when it has none. */
export function within({ value, max, min }: Figure): boolean | null {
  if (max === undefined && min === undefined) return null;
  return (max === undefined || value <= max) && (min === undefined || value >= min);
}

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1));

/** One line a figure: name, value, budget, verdict, smallest and largest measurement. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const budget = [figure.max === undefined ? '' : `<= ${number(figure.max)}`, figure.min === undefined ? '' : `>= ${number(figure.min)}`];
    const verdict = { true: 'ok', false: 'OVER', null: '' }[`${within(figure)}`];
    const { samples = [] } = figure;
    const spread = samples.length < 2 ? '' : `${number(Math.min(...samples))} to ${number(Math.max(...samples))}`;
    return [figure.name, `${number(figure.value)} ${figure.unit}`.trim(), budget.filter(Boolean).join(', '), verdict, spread] as const;
  });
  const width = (column: 0 | 1 | 2 | 3): number => Math.max(0, ...rows.map((row) => row[column].length));
  return rows
    .map(([name, value, budget, verdict, spread]) =>
      `${name.padEnd(width(0))}  ${value.padStart(width(1))}  ${budget.padEnd(width(2))}  ${verdict.padEnd(width(3))}  ${spread}`.trimEnd(),
    )
    .join('\n');
}

/** What `part` (0 to 1) of the values do not exceed; NaN for none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
