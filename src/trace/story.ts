/**
 * The story clock: trace time <-> screen time. A request takes two milliseconds and nobody can watch that, so every hop is
 * given the screen time it needs to be seen; idle gaps shrink. Hops of different requests share time, so a crowd does not
 * take much longer than one. Both clocks only ever go forward, and what was shown once is never mapped anew.
 */

import type { Stage } from './hops.ts';
import type { TraceLog } from './log.ts';
import { countUntil, countWhile, self } from './search.ts';
import { indexOf, type Moment, momentsOf } from './trace-index.ts';

/** Screen milliseconds that a request at least spends in a stage. */
const SEEN: Record<Stage, number> = {
  sent: 300,
  gate: 60,
  shelf: 800,
  upstream: 250,
  queued: 60,
  accepted: 350,
  room: 300,
  returned: 350,
  failed: 250,
  response: 350,
  done: 0,
};
/** With more requests than this under way each hop gets less, or a rush would crawl. */
const CROWD = 3;
/** A gap with nothing under way shrinks beyond this, one with work going on beyond the second. */
const IDLE = 500;
const BUSY = 3500;
const SHRINK = 20;

export class Story {
  readonly #log: TraceLog;
  /** A recording that is shown beside it by the same clock. */
  readonly #beside: TraceLog | null;
  /** Knots of a line from trace time to screen time, both strictly increasing. */
  #trace: number[] = [0];
  #screen: number[] = [0];
  /** How many requests are under way at each knot. */
  #crowd: number[] = [0];
  #frozen = 0;
  #version = 0;
  #whole = Number.NEGATIVE_INFINITY;

  constructor(log: TraceLog, beside: TraceLog | null = null) {
    this.#log = log;
    this.#beside = beside;
    this.update();
  }

  /** Screen time of the last thing that happened. */
  get end(): number {
    return this.#screen.at(-1) as number;
  }

  /** Screen time from which on all that happened is there: 0 for a log that has dropped nothing. */
  get start(): number {
    return Number.isFinite(this.#whole) ? this.screenTime(this.#whole) : 0;
  }

  /** Takes in what the log has gained. Nothing at or before what `freeze` was told moves. */
  update(): void {
    const index = indexOf(this.#log);
    this.#forget();
    if (this.#version === index.changes.version) return;
    const first = this.#version === 0;
    const changed = index.changes.since(this.#version);
    this.#version = index.changes.version;
    const before = countWhile(this.#trace, (t) => t < changed || t <= this.#frozen);
    this.#keep(Math.max(1, before));
    const moments = momentsOf(this.#log, this.#beside);
    if (first && this.#frozen === 0) this.#trace[0] = Math.min(0, moments[0]?.t ?? 0);
    for (let i = this.#trace.length - 1; i >= 0 && (this.#trace[i] as number) >= Math.min(changed, this.#trace.at(-1) as number); i--)
      this.#crowd[i] = this.#inFlight(this.#trace[i] as number);
    // what happens at the very time of the last knot that stays may be new
    const from = countUntil(moments, this.#trace.at(-1) as number, (moment) => moment.t) - 1;
    for (let i = Math.max(0, from); i < moments.length; i++) this.#place(moments[i] as Moment);
  }

  /** Screen time `screen` has been shown: the mapping up to it stays as it is. */
  freeze(screen: number): void {
    const t = this.traceTime(screen);
    if (t <= this.#frozen) return;
    this.#frozen = t;
    // Beyond the last knot time goes on by the rule for gaps; that has now been seen, so it becomes part of the line.
    if (t > (this.#trace.at(-1) as number)) {
      this.#add(t, screen);
    }
  }

  /** Trace time at screen time. Beyond the end of the log one runs like the other. */
  traceTime(screen: number): number {
    return between(this.#screen, this.#trace, screen);
  }

  /** Screen time at trace time. */
  screenTime(t: number): number {
    return between(this.#trace, this.#screen, t);
  }

  /** Drops the knots of what the log has dropped; what is left stays where it is on the screen. */
  #forget(): void {
    if (this.#whole === this.#log.whole) return;
    this.#whole = this.#log.whole;
    const gone = Math.min(countUntil(this.#trace, this.#whole, self), this.#trace.length - 1) - 1;
    if (gone <= 0) return;
    for (const knots of [this.#trace, this.#screen, this.#crowd]) knots.splice(1, gone);
  }

  #inFlight(t: number): number {
    const own = indexOf(this.#log).requests.inFlight(t);
    return this.#beside ? Math.max(own, indexOf(this.#beside).requests.inFlight(t)) : own;
  }

  #place(moment: Moment): void {
    const last = this.#trace.length - 1;
    const lastT = this.#trace[last] as number;
    if (moment.t <= lastT) {
      // never what has been shown
      if (moment.t === lastT && lastT > this.#frozen) this.#screen[last] = Math.max(this.#screen[last] as number, this.#earliest(moment));
      return;
    }
    const gap = moment.t - lastT;
    const limit = (this.#crowd[last] as number) > 0 ? BUSY : IDLE;
    const passed = Math.min(gap, limit) + Math.max(0, gap - limit) / SHRINK;
    this.#add(moment.t, Math.max((this.#screen[last] as number) + passed, this.#earliest(moment)));
  }

  /** When the hop before this one has been on screen for long enough. */
  #earliest(moment: Moment): number {
    const before = moment.request?.hops[(moment.hop ?? 0) - 1];
    if (!before) return 0;
    const knot = countUntil(this.#trace, before.t, self) - 1;
    const crowd = Math.max(1, this.#crowd[knot] ?? 1);
    const screen = this.#trace[knot] === before.t ? (this.#screen[knot] as number) : this.screenTime(before.t);
    return screen + SEEN[before.stage] * Math.min(1, Math.sqrt(CROWD / crowd));
  }

  #add(t: number, screen: number): void {
    this.#trace.push(t);
    this.#screen.push(screen);
    this.#crowd.push(this.#inFlight(t));
  }

  #keep(count: number): void {
    for (const knots of [this.#trace, this.#screen, this.#crowd]) if (count < knots.length) knots.length = count;
  }
}

/** Linear between knots; with slope 1 outside them. A knot leads to the other line's knot exactly: something happens just there. */
function between(from: readonly number[], to: readonly number[], value: number): number {
  const right = countUntil(from, value, self);
  const a = from[right - 1];
  const b = from[right];
  if (a === undefined) return (to[0] as number) + (value - (from[0] as number));
  const start = to[right - 1] as number;
  if (b === undefined) return start + (value - a);
  return start + ((to[right] as number) - start) * ((value - a) / (b - a));
}
