import { expect, it } from 'vitest';
import { type Box, placed, visible } from './place.ts';

const ROOM: Box = { left: 12, top: 60, right: 988, bottom: 688 };
const NOTE = { width: 300, height: 160 };
const box = (left: number, top: number, width: number, height: number): Box => ({ left, top, right: left + width, bottom: top + height });

it.each([
  ['a button of the text', box(40, 300, 200, 40), { left: 254, top: 300 }],
  ['the work area, to the right', box(460, 70, 528, 300), { left: 146, top: 70 }],
  ['a row as wide as the window, above', box(0, 60, 1000, 100), { left: 12, top: 174 }],
  ['a row as wide as the window, below', box(0, 640, 1000, 48), { left: 12, top: 466 }],
  ['something at the end of the bar', box(900, 10, 90, 40), { left: 688, top: 60 }],
])('stands beside %s', (_, target, at) => {
  expect(placed(target, NOTE, ROOM)).toEqual(at);
});

it('stands at the far end of the room where it has to lie over the target', () => {
  expect(placed(box(0, 0, 1000, 500), { width: 300, height: 200 }, ROOM).top).toBe(488);
  expect(placed(box(0, 200, 1000, 500), { width: 300, height: 200 }, ROOM).top).toBe(60);
});

it('is never outside the room, however narrow that is', () => {
  const phone: Box = { left: 12, top: 60, right: 348, bottom: 628 };
  expect(placed(box(0, 590, 360, 50), { width: 336, height: 200 }, phone)).toEqual({ left: 12, top: 376 });
  expect(placed(box(310, 4, 40, 40), { width: 336, height: 200 }, phone)).toEqual({ left: 12, top: 60 });
});

it('knows what of a box can be seen', () => {
  expect(visible(box(-20, 500, 400, 900), { width: 360, height: 640 })).toEqual({ left: 0, top: 500, right: 360, bottom: 640 });
});
