/** Lines of the map: straight pieces with rounded corners, as SVG path text and as "where is the dot after this share of the way". */

export type Point = readonly [x: number, y: number];

export interface Route {
  readonly d: string;
  /** The point after `share` (0..1) of the way. */
  at(share: number): Point;
}

const CORNER_STEPS = 6;

/** A line through `points` with corners of radius `radius`. */
export function route(points: readonly Point[], radius = 10): Route {
  const clean = points.filter((point, i) => i === 0 || !same(point, points[i - 1] as Point));
  const first = clean[0] as Point;
  let d = `M${text(first)}`;
  const line: Point[] = [first];
  for (let i = 1; i < clean.length; i++) {
    const here = clean[i] as Point;
    const next = clean[i + 1];
    if (!next) {
      d += `L${text(here)}`;
      line.push(here);
      break;
    }
    const before = clean[i - 1] as Point;
    const r = Math.min(radius, distance(before, here) / 2, distance(here, next) / 2);
    const into = towards(here, before, r);
    const out = towards(here, next, r);
    d += `L${text(into)}Q${text(here)} ${text(out)}`;
    line.push(into);
    for (let step = 1; step <= CORNER_STEPS; step++) {
      const u = step / CORNER_STEPS;
      line.push(mix(mix(into, here, u), mix(here, out, u), u));
    }
  }
  const ends = [0];
  for (let i = 1; i < line.length; i++) ends.push((ends[i - 1] as number) + distance(line[i - 1] as Point, line[i] as Point));
  const total = ends.at(-1) as number;
  return {
    d,
    at(share) {
      const way = Math.min(1, Math.max(0, share)) * total;
      const i = ends.findIndex((end) => end >= way);
      if (i <= 0) return first;
      const start = ends[i - 1] as number;
      return mix(line[i - 1] as Point, line[i] as Point, (way - start) / ((ends[i] as number) - start));
    },
  };
}

export const mix = (a: Point, b: Point, u: number): Point => [a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u];

const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
const same = (a: Point, b: Point): boolean => distance(a, b) < 0.01;
const towards = (from: Point, to: Point, by: number): Point => mix(from, to, by / distance(from, to));
const text = ([x, y]: Point): string => `${round(x)} ${round(y)}`;

/** Coordinates with one decimal are exact enough and keep the markup short. */
export const round = (value: number): number => Math.round(value * 10) / 10;
