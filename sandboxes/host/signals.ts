/**
 * What a signal does to a process: end it, stop it, let it go on, or call its handler. A process that is stopped hears nothing and
 * what it says is kept; only what it computes without ever waiting cannot be held up (there is no way to suspend a thread).
 */
import type { Exit, Signal, Stopped } from './host.ts';
import type { Process } from './process-table.ts';
import type { Sockets } from './sockets.ts';
import type { ToKernel } from './wire.ts';

export interface SignalsKernel {
  readonly sockets: Sockets;
  process(pid: number): Process | undefined;
  receive(pid: number, messages: readonly ToKernel[]): void;
  /** The signal ends the process. */
  end(process: Process, exit: Exit): void;
}

export class Signals {
  #kernel: SignalsKernel;

  constructor(kernel: SignalsKernel) {
    this.#kernel = kernel;
  }

  /** `sender`: 0 for somebody outside. */
  deliver(target: Process, signal: Signal, sender: number): void {
    if (signal === 'SIGKILL') this.#kernel.end(target, { code: null, signal });
    else if (signal === 'SIGSTOP') this.#stop(target, signal);
    else if (signal === 'SIGCONT') this.#continue(target, sender);
    else if (target.stopped !== null && signal !== 'SIGTSTP') target.pending.push({ signal, sender });
    else this.#act(target, signal, sender);
  }

  #act(target: Process, signal: Exclude<Signal, 'SIGKILL' | 'SIGSTOP'>, sender: number): void {
    const action = target.actions.get(signal);
    if (action === 'handler') target.outbox.push({ op: 'signal', signal, sender });
    else if (action === 'ignore' || signal === 'SIGCHLD' || signal === 'SIGCONT') return;
    else if (signal === 'SIGTSTP') this.#stop(target, signal);
    else this.#kernel.end(target, { code: null, signal });
  }

  #stop(target: Process, stopped: Stopped['stopped']): void {
    if (target.stopped !== null) return;
    target.stopped = stopped;
    // What waits in a queue is for those who run.
    this.#kernel.sockets.suspend(target.pid);
    target.stdin?.suspend(target.pid);
    target.outbox.push({ op: 'stop' });
    target.outbox.flush();
    this.#kernel.process(target.ppid)?.outbox.push({ op: 'child.stopped', pid: target.pid, stopped });
  }

  #continue(target: Process, sender: number): void {
    const { pid } = target;
    if (target.stopped !== null) {
      target.stopped = null;
      target.outbox.push({ op: 'continue' });
      this.#kernel.process(target.ppid)?.outbox.push({ op: 'child.stopped', pid, stopped: null });
      this.#kernel.sockets.resume(pid);
      target.stdin?.resume(pid);
      this.#kernel.receive(pid, target.held.splice(0));
    }
    this.#act(target, 'SIGCONT', sender);
    for (const { signal, sender: from } of target.pending.splice(0)) {
      // One of them may have ended it, or stopped it anew.
      if (this.#kernel.process(pid) === target) this.deliver(target, signal, from);
    }
  }
}
