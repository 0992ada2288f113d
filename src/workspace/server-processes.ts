/** The sandbox's processes as the trace tells of them: who lives, who started whom, who listens, which worker is ready. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';

/** The supervisor: what it started is the servers', too. */
export const SUPERVISOR = 'systemd';

export class Processes {
  readonly listening: Set<number> = new Set();
  readonly ready: Set<number> = new Set();
  /** Processes that live, and the parent and the program of every process there ever was. */
  readonly #live = new Map<number, string>();
  readonly #parents = new Map<number, number>();
  readonly #programs = new Map<number, string>();
  /** Processes that said that they are a server's first one, whoever started them: one in the background has a parent of its like. */
  readonly #masters = new Set<number>();
  /** Masters whose workers load the app themselves. */
  readonly #lazy = new Set<number>();

  see(event: TraceEvent): void {
    if (event.type === 'process.start') this.#started(event.pid, event.program, event.ppid);
    else if (event.type === 'process.exit') {
      this.#live.delete(event.pid);
      this.ready.delete(event.pid);
    } else if (event.type === 'socket.listen') this.listening.add(event.pid);
    else if (event.type === 'uwsgi.ready') this.ready.add(event.pid);
    else if (event.type === 'process.role' && event.role === 'master') this.#masters.add(event.pid);
    else if (event.type === 'uwsgi.app' && event.where === 'worker') this.#lazy.add(this.parentOf(event.pid));
    else if (event.type === 'uwsgi.app') this.#lazy.delete(event.pid);
  }

  /** It was started from outside; the trace may not have told of it yet. */
  spawned(pid: number, program: string): void {
    if (!this.#parents.has(pid)) this.#started(pid, program, 0);
  }

  #started(pid: number, program: string, parent: number): void {
    this.#live.set(pid, program);
    this.#programs.set(pid, program);
    this.#parents.set(pid, parent);
  }

  programOf(pid: number): string | undefined {
    return this.#programs.get(pid);
  }

  /** The one that started it, also when that has ended. */
  parentOf(pid: number): number {
    return this.#parents.get(pid) ?? 0;
  }

  /** Is it the process of its server that reads the configuration? */
  isFirst(pid: number): boolean {
    return this.#masters.has(pid) || this.programOf(this.parentOf(pid)) !== this.programOf(pid);
  }

  /** Do its workers load the app themselves, each anew when it starts? */
  isLazy(pid: number): boolean {
    return this.#lazy.has(pid);
  }

  /** Those that live and run one of these programs, or were started by the supervisor; it comes first itself. */
  running(programs: ReadonlySet<string>): number[] {
    const found = [...this.#live].filter(([pid, program]) => programs.has(program) || this.#isSupervised(pid)).map(([pid]) => pid);
    return [...this.supervisors(), ...found.filter((pid) => this.#live.get(pid) !== SUPERVISOR)];
  }

  supervisors(): number[] {
    return [...this.#live].filter(([, program]) => program === SUPERVISOR).map(([pid]) => pid);
  }

  #isSupervised(pid: number): boolean {
    for (let at = this.parentOf(pid); at; at = this.parentOf(at)) if (this.#programs.get(at) === SUPERVISOR) return true;
    return false;
  }

  /** How many of the set are this process or were started by it, or by those that it started. */
  count(set: ReadonlySet<number>, top: number): number {
    return [...set].filter((pid) => this.#isBelow(pid, top)).length;
  }

  lives(program: string): boolean {
    return [...this.#live.values()].includes(program);
  }

  /** Does `top` itself, or what it started, live and run this program? */
  runs(program: string, top: number): boolean {
    return [...this.#live].some(([pid, name]) => name === program && this.#isBelow(pid, top));
  }

  #isBelow(pid: number, top: number): boolean {
    for (let at = pid; at; at = this.parentOf(at)) if (at === top) return true;
    return false;
  }
}
