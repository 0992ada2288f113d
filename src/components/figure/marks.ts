/** The marks of a log along the time: crashes, reloads, full queues. */

import { type Names, WORDS } from '../../diagram/words.ts';
import { type Marker, markersOf } from '../../trace/markers.ts';
import type { Controls } from './controls.ts';
import type { Player } from './player.ts';

export class Marks {
  #list: readonly Marker[] = [];

  /** Takes them from the log, and shows where they are. */
  update({ log, story, first, end }: Player, controls: Controls, names: Names): void {
    this.#list = markersOf(log, WORDS[names].told);
    const place = (t: number): number => Math.min(1, Math.max(0, (story.screenTime(t) - first) / Math.max(1, end - first)));
    controls.mark(this.#list.map(({ t, kind }) => ({ at: place(t), kind })));
  }

  /** To the next or the one before. Returns what it says. */
  go(player: Player, by: 1 | -1): string {
    const t = player.toMark(
      this.#list.map((mark) => mark.t),
      by,
    );
    return this.#list.find((mark) => mark.t === t)?.text ?? `No mark ${by === 1 ? 'after' : 'before'} this.`;
  }
}
