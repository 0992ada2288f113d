/**
 * Where everything stands on the map. Two layouts of the same anatomy: wide runs from left to right, narrow from top to
 * bottom. Lengths are CSS pixels, so text keeps its size whatever the width; beyond MAX_WIDTH the drawing is magnified.
 */
import type { Point, Route } from './route.ts';
import { mix, route } from './route.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Room {
  readonly box: Box;
  /** Where the request sits. */
  readonly seat: Point;
  /** How many lines of text fit. */
  readonly lines: 1 | 2 | 3;
  readonly take: Route;
  readonly back: Route;
  /** The dashed line from the master. */
  readonly watch: Route;
}

export interface Layout {
  readonly wide: boolean;
  readonly width: number;
  readonly height: number;
  readonly visitor: Box;
  readonly wall: Box;
  readonly gate: Box;
  readonly shelf: Box;
  readonly master: Box;
  readonly rooms: readonly Room[];
  /** The place in front (place 1) first. */
  readonly places: readonly Point[];
  /** Where the socket's address and the two words about the line stand, and how wide the address may be. */
  readonly socketText: Point;
  readonly queueText: Point;
  readonly limitText: Point;
  readonly socketWidth: number;
  /** Visitor to gate, gate to visitor, gate round and back without going further in. */
  readonly arrive: Route;
  readonly answer: Route;
  readonly turn: Route;
  /** Gate to shelf; shelf by the gate to the visitor. */
  readonly fetch: Route;
  readonly serve: Route;
  /** The whole corridor, and the way to a place (fractions are between places). */
  readonly corridor: Route;
  enter(place: number): Route;
}

/** Narrow below this container width; the CSS of the first paint uses the same number. */
export const WIDE_FROM = 520;
export const MAX_WIDTH = 1040;
export const WIDE_HEIGHT = 424;
export const NARROW_HEIGHT = 524;
const STEP = 25;

/** The layout for a container `width` with `workers` rooms. */
export function layoutFor(width: number, workers: number): Layout {
  return width >= WIDE_FROM ? wideLayout(Math.min(width, MAX_WIDTH), workers) : narrowLayout(Math.max(width, 300), workers);
}

function wideLayout(width: number, workers: number): Layout {
  const grow = (width - WIDE_FROM) / (MAX_WIDTH - WIDE_FROM);
  const size = (small: number, large: number): number => Math.round(small + (large - small) * grow);
  const lane = 212;
  const inY = lane - 13;
  const outY = lane + 17;
  const visitor: Box = { x: 2, y: lane - 58, w: size(80, 132), h: 118 };
  const wallX = visitor.x + visitor.w + size(34, 78);
  const wall: Box = { x: wallX, y: 16, w: width - wallX - 6, h: WIDE_HEIGHT - 26 };
  const gate: Box = { x: wallX - 14, y: lane - 64, w: size(92, 128), h: 130 };
  const shelf: Box = { x: gate.x + 28, y: gate.y + gate.h + 26, w: size(96, 124), h: 60 };
  const roomW = size(152, 250);
  const roomX = wall.x + wall.w - size(30, 44) - roomW;
  const master: Box = { x: roomX, y: 34, w: roomW, h: 40 };
  const top = master.y + master.h + 22;
  const boxes = stack(roomX, top, roomW, wall.y + wall.h - 16 - top, 67, 10, workers);
  const trunk = roomX - size(22, 30);
  const backTrunk = trunk - size(13, 18);
  const gateRight = gate.x + gate.w;
  const inPoint: Point = [gate.x + gate.w / 2, inY];
  const outPoint: Point = [gate.x + gate.w / 2, outY];
  const visitorIn: Point = [visitor.x + visitor.w, inY];
  const visitorOut: Point = [visitor.x + visitor.w - 12, outY];
  const board: Point = [gate.x + gate.w - 22, shelf.y + 22];
  const front = backTrunk - 18;
  const places = row<Point>(Math.floor((front - gateRight - 18) / STEP) + 1, (i) => [front - i * STEP, inY]);
  const watchX = roomX + roomW + size(13, 20);
  return {
    wide: true,
    width,
    height: WIDE_HEIGHT,
    visitor,
    wall,
    gate,
    shelf,
    master,
    places,
    socketText: [gateRight + 12, inY - 26],
    queueText: [gateRight + 12, outY + 25],
    limitText: [gateRight + 12, outY + 42],
    socketWidth: backTrunk - gateRight - 16,
    ...outside(visitorIn, visitorOut, inPoint, outPoint, [[board[0], inY], board]),
    corridor: route([inPoint, [trunk - 10, inY]]),
    enter: (place) => route([inPoint, between(places, place)]),
    rooms: boxes.map((box) => {
      const y = box.y + Math.min(20, box.h / 2 - 4);
      const seat: Point = [box.x + 20, y];
      const leave = y + Math.min(19, box.h / 2 - 4);
      return {
        box,
        seat,
        lines: box.h >= 58 ? 3 : box.h >= 44 ? 2 : 1,
        take: route([places[0] as Point, [trunk, inY], [trunk, y], seat]),
        back: route([seat, [seat[0], leave], [backTrunk, leave], [backTrunk, outY], outPoint]),
        watch: route(
          [
            [master.x + master.w, master.y + master.h / 2],
            [watchX, master.y + master.h / 2],
            [watchX, box.y + box.h / 2],
            [box.x + box.w, box.y + box.h / 2],
          ],
          8,
        ),
      };
    }),
  };
}

function narrowLayout(width: number, workers: number): Layout {
  const inX = 50;
  const outX = 26;
  const wall: Box = { x: 6, y: 84, w: width - 12, h: NARROW_HEIGHT - 92 };
  const visitor: Box = { x: 6, y: 2, w: width - 12, h: 44 };
  const gate: Box = { x: 12, y: 70, w: 140, h: 60 };
  const shelf: Box = { x: 184, y: 98, w: width - 184 - 24, h: 54 };
  const inPoint: Point = [inX, gate.y + 30];
  const outPoint: Point = [outX, gate.y + 30];
  const last = gate.y + gate.h + 20;
  const places = row<Point>(4, (i) => [inX, last + (3 - i) * STEP]);
  const front = (places[0] as Point)[1];
  const roomX = 84;
  const roomW = width - roomX - 36;
  const master: Box = { x: roomX, y: front - 18, w: roomW, h: 32 };
  const top = front + 28;
  const boxes = stack(roomX, top, roomW, wall.y + wall.h - 16 - top, 52, 9, workers);
  const board: Point = [shelf.x + 16, inPoint[1] + 18];
  const watchX = roomX + roomW + 14;
  return {
    wide: false,
    width,
    height: NARROW_HEIGHT,
    visitor,
    wall,
    gate,
    shelf,
    master,
    places,
    socketText: [roomX, last + 14],
    queueText: [roomX, last + 33],
    limitText: [roomX + 110, last + 33],
    socketWidth: width - roomX - 20,
    ...outside([inX, visitor.y + visitor.h], [outX, visitor.y + visitor.h - 12], inPoint, outPoint, [[shelf.x + 16, inPoint[1]], board]),
    corridor: route([inPoint, [inX, front + 12]]),
    enter: (place) => route([inPoint, between(places, place)]),
    rooms: boxes.map((box) => {
      const y = box.y + Math.min(18, box.h / 2 - 5);
      const seat: Point = [box.x + 20, y];
      const leave = y + Math.min(18, box.h / 2 - 2);
      return {
        box,
        seat,
        lines: box.h >= 44 ? 2 : 1,
        take: route([places[0] as Point, [inX, y], seat]),
        back: route([seat, [seat[0], leave], [outX, leave], outPoint]),
        watch: route(
          [
            [master.x + master.w, master.y + master.h / 2],
            [watchX, master.y + master.h / 2],
            [watchX, box.y + box.h / 2],
            [box.x + box.w, box.y + box.h / 2],
          ],
          8,
        ),
      };
    }),
  };
}

/** The lines that do not reach Python. */
function outside(visitorIn: Point, visitorOut: Point, inPoint: Point, outPoint: Point, toShelf: readonly Point[]) {
  return {
    arrive: route([visitorIn, inPoint]),
    answer: route([outPoint, visitorOut]),
    turn: route([inPoint, outPoint, visitorOut]),
    fetch: route([inPoint, ...toShelf]),
    serve: route([...toShelf.toReversed(), inPoint, outPoint, visitorOut]),
  };
}

function stack(x: number, y: number, w: number, height: number, most: number, gap: number, count: number): Box[] {
  const space = count > 4 ? Math.min(gap, 6) : gap;
  const h = Math.min(most, Math.floor((height - space * (count - 1)) / count));
  return row(count, (i) => ({ x, y: y + i * (h + space), w, h }));
}

function row<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: Math.max(1, count) }, (_, i) => make(i));
}

/** The point of a place counted from 1; beyond the last place that is drawn everyone stands at the last. */
function between(places: readonly Point[], place: number): Point {
  const i = Math.min(places.length - 1, Math.max(0, place - 1));
  const low = Math.floor(i);
  return mix(places[low] as Point, places[Math.min(places.length - 1, low + 1)] as Point, i - low);
}
