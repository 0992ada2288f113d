/** Where everything stands in the picture of the model: the anatomy of the map, with rooms that have several seats. */
import type { Box } from '../../../diagram/layout.ts';
import { between, clamp, row } from '../../../diagram/layouts/parts.ts';
import type { Point, Route } from '../../../diagram/route.ts';
import { route } from '../../../diagram/route.ts';

export interface ModelRoom {
  readonly box: Box;
  readonly seats: readonly Point[];
  /** Where it has space for a line of words under its name. */
  readonly line: Point | null;
  take(seat: number): Route;
  leave(seat: number): Route;
}

export interface ModelLayout {
  readonly narrow: boolean;
  readonly width: number;
  readonly height: number;
  readonly visitor: Box;
  readonly wall: Box;
  readonly gate: Box;
  readonly was: Box;
  readonly rooms: readonly ModelRoom[];
  /** The place in front first. */
  readonly places: readonly Point[];
  readonly host: Point;
  readonly queue: Point;
  /** Lines of the drawing. */
  readonly arrive: Route;
  readonly corridor: Route;
  readonly answer: Route;
  readonly enters: readonly Route[];
  /** From the visitor to a place; from place 1 on. */
  come(place: number): Route;
  /** Turned away at the gate. */
  turn: Route;
}

export const NARROW_BELOW = 480;
const STEP = 25;
const SEAT = 23;

export function modelLayout(width: number, height: number, rooms: number): ModelLayout {
  return width < NARROW_BELOW ? narrow(Math.max(300, width), height, rooms) : wide(width, height, rooms);
}

function wide(width: number, height: number, count: number): ModelLayout {
  const lane = Math.round(height / 2) + 4;
  const [inY, outY] = [lane - 12, lane + 16];
  const visitor: Box = { x: 2, y: lane - 36, w: 74, h: 72 };
  const wall: Box = { x: 104, y: 12, w: width - 110, h: height - 22 };
  const gate: Box = { x: 92, y: lane - 40, w: 92, h: 80 };
  const roomW = clamp(Math.round(width * 0.42), 200, 420);
  const roomX = wall.x + wall.w - 18 - roomW;
  const was: Box = { x: roomX, y: wall.y + 12, w: roomW, h: 28 };
  const top = was.y + was.h + 10;
  const trunk = roomX - 14;
  const backTrunk = trunk - 12;
  const front = backTrunk - 16;
  const right = gate.x + gate.w;
  const places = row<Point>(Math.floor((front - right - 16) / STEP) + 1, (i) => [front - i * STEP, inY]);
  const visitorEdge = visitor.x + visitor.w;
  const inPoint: Point = [gate.x + gate.w / 2, inY];
  const outPoint: Point = [gate.x + gate.w / 2, outY];
  const boxes = grid({ x: roomX, y: top, w: roomW, h: wall.y + wall.h - 14 - top }, count);
  return {
    narrow: false,
    width,
    height,
    visitor,
    wall,
    gate,
    was,
    places,
    host: [right + 90, wall.y],
    queue: [right + 10, inY - 32],
    arrive: route([[visitorEdge, inY], inPoint]),
    corridor: route([inPoint, [trunk - 8, inY]]),
    answer: route([outPoint, [visitorEdge - 12, outY]]),
    enters: boxes.map((box) => {
      const y = box.y + box.h / 2;
      return box.x > roomX + 4
        ? route([
            [box.x - 8, y],
            [box.x, y],
          ])
        : route([places[0] as Point, [trunk, inY], [trunk, y], [box.x, y]]);
    }),
    come: (place) => route([[visitorEdge, inY], inPoint, between(places, place)]),
    turn: route([[visitorEdge, inY], inPoint, outPoint, [visitorEdge - 12, outY]]),
    rooms: boxes.map((box) =>
      roomOf(
        box,
        (seat) => route([places[0] as Point, [trunk, inY], [trunk, box.y + box.h / 2], [box.x, box.y + box.h / 2], seat]),
        (seat) =>
          route([seat, [box.x, box.y + box.h / 2], [backTrunk, box.y + box.h / 2], [backTrunk, outY], outPoint, [visitorEdge - 12, outY]]),
      ),
    ),
  };
}

function narrow(width: number, height: number, count: number): ModelLayout {
  const [inX, outX] = [44, 20];
  const visitor: Box = { x: 4, y: 2, w: width - 8, h: 34 };
  const wall: Box = { x: 4, y: 66, w: width - 8, h: height - 78 };
  const gate: Box = { x: 10, y: 50, w: 124, h: 48 };
  const places = row<Point>(4, (i) => [inX, gate.y + gate.h + 18 + (3 - i) * STEP]);
  const [, frontY] = places[0] as Point;
  const roomX = 72;
  const roomW = width - roomX - 18;
  const was: Box = { x: roomX, y: gate.y + gate.h + 14, w: roomW, h: 28 };
  const top = was.y + was.h + 10;
  const inPoint: Point = [inX, gate.y + 26];
  const outPoint: Point = [outX, gate.y + 26];
  const bottom = visitor.y + visitor.h;
  const boxes = grid({ x: roomX, y: top, w: roomW, h: wall.y + wall.h - 18 - top }, count);
  const side = (box: Box): number => Math.max(frontY + 4, box.y + box.h / 2);
  return {
    narrow: true,
    width,
    height,
    visitor,
    wall,
    gate,
    was,
    places,
    host: [wall.x + wall.w / 2, wall.y + wall.h],
    queue: [gate.x + gate.w + 12, gate.y + 34],
    arrive: route([[inX, bottom], inPoint]),
    corridor: route([inPoint, [inX, frontY + 10]]),
    answer: route([outPoint, [outX, bottom]]),
    enters: boxes.map((box) => {
      const y = side(box);
      return box.x > roomX + 4
        ? route([
            [box.x - 8, box.y + box.h / 2],
            [box.x, box.y + box.h / 2],
          ])
        : route([places[0] as Point, [inX, y], [box.x, y]]);
    }),
    come: (place) => route([[inX, bottom], inPoint, between(places, place)]),
    turn: route([[inX, bottom], inPoint, outPoint, [outX, bottom]]),
    rooms: boxes.map((box) =>
      roomOf(
        box,
        (seat) => route([places[0] as Point, [inX, side(box)], [box.x, side(box)], seat]),
        (seat) => route([seat, [box.x, side(box) + 6], [outX, side(box) + 6], outPoint, [outX, bottom]]),
      ),
    ),
  };
}

/** Boxes in one column or two that fill the area. */
function grid(area: Box, count: number): Box[] {
  const columns = count > 2 ? 2 : 1;
  const rows = Math.ceil(count / columns);
  const gap = 8;
  const w = Math.floor((area.w - gap * (columns - 1)) / columns);
  const h = Math.floor(Math.min(150, (area.h - gap * (rows - 1)) / rows));
  return row(count, (i) => ({ x: area.x + (i % columns) * (w + gap), y: area.y + Math.floor(i / columns) * (h + gap), w, h }));
}

function roomOf(box: Box, take: (seat: Point) => Route, leave: (seat: Point) => Route): ModelRoom {
  const roomy = box.h >= 62;
  const first = box.y + (roomy ? 51 : 36);
  const columns = Math.max(1, Math.floor((box.w - 14) / SEAT));
  const lines = Math.max(1, Math.floor((box.y + box.h - first - 12) / SEAT) + 1);
  const seats = row<Point>(columns * lines, (i) => [box.x + 18 + (i % columns) * SEAT, first + Math.floor(i / columns) * SEAT]);
  const seatAt = (seat: number): Point => seats[Math.min(seat, seats.length) - 1] as Point;
  return {
    box,
    seats,
    line: roomy ? [box.x + 10, box.y + 34] : null,
    take: (seat) => take(seatAt(seat)),
    leave: (seat) => leave(seatAt(seat)),
  };
}
