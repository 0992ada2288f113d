/** The one request that is open in its dialog. What played pauses meanwhile, and goes on afterwards. */
import type { Names } from '../../diagram/words.ts';
import type { Player } from './player.ts';
import type { RequestDialog } from './request/request.ts';

export interface Opener {
  readonly player: Player;
  readonly names: Names;
  readonly followed: string | null;
  follow(key: string | null): void;
  /** Does something to the player, and shows what it led to. */
  act(what: () => void): void;
}

export class Opened {
  #dialog: RequestDialog | null = null;

  /** Opens the request of that key. Fails when the dialog cannot be fetched; then all is as before. */
  async open(key: string, { player, names, followed, follow, act }: Opener): Promise<void> {
    // from one request to the next the pause goes on
    const playing = player.playing;
    act(() => (player.playing = false));
    const goOn = (): void => {
      if (playing) act(() => (player.playing = true));
    };
    try {
      const { openRequest } = await import('./request/request.ts');
      this.close();
      this.#dialog = openRequest({
        log: player.log,
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

  close(): void {
    this.#dialog?.close();
    this.#dialog = null;
  }
}
