/** What the figure says of the shown moment. */
import { WORDS } from '../../diagram/words.ts';
import type { TraceLog } from '../../trace/log.ts';
import { seconds, sentence } from '../../trace/text.ts';
import { indexOf, type Moment } from '../../trace/trace-index.ts';
import type { Player } from './player.ts';
import { SIDE_NAMES } from './side-names.ts';
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
  const own = lastMoment(log, t);
  const other = player.beside && lastMoment(player.beside, t);
  const [moment, of] = other && (!own || other.t > own.t) ? [other, player.beside ?? log] : [own, log];
  const { behind } = player;
  const pace = far && behind >= 100 ? `${(behind / 1000).toFixed(1)} s behind` : player.pace;
  return {
    time: seconds(t),
    pace: log.events.length === 0 ? '' : pace,
    at: seconds(moment?.t ?? t),
    sentence: moment ? `${whose(of, player)}${sentence(of, moment, WORDS[names].told)}` : NOTHING_YET,
  };
}

function lastMoment(log: TraceLog, t: number): Moment | undefined {
  const index = indexOf(log);
  return index.moments[index.momentAt(t)];
}

/** Of two that are shown at once, which one a sentence is about. */
function whose(log: TraceLog, { beside }: Player): string {
  return beside ? `${SIDE_NAMES[log === beside ? 'servers' : 'sandbox']}: ` : '';
}

/** The same for those who only hear it, while things move. */
export function spoken({ t, frame, names }: Seen): string {
  return `${seconds(t)}: ${summary(frame, names)}`;
}
