/** What the scrub bar marks: a worker that died, a reload, a listen queue that was full. */
import type { TraceLog } from './log.ts';
import type { Marker } from './marks.ts';
import { indexOf } from './trace-index.ts';

export type { Marker } from './marks.ts';

/** The markers of a log by time, with a short text for each. The same list as long as nothing changed. */
export function markersOf(log: TraceLog): readonly Marker[] {
  return indexOf(log).marks.list;
}
