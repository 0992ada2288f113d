/** What others than the visitor may ask of a figure: a page that the lesson is embedded in, a presenter. All of it waits for the recording. */
import type { Player } from './player.ts';

export interface Remote {
  /** At the end of a recording, from its start. */
  play(): Promise<void>;
  pause(): Promise<void>;
  /** To a time of the log, in ms. */
  seek(ms: number): Promise<void>;
  /** One of SPEEDS. */
  setSpeed(speed: number): Promise<void>;
  /** Where it is, and whether it goes on from there. */
  now(): Promise<{ readonly ms: number; readonly playing: boolean; readonly speed: number }>;
}

/** `loaded` gives the player once there is one with something in it; `act` changes it and shows what came of that. */
export function remoteOf(loaded: () => Promise<Player>, act: (what: () => void) => void): Remote {
  const change = async (what: (player: Player) => void): Promise<void> => {
    const player = await loaded();
    act(() => what(player));
  };
  return {
    play: () => change((player) => player.playing || player.toggle()),
    pause: () =>
      change((player) => {
        player.playing = false;
      }),
    seek: (ms) => change((player) => player.seekTo(ms)),
    setSpeed: (speed) =>
      change((player) => {
        player.speed = speed;
      }),
    async now() {
      const { t: ms, playing, speed } = await loaded();
      return { ms, playing, speed };
    },
  };
}
