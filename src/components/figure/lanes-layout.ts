/** Where the lanes stand in their box, in CSS pixels: what has little height drops words, never lanes. */
import type { Lane } from './lanes-data.ts';

export interface Row {
  readonly lane: Lane;
  readonly y: number;
  readonly h: number;
  /** Thin bars side by side in this lane, for what goes on at the same time. */
  readonly tracks: number;
}

export interface LanesLayout {
  readonly width: number;
  readonly height: number;
  /** Where the time begins: left of it are the names. */
  readonly left: number;
  /** Where the shown moment is. */
  readonly head: number;
  readonly queue: { readonly y: number; readonly h: number };
  readonly rows: readonly Row[];
  /** Height of the axis, at the bottom. */
  readonly axis: number;
  /** There is space for a second line under the names. */
  readonly roomy: boolean;
}

const AXIS = 20;
const GAP = 4;

/** `ahead`: what comes after the shown moment is known as well, so it gets space. */
export function layLanes(width: number, height: number, lanes: readonly Lane[], ahead: boolean): LanesLayout {
  const left = width < 480 ? 78 : 92;
  const rest = height - AXIS - GAP;
  const each = Math.max(12, Math.min(60, (rest - Math.max(22, height * 0.15)) / Math.max(1, lanes.length)));
  // what the lanes leave is the line's
  const queueHeight = Math.max(22, Math.round(rest - each * lanes.length));
  let y = queueHeight + GAP;
  return {
    width,
    height,
    left,
    head: Math.round(left + (width - left) * (ahead ? 0.62 : 0.9)),
    queue: { y: 2, h: queueHeight },
    rows: lanes.map((lane) => {
      const row = { lane, y, h: each, tracks: lane.worker === null ? Math.max(2, Math.floor((each - 6) / 7)) : 1 };
      y += each;
      return row;
    }),
    axis: AXIS,
    roomy: each >= 34,
  };
}

/** A track for each request: the first that is free when it begins, or else the one that is free soonest. It keeps it. */
export class Tracks {
  readonly count: number;
  readonly #of = new Map<string, number>();

  constructor(count: number) {
    this.count = count;
  }

  /** All requests, by start time. */
  take(requests: readonly { readonly key: string; readonly start: number; readonly end: number }[]): void {
    const ends = new Array<number>(this.count).fill(Number.NEGATIVE_INFINITY);
    for (const { key, start, end } of requests) {
      let track = this.#of.get(key);
      if (track === undefined) {
        const free = ends.findIndex((one) => one <= start);
        track = free >= 0 ? free : ends.indexOf(Math.min(...ends));
        this.#of.set(key, track);
      }
      ends[track] = Math.max(ends[track] as number, end);
    }
    if (this.#of.size > 2 * requests.length) this.#forget(new Set(requests.map(({ key }) => key)));
  }

  /** A live log drops its oldest requests; so does this, now and then. */
  #forget(kept: ReadonlySet<string>): void {
    for (const key of this.#of.keys()) if (!kept.has(key)) this.#of.delete(key);
  }

  of(key: string): number {
    return this.#of.get(key) ?? 0;
  }
}
