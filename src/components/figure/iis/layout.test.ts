import { describe, expect, it } from 'vitest';
import type { Box } from '../../../diagram/layout.ts';
import { modelLayout } from './layout.ts';

const apart = (a: Box, b: Box): boolean => a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
const SIZES = [
  [328, 314],
  [479, 314],
  [480, 228],
  [600, 228],
  [538, 320],
  [1060, 320],
] as const;
const POOLS = [[4], [5], [40], [4, 4], [9, 4], [4, 4, 4, 4], [4, 5, 6, 7, 4, 4, 4, 4]];

describe('the layout of the model', () => {
  it.each(SIZES.flatMap((size) => POOLS.map((threads) => [...size, threads] as const)))(
    'has everything in its place at %i × %i with %j threads',
    (width, height, threads) => {
      const layout = modelLayout(width, height, threads);
      const { wall, was, gate, rooms } = layout;
      const boxes = [gate, was, ...rooms.map((room) => room.box)];
      boxes.forEach((a, i) => {
        for (const b of boxes.slice(i + 1)) expect(apart(a, b)).toBe(true);
      });
      for (const { x, y, w, h } of [was, ...rooms.map((room) => room.box)]) {
        expect(x).toBeGreaterThan(wall.x);
        expect(x + w).toBeLessThan(wall.x + wall.w);
        expect(y).toBeGreaterThan(wall.y);
        expect(y + h).toBeLessThan(wall.y + wall.h);
      }
      rooms.forEach((room, i) => {
        expect(room.seats.length + room.hidden).toBe(threads[i]);
        for (const [x, y] of room.seats) {
          expect(x + 9).toBeLessThanOrEqual(room.box.x + room.box.w);
          expect(y + 9).toBeLessThanOrEqual(room.box.y + room.box.h);
        }
        expect(room.take(1).at(1)).toEqual(room.seats[0]);
        // one more than there are seats stands on the last
        expect(room.take(99).at(1)).toEqual(room.seats.at(-1));
        expect(room.leave(1).at(0)).toEqual(room.seats[0]);
      });
    },
  );
});
