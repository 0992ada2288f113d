/** The model at one moment as sentences: for those who do not see the picture. */
import type { PoolSettings } from '../../../model/application-host.ts';
import type { RequestRecord } from '../../../model/records.ts';
import type { IisState, ProcessView } from '../../../model/state.ts';
import { pathOf } from '../../../trace/text.ts';

/** So many of the waiting are named; the rest is a number. */
const NAMED = 12;

const name = ({ arrival }: RequestRecord): string => `${arrival.number} ${pathOf(arrival.url)}`;

export function twin(state: IisState, settings: PoolSettings): string[] {
  const { waiting, processes, over, stopped } = state;
  const lines = [stopped ? `WAS has stopped the pool ${settings.name}.` : `WAS watches the pool ${settings.name}.`];
  const more = waiting.length > NAMED ? ` and ${waiting.length - NAMED} more` : '';
  lines.push(
    waiting.length === 0
      ? `Nobody waits in the request queue of HTTP.sys, which has space for ${settings.queueLength}.`
      : `${waiting.length} of at most ${settings.queueLength} wait in the request queue of HTTP.sys: request ${waiting.slice(0, NAMED).map(name).join(', ')}${more}.`,
  );
  if (processes.length === 0) lines.push('No w3wp runs.');
  for (const process of processes)
    lines.push(`${processName(process)}${process.running.length ? `: request ${process.running.map(name).join(', ')}` : ''}.`);
  lines.push(`${over.done} answered, ${over.full + over.stopped} refused with 503, ${over.lost} lost with their process.`);
  return lines;
}

function processName(process: ProcessView): string {
  return `w3wp ${process.id} ${process.state}, ${threadsText(process)}, ${process.served} served`;
}

export function threadsText({ running, threads }: ProcessView): string {
  return `${running.length} of ${threads} threads`;
}
