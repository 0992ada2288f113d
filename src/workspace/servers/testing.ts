/** For tests of Servers: a process table that the test plays. */
import type { EventFields, EventType, TraceEvent } from '../../../sandboxes/host/events.ts';
import type { Proc, Runtime } from '../../runtime/runtime.ts';
import { Servers } from '../servers.ts';

/**
 * A process table of which the test decides what its processes do. Only what Servers uses is there; everything
 * else of Runtime would throw, because the object has no such method.
 */
export class Bench {
  readonly calls: string[] = [];
  readonly printed: string[] = [];
  readonly steps: string[] = [];
  readonly servers: Servers;
  readonly #exits = new Map<number, (exit: { code: number | null; signal: string | null }) => void>();
  readonly #listeners = new Map<number, (text: string, stream: 'stdout' | 'stderr') => void>();
  #pid = 1;
  #seq = 0;
  t = 0;
  /** What a program does once it runs, and what a process does about a signal. */
  behave: (pid: number, program: string) => void = () => {};
  onSignal: (pid: number, signal: string) => void = () => {};

  constructor(limits = { listen: 40, ready: 40, stop: 40, quiet: 20 }, programs: readonly string[] = ['uwsgi', 'nginx']) {
    const commands = [
      { program: 'uwsgi', args: ['--ini', '/srv/shop/uwsgi.ini'] },
      { program: 'nginx', args: ['-g', 'daemon off;'] },
      { program: 'systemd', args: [] },
    ].filter(({ program }) => programs.includes(program));
    this.servers = new Servers(commands, (program, text) => this.printed.push(`${program}: ${text}`), limits);
  }

  readonly runtime = {
    spawn: async (program: string) => {
      this.calls.push(`spawn ${program}`);
      const pid = this.fork(0, program);
      const proc: Proc = {
        pid,
        onOutput: (listener) => void this.#listeners.set(pid, listener),
        write: () => {},
        end: () => {},
        endOfFile: () => {},
        exited: new Promise((resolve) => this.#exits.set(pid, resolve)),
      };
      setTimeout(() => this.behave(pid, program));
      return proc;
    },
    kill: async (pid: number, signal: string) => {
      this.calls.push(`kill ${pid} ${signal}`);
      this.onSignal(pid, signal);
    },
  } as unknown as Runtime;

  see<T extends EventType>(pid: number, type: T, data: EventFields[T]): void {
    this.servers.see([{ type, pid, t: this.t, seq: this.#seq++, ...data } as unknown as TraceEvent]);
  }
  fork(ppid: number, program: string): number {
    const pid = ++this.#pid;
    this.see(pid, 'process.start', { ppid, program, args: [], uid: 0 });
    return pid;
  }
  listen(pid: number): void {
    this.see(pid, 'socket.listen', { listener: pid, address: 'x', backlog: 1 });
  }
  print(pid: number, text: string): void {
    this.#listeners.get(pid)?.(text, 'stderr');
  }
  exit(pid: number, code: number | null, signal: string | null = null): void {
    this.see(pid, 'process.exit', { code, signal });
    this.#exits.get(pid)?.({ code, signal });
  }
  start(signal = new AbortController().signal): Promise<void> {
    return this.servers.start(this.runtime, (text) => this.steps.push(text), signal);
  }
  stop(atOnce = false): Promise<void> {
    return this.servers.stop(this.runtime, new AbortController().signal, atOnce);
  }
}

/** Listens, and a uwsgi master gets one worker. */
export function healthy(bench: Bench) {
  return (pid: number, program: string) => {
    bench.listen(pid);
    if (program === 'uwsgi') bench.see(bench.fork(pid, 'uwsgi'), 'uwsgi.ready', { worker: 1 });
  };
}
