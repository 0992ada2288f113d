/** What is known of every process and every listening socket, kept by pid and listener number in any order of arrival. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';

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

export class Processes {
  readonly byPid = new Map<number, ProcessFacts>();
  readonly listeners = new Map<number, ListenerFacts>();
  #closed = new Map<number, number>();

  /** Takes one fact. Returns whether it is one about processes or sockets. */
  apply(event: TraceEvent): boolean {
    switch (event.type) {
      case 'process.start':
        Object.assign(this.#process(event.pid), { start: event.t, ppid: event.ppid, program: event.program });
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

  /** The server a socket belongs to, by what the process that opened it said it is, or else by its program. */
  server(listener: ListenerFacts): string {
    const process = this.byPid.get(listener.pid);
    return process?.server ?? process?.program ?? '';
  }

  /** The first process of the server this one belongs to: itself, or the one that started it and the others. */
  root(process: ProcessFacts): ProcessFacts {
    const parent = this.byPid.get(process.ppid);
    return parent && parent !== process && kindOf(parent) === kindOf(process) ? this.root(parent) : process;
  }

  #say(event: Extract<TraceEvent, { type: 'process.role' }>): void {
    const process = this.#process(event.pid);
    process.said.push(event.t);
    process.said.sort((a, b) => a - b);
    process.roleAt = process.said[0] as number;
    if (process.said.at(-1) !== event.t) return;
    Object.assign(process, { role: event.role, server: event.server, worker: event.worker ?? null });
  }

  #process(pid: number): ProcessFacts {
    let process = this.byPid.get(pid);
    if (!process) {
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
