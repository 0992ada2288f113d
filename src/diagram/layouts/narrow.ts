/** The map from top to bottom, for a tall and narrow box. */
import type { Box, Layout, Version } from '../layout.ts';
import type { Point } from '../route.ts';
import { route } from '../route.ts';
import { around, gauge, outside, row, stack, watchLine } from './parts.ts';

const LEAST_WIDTH = 300;
const HEIGHT = 524;
const STEP = 25;

export function narrowLayout(boxWidth: number, workers: number, version: Version): Layout {
  const lecture = version === 'lecture';
  const width = Math.max(boxWidth, LEAST_WIDTH);
  const inX = 50;
  const outX = 26;
  const wall: Box = { x: 6, y: 84, w: width - 12, h: HEIGHT - 96 };
  const visitor: Box = { x: 6, y: 2, w: width - 12, h: 44 };
  const gate: Box = { x: 12, y: 70, w: 140, h: 60 };
  const shelf: Box = { x: 184, y: 98, w: width - 184 - 24, h: 54 };
  const inPoint: Point = [inX, gate.y + 30];
  const outPoint: Point = [outX, gate.y + 30];
  const last = gate.y + gate.h + 20;
  const places = row<Point>(lecture ? 3 : 4, (i) => [inX, last + ((lecture ? 2 : 3) - i) * STEP]);
  const front = (places[0] as Point)[1];
  const labelX = 84;
  const roomX = lecture ? 108 : 84;
  const roomW = width - roomX - (lecture ? 24 : 36);
  const office: Box = { x: roomX, y: front - 18, w: roomW, h: 32 };
  const top = front + (lecture ? 66 : 26);
  const boxes = stack(roomX, top, roomW, wall.y + wall.h - 16 - top, 52, 8, workers);
  const manager: Point = [inX, front + 38];
  const master = lecture ? around(manager, 20) : office;
  const watchX = roomX + roomW + 14;
  const middle = master.y + master.h / 2;
  return {
    kind: 'narrow',
    version,
    width,
    height: HEIGHT,
    visitor,
    wall,
    gate,
    shelf,
    master,
    places,
    rest: places.at(-1) as Point,
    folds: 1,
    lock: [(inX + outX) / 2, gate.y],
    labels: {
      host: [wall.x + wall.w / 2, wall.y + wall.h],
      visitor: [visitor.x + 64, visitor.y + 27],
      gate: [gate.x + 56, gate.y + 26],
      gatePid: [gate.x + 56, gate.y + 45],
      gateDoor: [gate.x + gate.w - 10, gate.y + 45],
      gateOpen: null,
      gateLamp: [gate.x + gate.w - 15, gate.y + 16],
      master: lecture ? [manager[0] + 30, manager[1] + 5] : [master.x + 34, middle + 5],
      masterPid: lecture ? null : [master.x + master.w - 14, middle + 4],
      masterLamp: [master.x + 20, middle],
      socket: [labelX, last + 14],
      queue: [labelX, last + 33],
      limit: [labelX + 110, last + 33],
      shelf: [shelf.x, shelf.y + 50],
      tally: (n, of) => [visitor.x + 142 + n * (of > 2 ? 36 : 76), visitor.y + 22.5],
      band: (edge) =>
        (
          ({
            arrive: [64, 62],
            answer: [132, 62],
            shelf: [shelf.x + 30, shelf.y + 24],
            corridor: [labelX, last - 4],
            back: [width - 84, last + 33],
          }) as const
        )[edge],
    },
    socketWidth: width - labelX - 20,
    ...outside([inX, visitor.y + visitor.h], [outX, visitor.y + visitor.h - 12], inPoint, outPoint, [
      [shelf.x + 16, inPoint[1]],
      [shelf.x + 16, inPoint[1] + 18],
    ]),
    corridor: route([inPoint, lecture ? manager : [inX, front + 12]]),
    entry: inPoint,
    rooms: boxes.map((box) => {
      const two = box.h >= 44;
      const y = box.y + (two ? 18 : box.h / 2 - 1);
      const seat: Point = [box.x + 20, y];
      const leave = two ? y + 18 : box.y + box.h - 3;
      const right = box.x + box.w;
      return {
        box,
        seat,
        lamp: [right - 15, y],
        title: [seat[0] + 17, y + 4.5],
        short: false,
        state: two ? [seat[0] + 17, y + 21.5] : [seat[0] + 94, y + 4.5],
        path: two ? [right - 28, y + 4] : null,
        pathWidth: box.w - 132,
        info: two || box.w > 260 ? [right - (two ? 12 : 28), y + (two ? 21.5 : 4.5)] : null,
        infoEnds: true,
        pidOnly: !two || box.w < 250,
        take: lecture ? route([[inX, front], manager, [roomX - 6, y], seat], 6) : route([places[0] as Point, [inX, y], seat]),
        memory: gauge(box),
        back: route([seat, [seat[0], leave], [outX, leave], outPoint]),
        watch: watchLine(master, box, watchX),
      };
    }),
  };
}
