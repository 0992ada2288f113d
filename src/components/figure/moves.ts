/** Carries out wishes: by a table of what to do for which. What only asks something of the clock is here. */
import type { Wish } from './keys.ts';
import type { Player } from './player.ts';

/** What to do for each kind of wish. */
export type Table = { readonly [W in Wish as W['do']]?: (wish: W) => void };

/** Does what the table says for a wish. Returns whether it says anything. */
export function carryOut(table: Table, wish: Wish): boolean {
  const one = table[wish.do] as ((wish: Wish) => void) | undefined;
  one?.(wish);
  return one !== undefined;
}

/** The wishes that only move the clock. */
export const movesOf = (player: Player): Table => ({
  back: () => player.step(-1),
  forward: () => player.step(1),
  start: () => player.restart(),
  live: () => (player.live ? player.toLive() : player.seek(player.end)),
  seek: ({ screen }) => player.seek(screen),
  part: ({ of }) => player.seekPart(of),
  move: ({ by }) => player.seek(player.screen + by),
  speed: ({ speed }) => {
    player.speed = speed;
  },
  faster: ({ by }) => player.changeSpeed(by),
});
