/** What a step of a solution can wait for, and how the learner is told to wait: they see lamps and dots, no events. */
import type { EventType } from '../../sandboxes/host/events.ts';

export const WAITS = {
  'process.exit': 'until a process has ended',
  'uwsgi.ready': 'until a new worker is ready',
  'uwsgi.respawn': 'until the master has replaced a worker',
  'wsgi.return': 'until a worker has answered',
} as const satisfies Partial<Record<EventType, string>>;

export type Wait = keyof typeof WAITS;
