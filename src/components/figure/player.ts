/**
 * Where a figure is in its log and how it moves on: play, pause, step, seek, speed, and for a live log keeping up with it.
 * It is told how much time has passed and owns no clock, so a test can run it.
 */
import { frameAt, isQuiet } from '../../trace/frame.ts';
import type { TraceLog } from '../../trace/log.ts';
import { countUntil } from '../../trace/search.ts';
import { Story } from '../../trace/story.ts';
import { indexOf, type Moment, momentsOf } from '../../trace/trace-index.ts';

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4] as const;

/** How far behind the present a live figure stays, so that a burst has arrived before it is drawn. */
const LAG = 150;
/** Beyond this many screen milliseconds behind, a live figure goes faster. */
const BEHIND = 1500;

export class Player {
  readonly log: TraceLog;
  /** A recording that moves with it, by the same clock. */
  readonly beside: TraceLog | null;
  readonly story: Story;
  readonly live: boolean;
  /** Trace time where it began and where "restart" leads. */
  readonly start: number;
  /** Position in screen time and in trace time. */
  screen: number;
  t: number;
  playing: boolean;
  speed = 1;
  /** Trace time at which a recording stops playing by itself, until somebody moves in it. */
  until = Number.POSITIVE_INFINITY;
  /** Trace time minus the clock that `tick` is given, as well as is known: batches arrive late, never early. */
  #offset = Number.NEGATIVE_INFINITY;
  #now = 0;
  /** Does it keep up with a live log? Not who went back to look at something again: that goes at the speed that was chosen. */
  #following = true;
  /** Whether nothing is going on at the end of the log, and of which version of it that is known. */
  #rest = { version: -1, quiet: true };

  constructor(log: TraceLog, live: boolean, start = 0, beside: TraceLog | null = null) {
    this.log = log;
    this.beside = beside;
    this.story = new Story(log, beside);
    this.live = live;
    this.start = start;
    this.playing = live;
    this.t = live ? log.end : start;
    this.screen = this.story.screenTime(this.t);
    this.story.freeze(this.screen);
  }

  /** Screen time up to which there is something to show now: a worker may end its part after the last moment worth a sentence. */
  get end(): number {
    const end = Math.max(this.story.end, this.story.screenTime(this.#logEnd));
    if (!this.live || !Number.isFinite(this.#offset) || this.#quiet) return end;
    return Math.max(end, this.story.screenTime(this.#now + this.#offset - LAG));
  }

  /** Screen time from which on there is something to show: a live log drops what is oldest. */
  get first(): number {
    return Math.min(this.story.start, this.end);
  }

  get atEnd(): boolean {
    return this.screen >= this.end - 0.5;
  }

  /** Trace time of what happened last while it plays: for who wants things to stand still until the next thing happens. */
  get still(): number {
    const moments = momentsOf(this.log, this.beside);
    const moment = this.playing ? moments[positionAt(moments, this.t)] : undefined;
    return moment ? Math.max(moment.t, this.start) : this.t;
  }

  /** The log has grown; `now` is the clock that `tick` is given. */
  grew(now: number): void {
    this.#now = now;
    this.#offset = Math.max(this.#offset, this.log.end - now);
    const rested = this.screen >= this.story.end - 0.5;
    this.story.update();
    // where it stood nothing is left to see
    if (this.screen < this.first) this.#to(this.first);
    if (!this.live || !this.playing || !rested) return;
    // Nothing was going on: the visitor has waited long enough for this, do not play the gap as well.
    const index = indexOf(this.log);
    const next = index.moments[index.momentAt(this.t) + 1];
    if (next && index.requests.inFlight(this.t) === 0) this.#to(Math.max(this.screen, this.story.screenTime(next.t) - 50));
  }

  /** Moves on by `passed` ms of real time. Returns whether there is more to come without anything new in the log. */
  tick(passed: number, now: number): boolean {
    this.#now = now;
    if (!this.playing) return false;
    const { end } = this;
    const behind = this.live && this.#following ? Math.max(0, end - this.screen - BEHIND) / BEHIND : 0;
    const stop = this.live ? end : Math.min(end, Math.max(this.first, this.story.screenTime(this.until)));
    this.#to(Math.min(stop, this.screen + passed * this.speed * (1 + behind)));
    if (this.atEnd) this.#following = true;
    // To the very end: what happened last may be less than a frame away.
    if (this.live) return this.screen < this.end || !isQuiet(frameAt(this.log, this.t));
    this.playing = this.screen < stop - 0.5;
    return this.playing;
  }

  /** To a screen time, and on from there at the chosen speed. */
  seek(screen: number): void {
    this.#following = false;
    this.until = Number.POSITIVE_INFINITY;
    this.#to(screen);
  }

  #to(screen: number): void {
    const { end } = this;
    this.screen = Math.max(this.first, Math.min(end, screen));
    // At the end everything has happened, whatever the clocks lose in rounding.
    this.t = Math.max(this.story.traceTime(this.screen), this.screen === end ? this.#logEnd : 0);
    this.story.freeze(this.screen);
  }

  /** To the next or the previous moment, and stops there. */
  step(by: 1 | -1): void {
    this.playing = false;
    this.#following = false;
    const moments = momentsOf(this.log, this.beside);
    let at = positionAt(moments, this.t) + (by === 1 ? 1 : 0);
    // Several things may have happened at this very moment: back means before all of them.
    while (by === -1 && (moments[at]?.t ?? -1) >= this.t) at--;
    const moment = moments[at];
    if (!moment || moment.t < this.log.whole) return;
    this.t = moment.t;
    this.screen = this.story.screenTime(this.t);
    this.story.freeze(this.screen);
  }

  /** Play or pause; at the end of a recording, play from the start. */
  toggle(): void {
    this.playing = !this.playing;
    if (this.t >= this.until - 1) this.until = Number.POSITIVE_INFINITY;
    if (this.playing && !this.live && this.atEnd) this.seek(this.story.screenTime(this.start));
  }

  restart(): void {
    this.seek(this.story.screenTime(this.start));
    this.playing = true;
  }

  /** To a part of the whole, 0 to 1. */
  seekPart(part: number): void {
    this.seek(this.first + part * (this.end - this.first));
  }

  /** To a trace time. */
  seekTo(t: number): void {
    this.seek(this.story.screenTime(t));
    // what happens at that very moment has happened, whatever the clocks lose in rounding
    if (Math.abs(this.t - t) < 0.01) this.t = t;
  }

  /** To the next or the previous of the sorted trace times `marks`, and stops there. Returns the one it is at, or undefined. */
  toMark(marks: readonly number[], by: 1 | -1): number | undefined {
    const mark = by === 1 ? marks.find((t) => t > this.t) : marks.findLast((t) => t < this.t);
    if (mark === undefined) return undefined;
    this.playing = false;
    this.seekTo(mark);
    return mark;
  }

  /** How far the shown moment is behind the present, in trace ms; 0 for a recording. */
  get behind(): number {
    return this.live ? Math.max(0, this.story.traceTime(this.end) - this.t) : 0;
  }

  /** To what happens now, and on with it. */
  toLive(): void {
    this.seek(this.end);
    this.playing = true;
    this.#following = true;
  }

  /** The next slower or faster speed. */
  changeSpeed(by: 1 | -1): void {
    const at = SPEEDS.indexOf(this.speed as (typeof SPEEDS)[number]) + by;
    this.speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))] ?? 1;
  }

  /** How the shown time relates to the real one here, in words. */
  get pace(): string {
    // Over half a second, or it would change with every hop.
    const rate = (this.story.traceTime(this.screen + 250) - this.story.traceTime(this.screen - 250)) / 500;
    if (rate * this.speed < 0.91) return `${times(1 / (rate * this.speed))} slower`;
    return rate * this.speed > 1.1 ? `${times(rate * this.speed)} faster` : 'real speed';
  }

  get #logEnd(): number {
    return Math.max(this.log.end, this.beside?.end ?? 0);
  }

  get #quiet(): boolean {
    const { version } = this.log;
    if (this.#rest.version !== version) this.#rest = { version, quiet: isQuiet(frameAt(this.log, this.log.end)) };
    return this.#rest.quiet;
  }
}

/** The moment at or before `t`, -1: before the first. */
const positionAt = (moments: readonly Moment[], t: number): number => countUntil(moments, t, (moment) => moment.t) - 1;

/** Two digits are enough: 140×, 3.5×. */
const times = (value: number): string => `${Number(value.toPrecision(2))}×`;
