/** The processes of a unit: what Linux keeps as a control group. Here they are found by descent, and once found they stay known. */
import type { Exit, Host, ProcessInfo, Signal } from '../../host/host.ts';
import { commandOf } from '../processes.ts';

export class Members {
  readonly #host: Host;
  readonly #known = new Set<number>();

  constructor(host: Host) {
    this.#host = host;
  }

  add(pid: number): void {
    this.#known.add(pid);
  }

  /** Those that live, the oldest first. `all`: the process list, when there is one already. */
  async living(all?: readonly ProcessInfo[]): Promise<ProcessInfo[]> {
    // parents are older than their children, and no number is given twice
    const processes = [...(all ?? (await this.#host.processes()))].sort((a, b) => a.pid - b.pid);
    const living = processes.filter(({ pid, ppid }) => {
      if (this.#known.has(ppid)) this.#known.add(pid);
      return this.#known.has(pid);
    });
    for (const pid of this.#known) if (isGone(pid, processes)) this.#known.delete(pid);
    return living;
  }

  async signal(pids: readonly number[], signal: Signal): Promise<void> {
    // one that is gone already is what was wanted
    await Promise.allSettled(pids.map((pid) => this.#host.kill(pid, signal)));
  }

  /** `123 (uwsgi)`, for a message. */
  static named = (process: ProcessInfo): string => `${process.pid} (${commandOf(process)})`;
}

/** Has the process ended by this list? One that is younger than all in it may have started since it was made. */
export function isGone(pid: number, all: readonly ProcessInfo[]): boolean {
  return !all.some((process) => process.pid === pid) && all.some((process) => process.pid > pid);
}

/** A service's main process. `exited` is null for one that is not our child: its end can be seen, but not how it ended. */
export interface Main {
  readonly pid: number | null;
  readonly command: string;
  readonly exited: Promise<Exit> | null;
  exit: Exit | null;
}
