/** Where everything stands in the picture of the model: the anatomy of the map, with rooms that have several seats. */
import type { Box } from '../../../diagram/layout.ts';
import { clamp, row } from '../../../diagram/layouts/parts.ts';
import type { Point, Route } from '../../../diagram/route.ts';
import { mix, route } from '../../../diagram/route.ts';

export interface ModelRoom {
  readonly box: Box;
  /** One line for all of it: its number instead of its name, and the seats beside it. */
  readonly low: boolean;
  /** The line of its name, its lamp and its number of hidden threads. */
  readonly head: number;
  readonly seats: readonly Point[];
  /** Threads that have no seat in the drawing. */
  readonly hidden: number;
  /** Width for words beside a seat, 0 where there is none. */
  readonly seatWidth: number;
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
  readonly backs: readonly Route[];
  /** From WAS to the rooms. */
  readonly watch: readonly Route[];
  /** From the visitor to a place; from place 1 on. */
  come(place: number): Route;
  /** Turned away at the gate. */
  turn: Route;
}

const NARROW_BELOW = 480;
const STEP = 25;
const SEAT = 23;
/** Least width of a seat with words. */
const WORDS = 104;

/** `threads`: how many each of the rooms has. */
export function modelLayout(width: number, height: number, threads: readonly number[]): ModelLayout {
  return width < NARROW_BELOW ? narrow(Math.max(300, width), height, threads) : wide(width, height, threads);
}

function wide(width: number, height: number, threads: readonly number[]): ModelLayout {
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
  const boxes = grid({ x: roomX, y: top, w: roomW, h: wall.y + wall.h - 14 - top }, threads.length);
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
    enters: boxes.map((box) =>
      box.x > roomX ? doorway(box) : route([places[0] as Point, [trunk, inY], [trunk, doorIn(box)], [box.x, doorIn(box)]]),
    ),
    backs: boxes
      .filter((box) => box.x === roomX)
      .map((box) => route([[box.x, doorOut(box)], [backTrunk, doorOut(box)], [backTrunk, outY], outPoint])),
    watch: watchOf(was, boxes),
    come: (place) => route([[visitorEdge, inY], inPoint, between(places, place)]),
    turn: route([[visitorEdge, inY], inPoint, outPoint, [visitorEdge - 12, outY]]),
    rooms: boxes.map((box, i) =>
      roomOf(
        box,
        threads[i] as number,
        (seat) => route([places[0] as Point, [trunk, inY], [trunk, doorIn(box)], [box.x, doorIn(box)], seat]),
        (seat) => route([seat, [box.x, doorOut(box)], [backTrunk, doorOut(box)], [backTrunk, outY], outPoint, [visitorEdge - 12, outY]]),
      ),
    ),
  };
}

function narrow(width: number, height: number, threads: readonly number[]): ModelLayout {
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
  const boxes = grid({ x: roomX, y: top, w: roomW, h: wall.y + wall.h - 18 - top }, threads.length);
  const side = (box: Box): number => Math.max(frontY + 4, doorIn(box));
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
    queue: [gate.x + gate.w + 12, gate.y + 42],
    arrive: route([[inX, bottom], inPoint]),
    corridor: route([inPoint, [inX, frontY + 10]]),
    answer: route([outPoint, [outX, bottom]]),
    enters: boxes.map((box) => (box.x > roomX ? doorway(box) : route([places[0] as Point, [inX, side(box)], [box.x, side(box)]]))),
    backs: boxes.filter((box) => box.x === roomX).map((box) => route([[box.x, side(box) + 16], [outX, side(box) + 16], outPoint])),
    watch: watchOf(was, boxes),
    come: (place) => route([[inX, bottom], inPoint, between(places, place)]),
    turn: route([[inX, bottom], inPoint, outPoint, [outX, bottom]]),
    rooms: boxes.map((box, i) =>
      roomOf(
        box,
        threads[i] as number,
        (seat) => route([places[0] as Point, [inX, side(box)], [box.x, side(box)], seat]),
        (seat) => route([seat, [box.x, side(box) + 16], [outX, side(box) + 16], outPoint, [outX, bottom]]),
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
  const h = Math.floor(Math.min(200, (area.h - gap * (rows - 1)) / rows));
  return row(count, (i) => ({ x: area.x + (i % columns) * (w + gap), y: area.y + Math.floor(i / columns) * (h + gap), w, h }));
}

/** A little line before a room of the second column, where the corridor has passed behind the first. */
const doorway = (box: Box): Route =>
  route([
    [box.x - 8, doorIn(box)],
    [box.x, doorIn(box)],
  ]);

const doorIn = (box: Box): number => box.y + box.h / 2 - 8;
const doorOut = (box: Box): number => box.y + box.h / 2 + 8;

/** WAS to the first room of a column, and from each to the one below it. */
function watchOf(was: Box, boxes: readonly Box[]): Route[] {
  return boxes.map((box) => {
    const above = boxes.findLast((one) => one.x === box.x && one.y < box.y) ?? was;
    const x = box.x + box.w / 2;
    return route([
      [x, above.y + above.h],
      [x, box.y],
    ]);
  });
}

function roomOf(box: Box, threads: number, take: (seat: Point) => Route, leave: (seat: Point) => Route): ModelRoom {
  const low = box.h < 52;
  const roomy = box.h >= 70;
  const left = low ? box.x + 40 : box.x + 18;
  const first = box.y + (low ? box.h / 2 : roomy ? 51 : 36);
  const lines = Math.max(1, Math.floor((box.y + box.h - first - 12) / SEAT) + 1);
  const width = low ? box.w - 78 : box.w - 14;
  const most = Math.max(1, Math.floor(width / SEAT));
  const columns = Math.min(most, Math.ceil(threads / lines));
  // with words a seat has a line of its own, without them they stand side by side
  const seatWidth = !low && width / columns >= WORDS ? width / columns : 0;
  const count = Math.min(threads, most * lines);
  const seats = row<Point>(count, (i) => {
    const [x, y] = seatWidth ? [Math.floor(i / lines), i % lines] : [i % most, Math.floor(i / most)];
    return [left + x * (seatWidth || SEAT), first + y * SEAT];
  });
  const seatAt = (seat: number): Point => seats[Math.min(seat, seats.length) - 1] as Point;
  return {
    box,
    low,
    head: low ? first : box.y + 14,
    seats,
    hidden: threads - count,
    seatWidth: Math.max(0, seatWidth - 26),
    line: roomy ? [box.x + 10, box.y + 34] : null,
    take: (seat) => take(seatAt(seat)),
    leave: (seat) => leave(seatAt(seat)),
  };
}

/** Where the one at `place` of the line stands, counted from 1; beyond the last place at the last. */
function between(places: readonly Point[], place: number): Point {
  const i = clamp(place - 1, 0, places.length - 1);
  const low = Math.floor(i);
  return mix(places[low] as Point, places[Math.min(places.length - 1, low + 1)] as Point, i - low);
}
