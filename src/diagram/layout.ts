/**
 * Where everything stands on the map. Three layouts of the same anatomy: wide runs from left to right, narrow from top to
 * bottom, a strip is wide with one line of text a room, for where there is little height. Lengths are CSS pixels, so text
 * keeps its size in a small box; in a large one the whole drawing is magnified.
 *
 * Each has two versions: `real`, where free workers take the next request, and `lecture`, where a manager in the middle
 * gives each request to a worker. The second is a model: no such process runs.
 */
import { narrowLayout } from './layouts/narrow.ts';
import { stripLayout } from './layouts/strip.ts';
import { wideLayout } from './layouts/wide.ts';
import type { Point, Route } from './route.ts';
import { mix } from './route.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Kind = 'wide' | 'narrow' | 'strip';
export type Version = 'real' | 'lecture';

/** Lines that can carry a crowd; the ways back from the rooms are one. None goes from the line into a room: each takes one at a time. */
export const EDGES = ['arrive', 'answer', 'shelf', 'corridor', 'back'] as const;
export type Edge = (typeof EDGES)[number];

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
  /** There is space for the number, and none for the word before it. */
  readonly short: boolean;
  readonly state: Point;
  /** The request's path and its width, where there is space for it. Its text ends at the point. */
  readonly path: Point | null;
  readonly pathWidth: number;
  /** Pid and served requests, or only the pid where they do not fit; `infoEnds`: the text ends at the point. */
  readonly info: Point | null;
  readonly infoEnds: boolean;
  readonly pidOnly: boolean;
  /** Upright, along the right wall: how much memory the process has. */
  readonly memory: Box;
}

/** Where the words stand that are not in a room. A point that is null: no space for it here. */
export interface Labels {
  /** The middle of the host's name, on the line of the wall. */
  readonly host: Point;
  readonly visitor: Point;
  readonly gate: Point;
  readonly gatePid: Point | null;
  readonly gateDoor: Point | null;
  /** How many connections are open at the gate. */
  readonly gateOpen: Point | null;
  readonly gateLamp: Point;
  readonly master: Point;
  readonly masterPid: Point | null;
  readonly masterLamp: Point;
  readonly socket: Point;
  readonly queue: Point;
  readonly limit: Point;
  readonly shelf: Point | null;
  /** The shape before the n-th kind of answers, of so many. */
  tally(n: number, of: number): Point;
  /** What a flow band says, beginning at the point. */
  band(edge: Edge): Point;
}

export interface Layout {
  readonly kind: Kind;
  readonly version: Version;
  readonly width: number;
  readonly height: number;
  readonly visitor: Box;
  readonly wall: Box;
  readonly gate: Box;
  readonly shelf: Box;
  /** In the lecture's version: the manager, a circle in this square. */
  readonly master: Box;
  readonly rooms: readonly Room[];
  /** The place in front (place 1) first. */
  readonly places: readonly Point[];
  /** The middle of the number of those who have no place of their own, and how many of the last places it stands on. */
  readonly rest: Point;
  readonly folds: number;
  /** Where TLS ends. */
  readonly lock: Point;
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
  readonly corridor: Route;
  /** Where the corridor begins. */
  readonly entry: Point;
}

/** The size of the number of those who have no place of their own. */
export const REST = { w: 38, h: 20 };

/** How many places are drawn while so many are `waiting`: beyond a dozen, or what there is space for, the rest is a number. */
export function placesFor({ places, folds }: Pick<Layout, 'places' | 'folds'>, waiting: number): number {
  return waiting > places.length ? places.length - folds : places.length;
}

/** Where somebody stands in a queue of `waiting`: places count from 1, fractions are between two, behind the last one is the rest. */
export function standing(layout: Pick<Layout, 'places' | 'rest' | 'folds'>, place: number, waiting: number): Point {
  const { places, rest } = layout;
  const drawn = placesFor(layout, waiting);
  const i = Math.min(drawn, Math.max(0, place - 1));
  const low = Math.floor(i);
  const here = (low < drawn ? places[low] : undefined) ?? rest;
  const next = (low + 1 < drawn ? places[low + 1] : undefined) ?? rest;
  return low === i ? here : mix(here, next, i - low);
}

/** Below this width the wide layout does not fit, below this height only a strip does. The CSS of the first paint has the same numbers. */
const WIDE_FROM = 520;
const STRIP_BELOW = 250;

/** The layout for a box of `width` by `height` with `workers` rooms. What it does not fill, it leaves empty on both sides. */
export function layoutFor(width: number, height: number, workers: number, version: Version = 'real'): Layout {
  if (height < STRIP_BELOW) return stripLayout(width, height, workers, version);
  return width < WIDE_FROM ? narrowLayout(width, workers, version) : wideLayout(width, height, workers, version);
}
