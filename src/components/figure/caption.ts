/** What the figure says of the shown moment. */
import { WORDS } from '../../diagram/words.ts';
import { seconds, sentence } from '../../trace/text.ts';
import { indexOf } from '../../trace/trace-index.ts';
import type { Player } from './player.ts';
import { summary } from './summary.ts';
import type { Seen } from './view.ts';

export const NOTHING_YET = 'Nothing has happened yet.';

export interface Caption {
  readonly time: string;
  /** How its time runs, or how far it is behind the present. */
  readonly pace: string;
  /** What happened last, and when. */
  readonly sentence: string;
  readonly at: string;
}

/** `far`: so far behind that this is what there is to say of the pace. */
export function captionOf({ log, t, names }: Seen, player: Player, far: boolean): Caption {
  const index = indexOf(log);
  const moment = index.moments[index.momentAt(t)];
  const { behind } = player;
  const pace = far && behind >= 100 ? `${(behind / 1000).toFixed(1)} s behind` : player.pace;
  return {
    time: seconds(t),
    pace: log.events.length === 0 ? '' : pace,
    at: seconds(moment?.t ?? t),
    sentence: moment ? sentence(log, moment, WORDS[names].told) : NOTHING_YET,
  };
}

/** The same for those who only hear it, while things move. */
export function spoken({ t, frame, names }: Seen): string {
  return `${seconds(t)}: ${summary(frame, names)}`;
}
