/** Fetches a recording. In pieces, so that a slow phone can answer a touch in between. */
import { TraceLog } from '../../trace/log.ts';
import { Player } from './player.ts';

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** The player of the recording at an address, at the trace time `start` (ms). */
export async function fetchRecording(src: string, start: number): Promise<Player> {
  const answer = await fetch(src);
  if (!answer.ok) throw new Error(`the server says ${answer.status}`);
  const log = TraceLog.parse(await answer.text());
  await breath();
  const player = new Player(log, false, start);
  await breath();
  return player;
}
