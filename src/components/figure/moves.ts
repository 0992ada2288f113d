/** What the visitor asks of the clock, and nothing else of the figure. */
import type { Wish } from './keys.ts';
import type { Player } from './player.ts';

type Moves = { readonly [W in Wish as W['do']]?: (player: Player, wish: W) => void };

const MOVES: Moves = {
  back: (player) => player.step(-1),
  forward: (player) => player.step(1),
  start: (player) => player.restart(),
  live: (player) => (player.live ? player.toLive() : player.seek(player.end)),
  seek: (player, { screen }) => player.seek(screen),
  part: (player, { of }) => player.seekPart(of),
  move: (player, { by }) => player.seek(player.screen + by),
  speed: (player, { speed }) => {
    player.speed = speed;
  },
  faster: (player, { by }) => player.changeSpeed(by),
};

export function move(player: Player, wish: Wish): void {
  (MOVES[wish.do] as ((player: Player, wish: Wish) => void) | undefined)?.(player, wish);
}
