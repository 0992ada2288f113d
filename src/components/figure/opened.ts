/** The one request that is open in its dialog. What played pauses meanwhile, and goes on afterwards. */
import type { Names } from '../../diagram/words.ts';
import type { TraceLog } from '../../trace/log.ts';
import { fetched } from './fetched.ts';
import type { Player } from './player.ts';
import type { RequestDialog } from './request/request.ts';

interface Opener {
  readonly player: Player;
  /** The log that has the request: the player's, or the one that moves with it. */
  readonly log: TraceLog;
  readonly names: Names;
  readonly followed: string | null;
  follow(key: string | null): void;
  /** Does something to the player, and shows what it led to. */
  act(what: () => void): void;
}

export class Opened {
  #dialog: RequestDialog | null = null;
  /** What played before, from one request to the next. */
  #paused: Player | null = null;
  /** One more whenever another request is asked for, or none any more. */
  #turn = 0;

  /** Opens the request of that key. Fails when the dialog cannot be fetched; then all is as before. */
  async open(key: string, { player, log, names, followed, follow, act }: Opener): Promise<void> {
    const mine = ++this.#turn;
    if (player.playing) {
      this.#paused = player;
      act(() => (player.playing = false));
    }
    const goOn = (): void => {
      if (mine === this.#turn && this.#paused) act(() => this.#resume());
    };
    try {
      const { openRequest } = await fetched(import('./request/request.ts'));
      if (mine !== this.#turn) return;
      this.#dialog?.close();
      this.#dialog = openRequest({
        log,
        key,
        names,
        followed: key === followed,
        follow,
        // to look at it: it stands still there
        seek: (t) =>
          act(() => {
            player.playing = false;
            player.seekTo(t);
          }),
        closed: () => {
          this.#dialog = null;
          goOn();
        },
      });
    } catch (error) {
      goOn();
      throw error;
    }
  }

  /** The log has more to say. */
  update(): void {
    this.#dialog?.update();
  }

  /** Closes it, or lets it not open; what played plays. */
  close(): void {
    this.#turn++;
    this.#dialog?.close();
    this.#dialog = null;
    this.#resume();
  }

  #resume(): void {
    if (this.#paused) this.#paused.playing = true;
    this.#paused = null;
  }
}
