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

  /** Those that live, the oldest first. */
  async living(): Promise<ProcessInfo[]> {
    // who is added while the list is on its way may not be in it yet
    const before = [...this.#known];
    // parents are older than their children, and no number is given twice
    const processes = [...(await this.#host.processes())].sort((a, b) => a.pid - b.pid);
    const living = processes.filter(({ pid, ppid }) => {
      if (this.#known.has(ppid)) this.#known.add(pid);
      return this.#known.has(pid);
    });
    for (const pid of before) if (!processes.some((process) => process.pid === pid)) this.#known.delete(pid);
    return living;
  }

  async signal(pids: readonly number[], signal: Signal): Promise<void> {
    // one that is gone already is what was wanted
    await Promise.allSettled(pids.map((pid) => this.#host.kill(pid, signal)));
  }

  /** `123 (uwsgi)`, for a message. */
  static named = (process: ProcessInfo): string => `${process.pid} (${commandOf(process)})`;
}

/** A service's main process. `exited` is null for one that is not our child: its end can be seen, but not how it ended. */
export interface Main {
  readonly pid: number | null;
  readonly command: string;
  readonly exited: Promise<Exit> | null;
  exit: Exit | null;
}
