/** Whether TLS ends at the gate: a door of nginx has spoken it. What port the door has says nothing about that. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Frame } from '../trace/frame.ts';
import type { TraceLog } from '../trace/log.ts';
import { indexOf } from '../trace/trace-index.ts';

/** What is kept of a log apart from it: a live one drops its oldest events. */
interface Spoken {
  /** When TLS was first spoken through each listening socket. */
  readonly first: Map<number, number>;
  /** Handshakes on connections of which nobody has said yet through which socket they came. */
  open: Extract<TraceEvent, { type: 'tls.ready' }>[];
}

const known = new WeakMap<TraceLog, Spoken>();

function spokenIn(log: TraceLog): Spoken {
  const before = known.get(log);
  if (before) return before;
  const spoken: Spoken = { first: new Map(), open: [] };
  known.set(log, spoken);
  note(log, log.events, spoken);
  log.subscribe((added) => note(log, added, spoken));
  return spoken;
}

function note(log: TraceLog, added: readonly TraceEvent[], spoken: Spoken): void {
  for (const event of added) if (event.type === 'tls.ready' && event.side === 'server') spoken.open.push(event);
  if (spoken.open.length === 0) return;
  const { connections } = indexOf(log);
  spoken.open = spoken.open.filter(({ conn, t }) => {
    const listener = connections.get(conn)?.accepted?.listener;
    if (listener === undefined) return true;
    spoken.first.set(listener, Math.min(t, spoken.first.get(listener) ?? t));
    return false;
  });
}

/** Has one of the doors of nginx that are open in this frame spoken TLS by then? */
export function endsTls(frame: Frame, log: TraceLog | null): boolean {
  if (!log) return false;
  const { first } = spokenIn(log);
  return frame.listeners.some(({ id, server }) => server === 'nginx' && (first.get(id) ?? Number.POSITIVE_INFINITY) <= frame.t);
}
