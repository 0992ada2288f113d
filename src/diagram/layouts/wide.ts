/** The map from left to right: visitor, gate, corridor, rooms. */
import type { Box, Layout, Room, Version } from '../layout.ts';
import type { Point } from '../route.ts';
import { route } from '../route.ts';
import { around, centred, clamp, gauge, growing, line, outside, stack, watchLine } from './parts.ts';

const WIDTH = { least: 520, full: 1040, most: 1240 };
const HEIGHT = { least: 288, full: 424 };
/** Nothing is magnified that would then be less wide than this, nor more than so much. */
const MAGNIFIED_FROM = 760;
const MAGNIFIED_TO = 1.7;
const STEP = 25;

export function wideLayout(boxWidth: number, boxHeight: number, workers: number, version: Version): Layout {
  const scale = clamp(Math.min(boxHeight / HEIGHT.full, boxWidth / MAGNIFIED_FROM), 1, MAGNIFIED_TO);
  const width = clamp(Math.round(boxWidth / scale), WIDTH.least, WIDTH.most);
  const height = clamp(Math.round(boxHeight / scale), HEIGHT.least + 12 * Math.max(0, workers - 4), HEIGHT.full);
  const wide = growing(width, WIDTH.least, WIDTH.full);
  const high = growing(height, HEIGHT.least, HEIGHT.full);
  const lane = Math.round(height / 2);
  const inY = lane - 13;
  const outY = lane + 17;
  const visitor: Box = { x: 2, y: lane - high(48, 58), w: wide(80, 132), h: high(98, 118) };
  const wallX = visitor.x + visitor.w + wide(20, 78);
  const wall: Box = { x: wallX, y: 12, w: width - wallX - 6, h: height - 20 };
  const gate: Box = { x: wallX - 14, y: lane - high(54, 64), w: wide(92, 128), h: high(108, 130) };
  const shelf: Box = { x: gate.x + 28, y: gate.y + gate.h + high(14, 26), w: wide(92, 124), h: 60 };
  const roomW = wide(164, 250);
  const roomX = wall.x + wall.w - wide(26, 44) - roomW;
  const office: Box = { x: roomX, y: wall.y + high(12, 20), w: roomW, h: high(30, 40) };
  const lecture = version === 'lecture';
  const top = office.y + (lecture ? high(8, 14) : office.h + high(10, 22));
  const stacked = stack(roomX, top, roomW, wall.y + wall.h - high(10, 16) - top, 67, high(6, 10), workers);
  const boxes = lecture ? centred(stacked, wall.y + wall.h - high(10, 16)) : stacked;
  const trunk = roomX - wide(22, 30);
  const backTrunk = trunk - wide(13, 18);
  const gateRight = gate.x + gate.w;
  const inPoint: Point = [gate.x + gate.w / 2, inY];
  const outPoint: Point = [gate.x + gate.w / 2, outY];
  const board: Point = [gateRight - 22, shelf.y + 22];
  const front = backTrunk - 18;
  const radius = wide(17, 26);
  const manager: Point = [Math.round(gateRight + (roomX - gateRight) * 0.58), inY];
  const master = lecture ? around(manager, radius) : office;
  const queue = line(lecture ? manager[0] - radius - 18 : front, gateRight + 18, inY, STEP);
  const first = queue.places[0] as Point;
  const watchX = roomX + roomW + wide(13, 20);
  const middle = master.y + master.h / 2;
  return {
    kind: 'wide',
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
      host: [gateRight + 89, wall.y],
      visitor: [visitor.x + 12, visitor.y + 22],
      gate: [gate.x + 12, gate.y + 22],
      gatePid: [gate.x + 11, gate.y + gate.h - 12],
      gateDoor: [gateRight - 8, gate.y + gate.h - 12],
      gateOpen: gate.w >= 108 && gate.h >= 124 ? [gate.x + 11, gate.y + gate.h - 29] : null,
      gateLamp: [gateRight - 15, gate.y + 16],
      master: lecture ? [manager[0] + 4, inY - radius - 8] : [master.x + 34, middle + 5],
      masterPid: lecture ? null : [master.x + master.w - 14, middle + 4],
      masterLamp: [master.x + 20, middle],
      socket: [gateRight + wide(6, 12), inY - 34],
      queue: [gateRight + wide(6, 12), outY + 25],
      limit: [gateRight + wide(6, 12), outY + 42],
      shelf: [shelf.x, shelf.y + 50],
      // in the window of the visitor's browser
      tally: (n) => [visitor.x + 13, visitor.y + 49 + n * 18],
      band: (edge) =>
        (
          ({
            arrive: [visitor.x, visitor.y - 10],
            answer: [visitor.x, visitor.y + visitor.h + 20],
            shelf: [shelf.x, shelf.y + 24],
            corridor: [gateRight + wide(6, 12), inY - 70],
            back: [gateRight + wide(6, 12), outY + 62],
          }) as const
        )[edge],
    },
    socketWidth: backTrunk - gateRight - wide(8, 16),
    ...outside([visitor.x + visitor.w, inY], [visitor.x + visitor.w - 12, outY], inPoint, outPoint, [[board[0], inY], board]),
    corridor: route([inPoint, lecture ? manager : [trunk - 10, inY]]),
    entry: inPoint,
    rooms: boxes.map((box) => {
      const { lines, line } = linesOf(box);
      const y = box.y + Math.min(20, lines === 3 ? box.h - 2 * line - 10.5 : lines === 2 ? (box.h - 12) / 2 : box.h / 2 - 1);
      const seat: Point = [box.x + 20, y];
      const leave = y + Math.min(19, box.h / 2 - 4);
      return {
        box,
        seat,
        ...textsOf(box, seat),
        take: lecture ? route([first, manager, [roomX - 6, y], seat], 6) : route([first, [trunk, inY], [trunk, y], seat]),
        memory: gauge(box),
        back: route([seat, [seat[0], leave], [backTrunk, leave], [backTrunk, outY], outPoint]),
        watch: watchLine(master, box, watchX),
      };
    }),
  };
}

/** A room's words stand on three lines, on two, or on one, by its height. */
function linesOf({ h }: Box): { lines: 1 | 2 | 3; line: number } {
  return { lines: h >= 54 ? 3 : h >= 44 ? 2 : 1, line: h >= 64 ? 16.5 : 15 };
}

function textsOf(
  box: Box,
  seat: Point,
): Pick<Room, 'lamp' | 'title' | 'short' | 'state' | 'path' | 'pathWidth' | 'info' | 'infoEnds' | 'pidOnly'> {
  const { lines, line } = linesOf(box);
  const short = lines === 1 && box.w < 200;
  const right = box.x + box.w;
  const [x, y] = [seat[0] + 17, seat[1] + 4.5];
  return {
    lamp: [right - 15, seat[1]],
    title: [x, y],
    state: lines === 1 ? [x + (short ? 14 : 76), y] : [x, y + line],
    short,
    path: lines === 1 ? null : [right - 28, y - 0.5],
    pathWidth: box.w - 142,
    info: lines === 3 ? [x, y + 2 * line] : lines === 2 ? [right - 12, y + line] : null,
    infoEnds: lines < 3,
    pidOnly: lines === 1 || (lines === 2 && box.w < 250),
  };
}
