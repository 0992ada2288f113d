/** What is known of every process and every listening socket, kept by pid and listener number in any order of arrival. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Of } from './log.ts';
import { countUntil, lastUntil, self } from './search.ts';
import { SortedBy } from './sorted.ts';

const NEVER = Number.POSITIVE_INFINITY;
const DEADLY = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT']);

export interface ProcessFacts {
  readonly pid: number;
  ppid: number;
  program: string;
  start: number;
  /** When it said what it is; a worker that serves says later that it is ready. */
  roleAt: number;
  /** Every time it said so, sorted: a master that reloads says it anew. */
  readonly said: number[];
  readyAt: number;
  role: 'master' | 'worker' | null;
  server: 'nginx' | 'uwsgi' | null;
  worker: number | null;
  /** The last signal that asks it to end. */
  toldToEnd: number;
  exitAt: number;
  code: number | null;
  signal: string | null;
}

export interface ListenerFacts {
  readonly id: number;
  readonly address: string;
  readonly backlog: number;
  readonly pid: number;
  readonly from: number;
  to: number;
}

/** What server a process is of: by what it said, or else by its program. */
export const kindOf = (process: ProcessFacts): string => process.server ?? process.program;

/** Which of two processes was started last. */
export const later = (one: ProcessFacts | undefined, other: ProcessFacts): ProcessFacts =>
  one && (one.start - other.start || one.pid - other.pid) > 0 ? one : other;

/** The processes that one after the other were worker N of one server, by start. */
export type Slot = readonly ProcessFacts[];

export class Processes {
  readonly byPid = new Map<number, ProcessFacts>();
  readonly listeners = new Map<number, ListenerFacts>();
  readonly #closed = new Map<number, number>();
  readonly #memory = new SortedBy<number, Of<'process.memory'>>((a, b) => a.t - b.t || a.seq - b.seq);
  /** Made when asked for after something changed. */
  #list: readonly ProcessFacts[] | null = null;
  #slots: ReadonlyMap<string, Slot> | null = null;
  #roots = new Map<ProcessFacts, ProcessFacts>();

  /** Takes one fact. Returns whether it is one about the lives of processes or sockets. */
  apply(event: TraceEvent): boolean {
    switch (event.type) {
      case 'process.start':
        Object.assign(this.#change(event.pid), { start: event.t, ppid: event.ppid, program: event.program });
        return true;
      case 'process.role':
        this.#say(event);
        return true;
      case 'process.signal':
        if (DEADLY.has(event.signal)) {
          const process = this.#process(event.pid);
          process.toldToEnd = process.toldToEnd === NEVER ? event.t : Math.max(process.toldToEnd, event.t);
        }
        return true;
      case 'process.exit':
        Object.assign(this.#process(event.pid), { exitAt: event.t, code: event.code, signal: event.signal });
        return true;
      case 'process.memory':
        this.#process(event.pid);
        this.#memory.add(event.pid, event);
        return false;
      case 'uwsgi.ready':
        this.#process(event.pid).readyAt = event.t;
        return true;
      case 'socket.listen': {
        const { listener: id, address, backlog, pid, t: from } = event;
        this.listeners.set(id, { id, address, backlog, pid, from, to: this.#closed.get(id) ?? NEVER });
        return true;
      }
      case 'socket.close': {
        this.#closed.set(event.listener, event.t);
        const listener = this.listeners.get(event.listener);
        if (listener) listener.to = event.t;
        return true;
      }
      default:
        return false;
    }
  }

  settle(): void {
    this.#memory.settle();
  }

  /** By start. */
  get list(): readonly ProcessFacts[] {
    this.#list ??= [...this.byPid.values()].sort(byStart);
    return this.#list;
  }

  /** When a process ended, Infinity if it did not. */
  exitOf(pid: number): number {
    return this.byPid.get(pid)?.exitAt ?? NEVER;
  }

  /** How many bytes of memory a process said it had at `t`; null when it has not said. */
  memory(pid: number, t: number): number | null {
    return lastUntil(this.#memory.at(pid), t, (event) => event.t)?.bytes ?? null;
  }

  /** The server a socket belongs to, by what the process that opened it said it is, or else by its program. */
  server(listener: ListenerFacts): string {
    const process = this.byPid.get(listener.pid);
    return process?.server ?? process?.program ?? '';
  }

  /** The first process of the server this one belongs to: itself, or the one that started it and the others. */
  root(process: ProcessFacts): ProcessFacts {
    const known = this.#roots.get(process);
    if (known) return known;
    const parent = this.byPid.get(process.ppid);
    const root = parent && parent !== process && kindOf(parent) === kindOf(process) ? this.root(parent) : process;
    this.#roots.set(process, root);
    return root;
  }

  /** The slot of a worker; null for other processes. */
  slot(process: ProcessFacts): Slot | null {
    if (process.worker === null) return null;
    this.#slots ??= this.#newSlots();
    return this.#slots.get(this.#slotName(process)) ?? null;
  }

  /** Takes out processes and sockets that are gone and replaced, and what the others said again and again before `before`. */
  forget(pids: Iterable<number>, listeners: Iterable<number>, before: number): void {
    for (const id of listeners) {
      this.listeners.delete(id);
      this.#closed.delete(id);
    }
    for (const pid of pids) {
      this.byPid.delete(pid);
      this.#memory.delete(pid);
    }
    this.#changed();
    for (const [pid, { said }] of this.byPid) {
      // the first time and the last count
      said.splice(1, countUntil(said, before, self) - 2);
      const past = countUntil(this.#memory.at(pid), before, (event) => event.t) - 1;
      for (const event of this.#memory.at(pid).slice(0, Math.max(0, past))) this.#memory.remove(pid, event);
    }
  }

  #newSlots(): ReadonlyMap<string, Slot> {
    const slots = new Map<string, ProcessFacts[]>();
    for (const process of this.list) {
      if (process.worker === null) continue;
      const name = this.#slotName(process);
      const slot = slots.get(name);
      if (slot) slot.push(process);
      else slots.set(name, [process]);
    }
    return slots;
  }

  #slotName(process: ProcessFacts): string {
    return `${process.server} ${this.root(process).pid} ${process.worker}`;
  }

  #say(event: Of<'process.role'>): void {
    const process = this.#change(event.pid);
    process.said.push(event.t);
    process.said.sort((a, b) => a - b);
    process.roleAt = process.said[0] as number;
    if (process.said.at(-1) !== event.t) return;
    Object.assign(process, { role: event.role, server: event.server, worker: event.worker ?? null });
  }

  #changed(): void {
    this.#list = null;
    this.#slots = null;
    this.#roots = new Map();
  }

  /** A process of which something becomes known that decides where it belongs. */
  #change(pid: number): ProcessFacts {
    this.#changed();
    return this.#process(pid);
  }

  #process(pid: number): ProcessFacts {
    let process = this.byPid.get(pid);
    if (!process) {
      this.#changed();
      process = {
        pid,
        ppid: 0,
        program: '',
        // A trace that begins in the middle has no start for the processes it finds: they have always been there.
        start: 0,
        roleAt: NEVER,
        said: [],
        readyAt: NEVER,
        role: null,
        server: null,
        worker: null,
        toldToEnd: NEVER,
        exitAt: NEVER,
        code: null,
        signal: null,
      };
      this.byPid.set(pid, process);
    }
    return process;
  }
}

const byStart = (a: ProcessFacts, b: ProcessFacts): number => a.start - b.start || a.pid - b.pid;
