/**
 * A figure as others move it: a presenter's keys, a speaker's window, a teacher's page whom a class follows. Of a recording only:
 * the time of a live log means nothing anywhere else. Whoever has no hold of the figure says what they want with the event
 * `ftr:move` on `window`; what the figure does, by whomever, it says with the event `ftr:moved`, which bubbles.
 */
import type { Player } from './player.ts';
import { SPEEDS } from './player.ts';

/** Where a recording stands (trace time, ms) and how it moves. */
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

export class Steering {
  readonly #root: HTMLElement;
  readonly #player: () => Player;
  readonly #act: (what: () => void) => void;
  #waiting: Way | null = null;
  #said: Moment | null = null;

  /** `act` does something to the player and draws what came of it. */
  constructor(root: HTMLElement, player: () => Player, act: (what: () => void) => void) {
    this.#root = root;
    this.#player = player;
    this.#act = act;
    window.addEventListener('ftr:move', this.#hear);
  }

  go(way: Way): void {
    const player = this.#player();
    if (player.live) return;
    if (player.log.events.length === 0) this.#waiting = { ...this.#waiting, ...way };
    else this.#act(() => follow(player, way));
  }

  /** There is something else to show. */
  began(): void {
    const way = this.#waiting;
    this.#waiting = null;
    if (way && !this.#player().live) follow(this.#player(), way);
  }

  /** Something was drawn; `told`: because somebody wanted it. Says so when it is more than time that goes by. */
  moved(told: boolean): void {
    const { live, log, t, playing, speed } = this.#player();
    if (live || log.events.length === 0) return;
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

  #hear = (event: Event): void => {
    if (event instanceof CustomEvent) this.go(event.detail as Way);
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
