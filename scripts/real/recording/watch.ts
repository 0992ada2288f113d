/**
 * Watches the real servers while they run: reads their logs as they grow, and asks Linux for their processes. It does not ask uWSGI for its
 * stats: every question wakes the master, which so finds a dead worker sooner than it would alone.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { childrenOf } from '../../lib/processes.ts';
import type { RealMachine } from '../servers.ts';
import { ASKED } from './lines.ts';
import type { Measured, Started } from './measured.ts';
import { about, look } from './proc.ts';

/** Logs and processes are looked at so often (ms). */
const LOOK_MS = 5;
/** Only now and then: all processes of the machine are gone through. */
const CHILDREN_MS = 50;

/** Now, in ms since 1970 with their parts. */
export const now = (): number => performance.timeOrigin + performance.now();

const BORN = /^(?:spawned|Respawned) uWSGI worker .*pid: (\d+)/;

/** A line that has been read, of a server that may not be known yet. */
interface Line {
  readonly of: 'uwsgi' | 'nginx';
  readonly t: number;
  readonly text: string;
}

export class Watch {
  readonly facts: Measured[] = [];
  readonly #machine: RealMachine;
  readonly #tails = new Map<Line['of'], Tail>();
  #lines: Line[] = [];
  readonly #alive = new Map<number, Started>();
  readonly #timer: NodeJS.Timeout;
  #childrenAt = 0;

  constructor(machine: RealMachine) {
    this.#machine = machine;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** Looks a last time. */
  stop(): void {
    clearInterval(this.#timer);
    this.#look();
  }

  /** Tells the process to end, and notes it. */
  signal(pid: number, signal: NodeJS.Signals): void {
    this.facts.push({ what: 'signal', t: now(), pid, signal });
    process.kill(pid, signal);
  }

  lives(pid: number): boolean {
    return this.#alive.has(pid);
  }

  /** Who runs now is looked at from now on. */
  #look(): void {
    this.#read('uwsgi', this.#machine.poolLog(0));
    this.#read('nginx', this.#machine.path('/var/log/nginx/error.log'));
    this.#processes(now());
    this.#tell('uwsgi');
    this.#tell('nginx');
  }

  #processes(t: number): void {
    const { pools, front } = this.#machine;
    const masters = [...pools.map(({ pid }) => [pid, 'uwsgi'] as const), ...(front ? [[front.pid, 'nginx'] as const] : [])];
    const due = t - this.#childrenAt > CHILDREN_MS;
    if (due) this.#childrenAt = t;
    for (const [master, program] of masters) {
      this.#meet(master, program, 'master');
      if (due && this.#alive.has(master)) for (const pid of childrenOf(master)) this.#meet(pid, program, 'worker');
    }
    for (const pid of this.#alive.keys()) {
      const seen = look(pid);
      if (seen && !seen.end) continue;
      this.#alive.delete(pid);
      this.facts.push({ what: 'ended', t, pid, code: seen?.end?.code ?? null, signal: seen?.end?.signal ?? null });
    }
  }

  #meet(pid: number, program: Started['program'], role: Started['role']): void {
    if (this.#alive.has(pid) || this.facts.some((fact) => fact.what === 'started' && fact.pid === pid)) return;
    const seen = look(pid);
    const more = seen && !seen.end ? about(pid) : null;
    if (!seen || !more) return;
    const fact: Started = {
      what: 'started',
      t: seen.start,
      pid,
      ppid: role === 'master' ? 0 : seen.ppid,
      program,
      role,
      ...more,
      args: ownArgs(more.args),
    };
    this.#alive.set(pid, fact);
    this.facts.push(fact);
  }

  #read(of: Line['of'], file: string): void {
    let tail = this.#tails.get(of);
    if (!tail) {
      tail = new Tail(file);
      this.#tails.set(of, tail);
    }
    const t = now();
    for (const text of tail.lines()) this.#lines.push({ of, t, text });
  }

  /** Lines are known before it is known whose they are: a server that starts says much before it serves. */
  #tell(of: Line['of']): void {
    const master = this.#master(of);
    if (master === undefined) return;
    const [mine, others] = [this.#lines.filter((line) => line.of === of), this.#lines.filter((line) => line.of !== of)];
    this.#lines = others;
    for (const { t, text } of mine) {
      this.facts.push({ what: 'line', t, of, pid: master, text });
      const born = of === 'uwsgi' ? BORN.exec(text)?.[1] : undefined;
      if (born !== undefined) this.#meet(Number(born), 'uwsgi', Number(born) === master ? 'master' : 'worker');
    }
  }

  /** The one that runs; undefined while none does. */
  #master(of: Line['of']): number | undefined {
    const pid = of === 'uwsgi' ? this.#machine.pools[0]?.pid : this.#machine.front?.pid;
    return pid !== undefined && this.#alive.has(pid) ? pid : undefined;
  }
}

/** What the lesson starts it with; what is asked of it for the recording comes after that. */
function ownArgs(args: readonly string[]): readonly string[] {
  const more = args.indexOf(ASKED[0] ?? '');
  return more < 0 ? args : args.slice(0, more);
}

/** A file as it grows. */
class Tail {
  readonly #file: string;
  readonly #buffer = Buffer.alloc(64 * 1024);
  #from = 0;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  /** The lines that have come since the last call. */
  lines(): string[] {
    if (!existsSync(this.#file)) return [];
    const handle = openSync(this.#file, 'r');
    for (;;) {
      const count = readSync(handle, this.#buffer, 0, this.#buffer.length, this.#from);
      if (count === 0) break;
      this.#from += count;
      this.#rest += this.#buffer.toString('utf8', 0, count);
    }
    closeSync(handle);
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }
}
