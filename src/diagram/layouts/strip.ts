/**
 * The map where there is little height: pinned on top of a phone's page, or beside a message that needs the space.
 * As the wide one, with one line of text a room. It is scaled to the height of its box.
 */
import type { Box, Layout, Version } from '../layout.ts';
import type { Point } from '../route.ts';
import { route } from '../route.ts';
import { around, centred, clamp, gauge, growing, line, outside, stack, watchLine } from './parts.ts';

const WIDTH = { least: 300, most: 1000 };
const HEIGHT = 172;
const ROOM = 26;
const STEP = 20;

export function stripLayout(boxWidth: number, boxHeight: number, workers: number, version: Version): Layout {
  const height = HEIGHT + ROOM * Math.max(0, workers - 4);
  const width = clamp(Math.round((boxWidth * height) / Math.max(1, boxHeight)), WIDTH.least, WIDTH.most);
  const wide = growing(width, 352, 640);
  const lane = Math.round(height / 2);
  const inY = lane - 8;
  const outY = lane + 13;
  const visitor: Box = { x: 3, y: lane - 26, w: wide(35, 64), h: 50 };
  const wallX = visitor.x + visitor.w + wide(14, 34);
  const wall: Box = { x: wallX, y: 11, w: width - wallX - 5, h: height - 17 };
  const gate: Box = { x: wallX - 7, y: lane - 32, w: wide(44, 80), h: 56 };
  const shelf: Box = { x: gate.x + 11, y: gate.y + gate.h, w: wide(34, 62), h: 40 };
  const roomW = clamp(width - 217, 118, wide(135, 210));
  const roomX = wall.x + wall.w - wide(16, 26) - roomW;
  const office: Box = { x: roomX, y: wall.y + 12, w: roomW, h: 20 };
  const lecture = version === 'lecture';
  const top = lecture ? office.y : office.y + office.h + 6;
  const stacked = stack(roomX, top, roomW, wall.y + wall.h - 9 - top, 26, 4, workers);
  const boxes = lecture ? centred(stacked, wall.y + wall.h - 9) : stacked;
  const trunk = roomX - wide(13, 22);
  const backTrunk = trunk - wide(9, 13);
  const gateRight = gate.x + gate.w;
  const inPoint: Point = [gate.x + gate.w / 2, inY];
  const outPoint: Point = [gate.x + gate.w / 2, outY];
  const board: Point = [shelf.x + 24, shelf.y + 20];
  const front = backTrunk - 13;
  const radius = wide(11, 16);
  const manager: Point = [Math.round(gateRight + (roomX - gateRight) * 0.75), inY];
  const master = lecture ? around(manager, radius) : office;
  const queue = line(lecture ? manager[0] - radius - 11 : front, gateRight + 11, inY, STEP);
  const first = queue.places[0] as Point;
  const watchX = roomX + roomW + wide(8, 13);
  const middle = master.y + master.h / 2;
  return {
    kind: 'strip',
    version,
    width,
    height,
    visitor,
    wall,
    gate,
    shelf,
    master,
    ...queue,
    lock: [gate.x, lane + 2],
    labels: {
      host: [gateRight + (roomX - gateRight) / 2 + 6, wall.y],
      visitor: [visitor.x - 1, visitor.y - 6],
      gate: [gate.x + 5, gate.y + 15],
      gatePid: null,
      gateDoor: null,
      gateOpen: null,
      gateLamp: [gateRight - 10, gate.y + gate.h - 9],
      master: lecture ? [manager[0] + 5, inY - radius - 8] : [master.x + 25, middle + 4.5],
      masterPid: lecture || roomW < 130 ? null : [master.x + master.w - 10, middle + 4],
      masterLamp: [master.x + 13, middle],
      socket: [gateRight + 5, inY - 24],
      queue: [gateRight + 5, outY + 18],
      limit: [gateRight + 5, outY + 32],
      shelf: null,
      tally: (n) => [visitor.x + 4, visitor.y + visitor.h + 14 + n * 15],
      band: (edge) =>
        (
          ({
            arrive: [visitor.x - 1, visitor.y - 34],
            answer: [visitor.x - 1, visitor.y - 21],
            shelf: [shelf.x, shelf.y + 51],
            corridor: [gateRight + 5, inY - 52],
            back: [gateRight + 5, outY + 47],
          }) as const
        )[edge],
    },
    socketWidth: roomX - gateRight - 12,
    ...outside([visitor.x + visitor.w, inY], [visitor.x + visitor.w - 10, outY], inPoint, outPoint, [[board[0], inY], board]),
    corridor: route([inPoint, lecture ? manager : [trunk - 8, inY]]),
    entry: inPoint,
    rooms: boxes.map((box) => {
      const y = box.y + box.h / 2;
      const seat: Point = [box.x + 13, y];
      const leave = box.y + box.h - 4;
      return {
        box,
        seat,
        lamp: [box.x + box.w - 15, y],
        title: [box.x + 26, y + 4.5],
        short: true,
        state: [box.x + 39, y + 4],
        path: null,
        pathWidth: 0,
        info: box.w > 185 ? [box.x + box.w - 27, y + 4] : null,
        infoEnds: true,
        pidOnly: true,
        take: lecture ? route([first, manager, [roomX - 4, y], seat], 4) : route([first, [trunk, inY], [trunk, y], seat], 8),
        memory: gauge(box),
        back: route([[seat[0], y], [seat[0], leave], [backTrunk, leave], [backTrunk, outY], outPoint], 6),
        watch: watchLine(master, box, watchX),
      };
    }),
  };
}
