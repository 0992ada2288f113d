/** Where the arrow keys lead: along the lines of the map, from the part that has the focus to the one in that direction. */
import type { Kind, Version } from './layout.ts';

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';
type Ways = Partial<Record<Arrow, string>>;

/** Of the parts that are not rooms. `w1` is the first room. */
const WIDE: Record<string, Ways> = {
  visitor: { ArrowRight: 'gate' },
  gate: { ArrowLeft: 'visitor', ArrowRight: 'queue', ArrowDown: 'shelf' },
  shelf: { ArrowUp: 'gate', ArrowRight: 'queue' },
  queue: { ArrowLeft: 'gate', ArrowRight: 'w1', ArrowUp: 'master', ArrowDown: 'shelf' },
  master: { ArrowLeft: 'queue', ArrowDown: 'w1' },
};

/** From top to bottom the same lines point elsewhere; the directions of the wide map lead on where they are not taken. */
const NARROW: Record<string, Ways> = {
  visitor: { ArrowRight: 'gate', ArrowDown: 'gate' },
  gate: { ArrowLeft: 'visitor', ArrowUp: 'visitor', ArrowRight: 'shelf', ArrowDown: 'queue' },
  shelf: { ArrowLeft: 'gate', ArrowDown: 'queue' },
  queue: { ArrowLeft: 'gate', ArrowUp: 'gate', ArrowRight: 'w1', ArrowDown: 'master' },
  master: { ArrowLeft: 'queue', ArrowUp: 'queue', ArrowDown: 'w1' },
};

/** The lecture's manager stands between the line and the rooms. */
const LECTURE: Record<string, Ways> = {
  queue: { ArrowRight: 'master', ArrowUp: 'gate' },
  master: { ArrowLeft: 'queue', ArrowRight: 'w1' },
};

/** The part in that direction; null where no line leads. `from` is a part's name, rooms are `w1`, `w2` and so on. */
export function neighbour(kind: Kind, version: Version, rooms: number, from: string, arrow: Arrow): string | null {
  const lecture = version === 'lecture';
  const room = /^w(\d+)$/.exec(from);
  if (room) {
    const id = Number(room[1]);
    if (arrow === 'ArrowDown') return id < rooms ? `w${id + 1}` : null;
    if (arrow === 'ArrowUp') return id > 1 ? `w${id - 1}` : lecture ? null : 'master';
    return arrow === 'ArrowLeft' ? (lecture ? 'master' : 'queue') : null;
  }
  const ways = { ...(kind === 'narrow' ? NARROW : WIDE)[from], ...(lecture ? LECTURE[from] : {}) };
  return ways[arrow] ?? null;
}
