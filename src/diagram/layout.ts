/**
 * Where everything stands on the map. Three layouts of the same anatomy: wide runs from left to right, narrow from top to
 * bottom, a strip is wide with one line of text a room, for where there is little height. Lengths are CSS pixels, so text
 * keeps its size in a small box; in a large one the whole drawing is magnified.
 */
import { narrowLayout } from './layouts/narrow.ts';
import { stripLayout } from './layouts/strip.ts';
import { wideLayout } from './layouts/wide.ts';
import type { Point, Route } from './route.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Kind = 'wide' | 'narrow' | 'strip';

export interface Room {
  readonly box: Box;
  /** Where the request sits. */
  readonly seat: Point;
  readonly take: Route;
  readonly back: Route;
  /** The dashed line from the master. */
  readonly watch: Route;
  readonly lamp: Point;
  readonly title: Point;
  readonly state: Point;
  /** The request's path and its width, where there is space for it. Its text ends at the point. */
  readonly path: Point | null;
  readonly pathWidth: number;
  /** Pid and served requests, or only the pid where they do not fit; `infoEnds`: the text ends at the point. */
  readonly info: Point | null;
  readonly infoEnds: boolean;
  readonly pidOnly: boolean;
}

/** Where the words stand that are not in a room. A point that is null: no space for it here. */
export interface Labels {
  /** The middle of the host's name, on the line of the wall. */
  readonly host: Point;
  readonly visitor: Point;
  readonly gate: Point;
  readonly gatePid: Point | null;
  readonly gateDoor: Point | null;
  readonly gateLamp: Point;
  readonly master: Point;
  readonly masterPid: Point | null;
  readonly masterLamp: Point;
  readonly socket: Point;
  readonly queue: Point;
  readonly limit: Point;
  readonly shelf: Point | null;
  /** The shape before the n-th kind of answers. */
  tally(n: number): Point;
}

export interface Layout {
  readonly kind: Kind;
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
  readonly labels: Labels;
  /** How wide the socket's address may be. */
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

/** Below this width the wide layout does not fit, below this height only a strip does. The CSS of the first paint has the same numbers. */
export const WIDE_FROM = 520;
export const STRIP_BELOW = 250;

/** The layout for a box of `width` by `height` with `workers` rooms. What it does not fill, it leaves empty on both sides. */
export function layoutFor(width: number, height: number, workers: number): Layout {
  if (height < STRIP_BELOW) return stripLayout(width, height, workers);
  return width < WIDE_FROM ? narrowLayout(width, workers) : wideLayout(width, height, workers);
}
