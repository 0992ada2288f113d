/** Plays a lesson's scenario on the Node host, in real processes with real Python, and returns what happened. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { LessonData } from '../../src/lesson/format.ts';
import { Play } from './play.ts';
import type { ScenarioStep } from './scenario.ts';

/** Servers that have just become ready have a few last words; so has the end of the scenario. */
const CALM_MS = 300;

/** The process to kill: a worker by its number, or the one that began a request last and has not answered. */
export function workerToKill(events: readonly TraceEvent[], which: string): number {
  const number = Number(/^worker (\d+)$/.exec(which)?.[1]);
  const busy = new Set<number>();
  let numbered: number | undefined;
  for (const event of events) {
    if (event.type === 'wsgi.call') busy.add(event.pid);
    else if (event.type === 'uwsgi.ready' && event.worker === number) numbered = event.pid;
    else if (event.type === 'wsgi.return') busy.delete(event.pid);
    else if (event.type === 'process.exit') {
      busy.delete(event.pid);
      if (event.pid === numbered) numbered = undefined;
    }
  }
  const pid = Number.isNaN(number) ? [...busy].pop() : numbered;
  if (pid === undefined) throw new Error(`there is no ${which} to kill`);
  return pid;
}

/** Requests that are under way, with the step that sent them. */
interface Sent {
  readonly step: number;
  readonly open: boolean;
  readonly answered: Promise<void>;
}

/** Errors name the step. */
export async function record(
  folder: string,
  { start, wheels }: Pick<LessonData, 'start' | 'wheels'>,
  scenario: readonly ScenarioStep[],
): Promise<TraceEvent[]> {
  const [first] = scenario;
  const fromSolution = first !== undefined && 'use' in first;
  const play = await Play.open(start, [join(folder, 'files'), ...(fromSolution ? [join(folder, 'solution')] : [])], wheels);
  const sent: Sent[] = [];
  try {
    await play.start();
    await sleep(CALM_MS);
    for (const [index, step] of scenario.entries()) {
      await named(
        index,
        take(play, folder, step, (request) => sent.push({ ...request, step: index })),
      );
    }
    for (const { step, open, answered } of sent) if (!open) await named(step, answered);
    await sleep(CALM_MS);
    return play.sandbox.events.map((event) => ({ ...event, t: Math.round(event.t * 1000) / 1000 }));
  } finally {
    play.close();
  }
}

async function named(index: number, work: Promise<void>): Promise<void> {
  await work.catch((error: Error) => {
    throw new Error(`step ${index + 1}: ${error.message}`);
  });
}

async function take(play: Play, folder: string, step: ScenarioStep, onSent: (request: Omit<Sent, 'step'>) => void): Promise<void> {
  if ('send' in step) {
    const answered = play.send(step.send, step.count);
    // It is looked at in the end, if at all.
    answered.catch(() => {});
    onSent({ open: step.open ?? false, answered });
  } else if ('wait' in step) await sleep(step.wait);
  else if ('kill' in step) await play.sandbox.kill(workerToKill(play.sandbox.events, step.kill), 'SIGKILL');
  else if ('restart' in step) await play.restart();
  else if ('use' in step) await play.lay(join(folder, 'solution'));
  else await play.run(step.run);
}
