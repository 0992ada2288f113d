/** What there is to see at one moment, in one sentence: what a screen reader hears now and then while the figure plays. */
import type { Names } from '../../diagram/words.ts';
import type { Frame } from '../../trace/frame.ts';

/** `12 answered, 3 wait, worker 2 is dead`. */
export function summary(frame: Frame, names: Names): string {
  const answered = Object.values(frame.answers).reduce((sum, count) => sum + count, 0);
  const failed = frame.answers['server-error'] + frame.answers.failed;
  const waiting = frame.listeners.reduce((sum, listener) => sum + listener.waiting.length, 0);
  const working = frame.workers.filter((worker) => worker.state === 'busy').length;
  const parts = [`${answered} answered`];
  if (failed) parts.push(`${failed} of them failed`);
  if (waiting) parts.push(`${waiting} ${waiting === 1 ? 'waits' : 'wait'}`);
  const worker = names === 'iis' ? 'w3wp' : 'worker';
  if (frame.workers.length) parts.push(working ? `${working} of ${frame.workers.length} ${worker}s busy` : `no ${worker} is busy`);
  for (const one of frame.workers)
    if (['stuck', 'dying', 'dead'].includes(one.state)) parts.push(`${worker} ${one.worker} is ${one.state}`);
  return `${parts.join(', ')}.`;
}
