/**
 * One way to look at a log: the map, the lanes, the text, the table, IIS. The figure owns the clock and the controls; a view
 * is told what to show, and says what the visitor chose in it.
 */
import type { Names } from '../../diagram/words.ts';
import type { Frame } from '../../trace/frame.ts';
import type { TraceLog } from '../../trace/log.ts';
import type { Story } from '../../trace/story.ts';

/** What there is to see at one moment. */
export interface Seen {
  readonly log: TraceLog;
  /** Trace time (ms), and the state of everything then. */
  readonly t: number;
  readonly frame: Frame;
  /** Key of the request that the visitor follows. */
  readonly followed: string | null;
  readonly names: Names;
  /** The clock it is shown by, where that is not the log's own: another recording moves with it. */
  readonly clock?: Story;
}

export interface View {
  /** Shows all of it: after a step or a seek, and some times a second while it plays. */
  show(seen: Seen): void;
  /** Shows only what moves: in the animation frames between. */
  move(seen: Seen): void;
  destroy(): void;
}

export interface ViewEvents {
  /** A request was chosen, by its key: its dialog opens. */
  open(key: string): void;
  /** To a moment, in trace time. */
  seek(t: number): void;
}

export type MountView = (element: HTMLElement, events: ViewEvents) => View;
