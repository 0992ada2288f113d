/** What the layouts have in common: proportions, rows and stacks, and the lines that do not reach Python. */
import type { Box } from '../layout.ts';
import type { Point, Route } from '../route.ts';
import { mix, route } from '../route.ts';

const DOZEN = 12;

export const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** A length that grows from `small` to `large` while `value` grows from `from` to `to`. */
export function growing(value: number, from: number, to: number): (small: number, large: number) => number {
  const share = clamp((value - from) / (to - from), 0, 1);
  return (small, large) => Math.round(small + (large - small) * share);
}

/** The lines that do not reach Python. */
export function outside(visitorIn: Point, visitorOut: Point, inPoint: Point, outPoint: Point, toShelf: readonly Point[]) {
  return {
    arrive: route([visitorIn, inPoint]),
    answer: route([outPoint, visitorOut]),
    turn: route([inPoint, outPoint, visitorOut]),
    fetch: route([inPoint, ...toShelf]),
    serve: route([...toShelf.toReversed(), inPoint, outPoint, visitorOut]),
  };
}

/** From the master's side, down, into the side of a room. */
export function watchLine(master: Box, box: Box, x: number): Route {
  return route(
    [
      [master.x + master.w, master.y + master.h / 2],
      [x, master.y + master.h / 2],
      [x, box.y + box.h / 2],
      [box.x + box.w, box.y + box.h / 2],
    ],
    8,
  );
}

/** `count` boxes one below the other in `height`, each at most `most` high. */
export function stack(x: number, y: number, w: number, height: number, most: number, gap: number, count: number): Box[] {
  const space = count > 4 ? Math.min(gap, 6) : gap;
  const h = Math.min(most, Math.floor((height - space * (count - 1)) / count));
  return row(count, (i) => ({ x, y: y + i * (h + space), w, h }));
}

export function row<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: Math.max(1, count) }, (_, i) => make(i));
}

/** At most a dozen places from `front` to the left, none beyond `end`, and where the number of the rest stands: on the last two. */
export function line(front: number, end: number, y: number, step: number): { places: Point[]; rest: Point; folds: number } {
  const places = row<Point>(Math.min(DOZEN, Math.floor((front - end) / step) + 1), (i) => [front - i * step, y]);
  const folds = Math.min(2, places.length);
  return { places, rest: mix(places.at(-1) as Point, places.at(-folds) as Point, 0.5), folds };
}

/** The same boxes, in the middle of the space between the first one's top and `bottom`. */
export function centred(boxes: readonly Box[], bottom: number): Box[] {
  const last = boxes.at(-1) as Box;
  const down = Math.max(0, Math.round((bottom - last.y - last.h) / 2));
  return boxes.map((box) => ({ ...box, y: box.y + down }));
}

/** Upright, along the right wall of a room. */
export function gauge({ x, y, w, h }: Box): Box {
  return { x: x + w - 7.5, y: y + 5, w: 4, h: h - 10 };
}

/** The square around a circle. */
export function around([x, y]: Point, radius: number): Box {
  return { x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius };
}
