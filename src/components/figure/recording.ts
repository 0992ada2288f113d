/** What a figure shows, and how a recording is fetched: in pieces, so that a slow phone can answer a touch in between. */
import { TraceLog } from '../../trace/log.ts';
import { Player } from './player.ts';

/** The log of a run that goes on, or where a recording is and at which trace time (ms) it begins. */
export type Source = { readonly log: TraceLog } | { readonly src: string; readonly start: number };

export function isSame(a: Source, b: Source): boolean {
  return 'log' in a ? 'log' in b && a.log === b.log : 'src' in b && a.src === b.src;
}

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** The recording at an address. */
export async function fetchLog(src: string): Promise<TraceLog> {
  const answer = await fetch(src);
  if (!answer.ok) throw new Error(`the server says ${answer.status}`);
  return TraceLog.parse(await answer.text());
}

/** The player of the recording at an address, at the trace time `start` (ms). */
export async function fetchRecording(src: string, start: number): Promise<Player> {
  const log = await fetchLog(src);
  await breath();
  const player = new Player(log, false, start);
  await breath();
  return player;
}
