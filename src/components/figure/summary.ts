/** What there is to see at one moment, in one sentence: what a screen reader hears now and then while the figure plays. */
import type { Names } from '../../diagram/words.ts';
import { WORDS } from '../../diagram/words.ts';
import type { Frame } from '../../trace/frame.ts';

/** `12 answered, 1 of them 5xx, 1 without an answer, 3 wait, worker 2 is dead`. */
export function summary(frame: Frame, names: Names): string {
  const { failed, ...answers } = frame.answers;
  const answered = Object.values(answers).reduce((sum, count) => sum + count, 0);
  const errors = answers['server-error'];
  const waiting = frame.listeners.reduce((sum, listener) => sum + listener.waiting.length, 0);
  const working = frame.workers.filter((worker) => worker.state === 'busy').length;
  const parts = [`${answered} answered`];
  if (errors) parts.push(`${errors} of them 5xx`);
  if (failed) parts.push(`${failed} without an answer`);
  if (waiting) parts.push(`${waiting} ${waiting === 1 ? 'waits' : 'wait'}`);
  const { worker } = WORDS[names];
  if (frame.workers.length) parts.push(working ? `${working} of ${frame.workers.length} ${worker}s busy` : `no ${worker} is busy`);
  for (const one of frame.workers)
    if (['stuck', 'dying', 'dead'].includes(one.state)) parts.push(`${worker} ${one.worker} is ${one.state}`);
  return `${parts.join(', ')}.`;
}
