/** Requests as dots: where each one is in a layout (pure), and two ways to draw them, Canvas2D or one SVG path per colour. */
import type { Frame, RequestFrame } from '../trace/frame.ts';
import { outcomeOf } from '../trace/trace-index.ts';
import type { Layout, Room } from './layout.ts';
import type { Point } from './route.ts';
import { round } from './route.ts';
import type { Shape } from './shapes.ts';
import { OUTCOME_SHAPE, shapePath } from './shapes.ts';

export type Tone = 'travel' | 'wait' | 'busy' | 'ok' | 'redirect' | 'client-error' | 'server-error' | 'failed' | 'follow';

export interface Dot {
  readonly key: string;
  readonly number: number;
  readonly x: number;
  readonly y: number;
  readonly shape: Shape;
  readonly tone: Tone;
  readonly followed: boolean;
}

/** With more dots than this they are small and without numbers. */
export const NUMBERED = 60;

/** Dots of a frame. With `still` nothing is drawn between two places (reduced motion). */
export function dotsOf(frame: Frame, layout: Layout, followed: string | null, still = false): Dot[] {
  let leaving = 0;
  for (const request of frame.requests) if (request.stage === 'accepted') leaving += 1 - way(request, still);
  const socket = frame.listeners.find((listener) => listener.server === 'uwsgi');
  let coming = (socket?.waiting.length ?? 0) + leaving;
  return frame.requests.map((request) => {
    if (request.stage === 'upstream') coming++;
    const [x, y] = pointOf(request, layout, leaving, coming, still);
    const known = request.status !== null && request.status > 0;
    const outcome = outcomeOf(request.status ?? 0);
    const mine = request.key === followed;
    const waits = request.stage === 'queued';
    return {
      key: request.key,
      number: request.number,
      x,
      y,
      shape: waits ? 'ring' : known ? OUTCOME_SHAPE[outcome] : 'disc',
      tone: mine ? 'follow' : waits ? 'wait' : known ? outcome : request.stage === 'room' ? 'busy' : 'travel',
      followed: mine,
    };
  });
}

/** Would both lists be drawn the same? */
export function sameDots(a: readonly Dot[], b: readonly Dot[]): boolean {
  return a.length === b.length && a.every((dot, i) => sameDot(dot, b[i] as Dot));
}

const sameDot = (a: Dot, b: Dot): boolean =>
  a.x === b.x && a.y === b.y && a.number === b.number && a.shape === b.shape && a.tone === b.tone && a.followed === b.followed;

function pointOf(request: RequestFrame, layout: Layout, leaving: number, coming: number, still: boolean): Point {
  const p = way(request, still);
  const room: Room | undefined = layout.rooms[(request.worker ?? 0) - 1];
  switch (request.stage) {
    case 'gate':
      return layout.arrive.at(1);
    case 'shelf':
      return layout.fetch.at(Math.min(1, p * 2));
    case 'upstream':
      return layout.enter(coming).at(p);
    case 'queued':
      return layout.enter((request.place ?? 1) + leaving).at(1);
    case 'accepted':
      return room ? room.take.at(p) : layout.enter(1).at(1);
    case 'room':
      return room ? room.seat : layout.enter(1).at(1);
    case 'returned':
      return room ? room.back.at(p) : layout.arrive.at(1);
    case 'failed':
      if (request.stageBefore === 'returned') return layout.answer.at(0);
      // It could not even join the line: a step into the corridor and back.
      if (request.stageBefore === 'gate') return layout.enter(1).at(Math.min(p, 1 - p));
      return room ? room.back.at(p) : layout.enter(1).at(1 - p);
    case 'response':
      if (request.stageBefore === 'shelf') return layout.serve.at(p);
      return request.stageBefore === 'gate' ? layout.turn.at(p) : layout.answer.at(p);
    default:
      return layout.arrive.at(p);
  }
}

/** Eased share of the way to the next hop. */
function way(request: RequestFrame, still: boolean): number {
  const p = request.progress;
  return still ? 0 : p * p * (3 - 2 * p);
}

export const radiusOf = (count: number): number => (count > NUMBERED ? 4 : 9);

/** Dots as SVG: for the first paint, for the element of a single dot, and for a crowd in forced colours. */
export function dotsSvg(dots: readonly Dot[]): string {
  const r = radiusOf(dots.length);
  const paths = new Map<Tone, string>();
  for (const dot of dots) {
    paths.set(dot.tone, (paths.get(dot.tone) ?? '') + shapePath(dot.shape, dot.x, dot.y, r));
  }
  let svg = `<path class="dot-halo" d="${dots.map((dot) => shapePath('disc', dot.x, dot.y, r + 2)).join('')}"/>`;
  for (const [tone, d] of paths) svg += `<path class="dot" data-tone="${tone}" d="${d}"/>`;
  if (r > 5) {
    for (const dot of dots)
      svg += `<text class="dot-number${dot.shape === 'ring' ? ' hollow' : ''}" x="${round(dot.x)}" y="${round(dot.y + 3.5)}">${dot.number}</text>`;
  }
  return svg;
}

/** Colours by tone, and that of the paper. */
export type Palette = Readonly<Record<Tone | 'paper', string>>;

const cache = new Map<string, Path2D>();

function path(shape: Shape, r: number): Path2D {
  const name = `${shape}${r}`;
  let found = cache.get(name);
  if (!found) {
    found = new Path2D(shapePath(shape, 0, 0, r));
    cache.set(name, found);
  }
  return found;
}

/** Draws a crowd on a canvas whose unit is the layout's. */
export function paintDots(context: CanvasRenderingContext2D, dots: readonly Dot[], palette: Palette): void {
  const r = radiusOf(dots.length);
  // The followed one last, on top of the others.
  for (const dot of [...dots].sort((a, b) => Number(a.followed) - Number(b.followed))) {
    context.save();
    context.translate(dot.x, dot.y);
    const hollow = dot.shape === 'ring';
    context.fillStyle = palette.paper;
    context.fill(path(hollow ? 'disc' : dot.shape, r + 2));
    context.fillStyle = palette[dot.tone];
    context.fill(path(dot.shape, r), 'evenodd');
    if (dot.followed) {
      context.strokeStyle = palette.follow;
      context.lineWidth = 1.5;
      context.stroke(path('disc', r + 4));
    }
    context.restore();
  }
}
