/**
 * What a live log that is full may drop: never something that still holds. Of the events before a time it gives up finished
 * requests whole, connections that are closed, what has only been said in passing, and processes and sockets that are gone
 * and replaced. It keeps what lives: servers and their workers, listening sockets, open connections, and every request that
 * is under way or that a worker is still at. So from that time on a frame shows what it showed before.
 */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { ConnFacts } from './connections.ts';
import { ownerOf } from './connections.ts';
import type { Ring } from './log.ts';
import type { ProcessFacts } from './processes.ts';
import { kindOf, later } from './processes.ts';
import { requestKey } from './requests.ts';
import type { TraceIndex } from './trace-index.ts';
import { indexOf } from './trace-index.ts';

/** How many events a live log keeps. */
const LIVE_CAPACITY = 100_000;

/** For a log that goes on for as long as the page is open. */
export const ringOf = (capacity = LIVE_CAPACITY): Ring => ({
  capacity,
  drop(log, old, before, hard) {
    const index = indexOf(log);
    const gone = expendable(index, old, before, hard);
    index.forget(gone);
    return gone.events;
  },
});

export interface Expendable {
  /** Time before which the log has holes from now on. */
  readonly before: number;
  readonly events: ReadonlySet<TraceEvent>;
  readonly keys: ReadonlySet<string>;
  readonly conns: ReadonlySet<string>;
  readonly pids: ReadonlySet<number>;
  readonly listeners: ReadonlySet<number>;
}

/** `hard`: requests and connections too that are not over. */
function expendable(index: TraceIndex, old: readonly TraceEvent[], before: number, hard: boolean): Expendable {
  const traffic = new Traffic(index, before, hard);
  const events = new Set<TraceEvent>();
  const needed = new Set<number>();
  const lives: Life[] = [];
  for (const event of old) {
    if (isOfLives(event)) lives.push(event);
    else if (traffic.isOver(event)) events.add(event);
    else {
      needed.add(event.pid);
      if (event.type === 'conn.accepted') needed.add(event.client);
    }
  }
  const listeners = goneListeners(index, before);
  for (const listener of index.processes.listeners.values()) if (!listeners.has(listener.id)) needed.add(listener.pid);
  const pids = goneProcesses(index, before, needed);
  const repeated = new Set<string>();
  for (const event of lives.reverse()) if (isPast(event, index, pids, listeners, repeated)) events.add(event);
  return { before, events, keys: traffic.keys, conns: traffic.conns, pids, listeners };
}

type Life = Extract<TraceEvent, { type: `process.${string}` | `socket.${string}` | 'uwsgi.ready' | 'uwsgi.respawn' }>;

const isOfLives = (event: TraceEvent): event is Life =>
  event.type.startsWith('process.') || event.type.startsWith('socket.') || event.type === 'uwsgi.ready' || event.type === 'uwsgi.respawn';

/** Which requests and connections are over, found out once for each. */
class Traffic {
  readonly keys = new Set<string>();
  readonly conns = new Set<string>();
  readonly #index: TraceIndex;
  readonly #before: number;
  readonly #hard: boolean;
  readonly #kept = new Set<string>();
  /** When the request that is under way on a connection began. */
  readonly #since = new Map<string, number>();

  constructor(index: TraceIndex, before: number, hard: boolean) {
    this.#index = index;
    this.#before = before;
    this.#hard = hard;
    if (!hard) for (const { key, start } of index.requests.active(before)) this.#since.set(key.slice(0, key.lastIndexOf('/')), start);
  }

  isOver(event: TraceEvent): boolean {
    if (!('conn' in event)) return true;
    if ('n' in event) return this.#requestIsOver(event.conn === '' ? `${event.pid}:${event.seq}` : requestKey(event.conn, event.n));
    const conn = this.#index.connections.get(event.conn);
    if (!conn || this.#connIsOver(conn)) return true;
    // of an open connection between requests nobody needs to know what it has carried
    const passing = event.type === 'conn.data' || event.type === 'tls.record';
    return passing && conn.owner === undefined && event.t < (this.#since.get(conn.id) ?? Number.POSITIVE_INFINITY);
  }

  #requestIsOver(key: string): boolean {
    if (this.keys.has(key)) return true;
    const { requests } = this.#index;
    const known = requests.byKey.get(key);
    const over = known ? requests.isOver(key, this.#before) || (this.#hard && known.start < this.#before) : this.#hard;
    if (over) this.keys.add(key);
    return over;
  }

  #ownerIsOver(conn: ConnFacts): boolean {
    const owner = ownerOf(conn);
    if (owner === undefined) return true;
    // of a client that says nothing there is no request
    return (conn.owner === undefined && !this.#index.requests.byKey.has(owner)) || this.#requestIsOver(owner);
  }

  #connIsOver(conn: ConnFacts): boolean {
    if (this.conns.has(conn.id)) return true;
    if (this.#kept.has(conn.id)) return false;
    const over = this.#hard || (this.#ownerIsOver(conn) && this.#index.connections.isOver(conn, this.#before));
    (over ? this.conns : this.#kept).add(conn.id);
    return over;
  }
}

/** Sockets that were closed, and somebody of the same server listens at their address again. */
function goneListeners({ processes }: TraceIndex, before: number): Set<number> {
  const all = [...processes.listeners.values()];
  const again = (id: number, address: string, server: string, from: number): boolean =>
    all.some(
      (other) =>
        other.id !== id && other.address === address && other.from > from && other.from < before && processes.server(other) === server,
    );
  return new Set(
    all
      .filter((listener) => listener.to < before && again(listener.id, listener.address, processes.server(listener), listener.from))
      .map((listener) => listener.id),
  );
}

/** Processes that have ended and that no frame shows any more: replaced workers, servers of before the last start, passing programs. */
function goneProcesses({ processes }: TraceIndex, before: number, needed: ReadonlySet<number>): Set<number> {
  const last = new Map<string, ProcessFacts>();
  for (const process of processes.list) {
    const root = processes.root(process);
    if (root.start < before && (kindOf(root) === 'uwsgi' || root.roleAt < before))
      last.set(kindOf(root), later(last.get(kindOf(root)), root));
  }
  const isGone = (process: ProcessFacts): boolean => {
    if (process.exitAt >= before || needed.has(process.pid)) return false;
    const newest = last.get(kindOf(process));
    if (newest && newest !== processes.root(process) && later(newest, processes.root(process)) === newest) return true;
    const slot = processes.slot(process);
    const next = slot?.[slot.indexOf(process) + 1];
    // the one after it must be up, for a first worker starts and a second one is respawned
    if (slot) return next !== undefined && next.start < before && Math.min(next.readyAt, next.exitAt) < before;
    return process.server === null && processes.root(process) !== newest;
  };
  const gone = new Set(processes.list.filter(isGone).map(({ pid }) => pid));
  // whose child is kept is needed to know where that one belongs
  for (const process of processes.list) {
    if (gone.has(process.pid)) continue;
    for (let parent = processes.byPid.get(process.ppid); parent && gone.delete(parent.pid); ) parent = processes.byPid.get(parent.ppid);
  }
  return gone;
}

/** Is an event about the life of a process or socket past? Asked from the latest to the first: of what is said again the last time counts. */
function isPast(
  event: Life,
  { processes }: TraceIndex,
  pids: ReadonlySet<number>,
  listeners: ReadonlySet<number>,
  repeated: Set<string>,
): boolean {
  switch (event.type) {
    case 'socket.listen':
    case 'socket.close':
      return listeners.has(event.listener);
    case 'uwsgi.respawn':
      return pids.has(event.newPid);
    case 'process.memory':
    case 'process.role':
    case 'process.signal': {
      const what = `${event.type} ${event.pid} ${event.type === 'process.signal' ? event.signal : ''}`;
      const again = repeated.has(what);
      repeated.add(what);
      // when a process first said what it is, it was up
      const first = event.type === 'process.role' && processes.byPid.get(event.pid)?.roleAt === event.t;
      return pids.has(event.pid) || (again && !first);
    }
    default:
      return pids.has(event.pid);
  }
}
