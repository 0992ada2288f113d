/**
 * A figure as others than the visitor move it: a page that it is embedded in, a presenter's keys, a speaker's window, a teacher whom a class
 * follows. Whoever has no hold of it says what they want of a recording with the event `ftr:move` on `window`: the time of a live log means
 * nothing anywhere else. What a recording does, by whomever, the figure says with the event `ftr:moved`, which bubbles.
 */
import type { Player } from './player.ts';
import { SPEEDS } from './player.ts';

/** Where the picture stands (trace time, ms) and how it moves. */
export interface Moment {
  readonly t: number;
  readonly playing: boolean;
  readonly speed: number;
}

/**
 * What to do with it: what is not named stays as it is. `until`: the trace time (ms) at which it stops. `at`: when (ms, performance.now()
 * of this page) it was there; if it plays, it has played on since. A way may wait until the recording has come, and does not age by that.
 */
export type Way = Partial<Moment> & { readonly until?: number; readonly at?: number };

/** Both wait for the recording. Errors: an Error, when it does not come. */
export interface Remote {
  go(way: Way): Promise<void>;
  now(): Promise<Moment>;
}

interface Steered {
  readonly player: () => Player;
  /** The player, once it has something in it. Errors: an Error, when nothing came. */
  readonly loaded: () => Promise<Player>;
  /** Does something to the player and draws what came of it. */
  readonly act: (what: () => void) => void;
  /** Can anybody see it? */
  readonly seen: () => boolean;
}

export class Steering implements Remote {
  readonly #root: HTMLElement;
  readonly #of: Steered;
  #said: Moment | null = null;

  constructor(root: HTMLElement, of: Steered) {
    this.#root = root;
    this.#of = of;
    window.addEventListener('ftr:move', this.#hear);
  }

  go(way: Way): Promise<void> {
    return this.#move(way, true);
  }

  async now(): Promise<Moment> {
    const { t, playing, speed } = await this.#of.loaded();
    return { t, playing, speed };
  }

  /**
   * Something was drawn, or comes into sight or out of it; `told`: because somebody wanted it. Says so when it is more than time that goes
   * by. What nobody sees stands still, and that is said, too: a class must not play on without the stage.
   */
  moved(told: boolean): void {
    const { live, log, t, speed, playing: plays } = this.#of.player();
    if (live || log.events.length === 0) return;
    const playing = plays && this.#of.seen();
    const said = this.#said;
    if (said && !told && said.playing === playing && said.speed === speed) return;
    // what plays and is at the same time once more was sent back there
    if (said && !playing && said.t === t && !said.playing && said.speed === speed) return;
    this.#said = { t, playing, speed };
    this.#root.dispatchEvent(new CustomEvent<Moment>('ftr:moved', { detail: this.#said, bubbles: true }));
  }

  stop(): void {
    window.removeEventListener('ftr:move', this.#hear);
  }

  async #move(way: Way, live: boolean): Promise<void> {
    const player = await this.#of.loaded();
    if (live || !player.live) this.#of.act(() => follow(player, way));
  }

  #hear = (event: Event): void => {
    // the figure itself says when its recording does not come
    if (event instanceof CustomEvent) this.#move(event.detail as Way, false).catch(() => {});
  };
}

function follow(player: Player, { t, playing, speed, until, at }: Way): void {
  if (speed !== undefined && SPEEDS.some((one) => one === speed)) player.speed = speed;
  if (t !== undefined) player.seekTo(t);
  if (at !== undefined && playing) player.seek(player.screen + Math.max(0, performance.now() - at) * player.speed);
  if (until !== undefined) player.until = until;
  if (playing === undefined) return;
  if (t !== undefined) player.playing = playing && !player.atEnd;
  // whoever names no time presses play: that goes on beyond where it was to stop, and at the end from the start
  else if (playing !== player.playing) player.toggle();
}
