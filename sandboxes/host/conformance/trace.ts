/** What must hold of the trace of any whole run, whichever host made it. */
import type { TraceEvent } from '../events.ts';
import { MOST_OF_A_TURN } from '../events.ts';
import { EVERY_BYTE, LONG_TURN } from './streams.ts';

/** Sentences about what does not hold. */
export function traceFaults(events: readonly TraceEvent[]): string[] {
  const faults: string[] = [];
  const started = new Map<number, number>();
  const ended = new Set<number>();
  const queued = new Set<string>();
  const listening = new Set<number>();
  let seq = 0;
  for (const event of events) {
    const { pid } = event;
    const say = (text: string): void => void faults.push(`${text}: ${JSON.stringify(event)}`);
    if (event.seq <= seq) say('numbers must rise in order of arrival');
    seq = event.seq;
    if (!Number.isFinite(event.t) || event.t < 0) say('no time');
    if (event.type === 'process.start') {
      if (started.has(pid)) say('started twice');
      started.set(pid, event.t);
      continue;
    }
    if (!started.has(pid)) say('about a process that never started');
    if (ended.has(pid)) say('said after its end');
    if (event.type === 'process.exit') {
      ended.add(pid);
      if ((event.code === null) === (event.signal === null)) say('either a code or a signal');
    }
    if (event.type === 'socket.listen') listening.add(event.listener);
    if (event.type === 'conn.queued') {
      if (queued.has(event.conn)) say('queued twice');
      if (!event.conn.startsWith(`${pid}.`)) say("another process's connection");
      if (!listening.has(event.listener)) say('queued where nobody listens');
      if (event.waiting < 1) say('nobody waits');
      queued.add(event.conn);
    }
    if (event.type === 'conn.accepted') {
      if (!queued.delete(event.conn)) say('accepted but not queued');
      if (!event.conn.startsWith(`${event.client}.`)) say('not the connection of that client');
    }
  }
  for (const pid of started.keys()) if (!ended.has(pid)) faults.push(`process ${pid} never ended`);
  return faults;
}

/** What must hold of the bytes in the trace of a run of the whole suite, which writes some for this. */
export function keptFaults(events: readonly TraceEvent[]): string[] {
  const faults: string[] = [];
  const everyByte = String.fromCharCode(...EVERY_BYTE);
  const writers = new Set<number>();
  for (const event of events) {
    if (event.type !== 'conn.data' || event.data === undefined) continue;
    if (event.data.length > Math.min(event.bytes, MOST_OF_A_TURN)) faults.push(`too much was kept: ${JSON.stringify(event)}`);
    if (event.data === everyByte) writers.add(event.pid);
    if (event.bytes === LONG_TURN && event.data.length !== MOST_OF_A_TURN)
      faults.push(`of a long turn ${event.data.length} bytes were kept`);
  }
  if (writers.size < 2) faults.push('both ends must have written every byte, as it is');
  return faults;
}
