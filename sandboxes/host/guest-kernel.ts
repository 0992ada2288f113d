/** A process's channel to the kernel: calls and their answers, and the events it reports, which share messages. */
import { type ErrorCode, type Host, SystemError } from './host.ts';
import { LINGER_MS, Outbox } from './outbox.ts';
import type { CallArgs, CallName, CallResult, Outlet, ToKernel, TraceLines } from './wire.ts';

const never = new Promise<never>(() => {});

export class GuestKernel {
  #outbox: Outbox<ToKernel>;
  #now: () => number;
  #nextCall = 1;
  #calls = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #flushed = 0;
  /** Events that have not gone yet. */
  #trace: TraceLines | null = null;
  #closed = false;

  /** `now`: milliseconds since the sandbox started. */
  constructor(outlet: Outlet<ToKernel>, now: () => number) {
    this.#now = now;
    this.#outbox = new Outbox({
      post: (messages) => {
        this.#trace = null;
        outlet.post(messages);
      },
    });
  }

  push(message: ToKernel): void {
    this.#outbox.push(message);
  }

  call<K extends CallName>(name: K, ...args: CallArgs<K>): Promise<CallResult<K>> {
    // After exit() the program may still run to its next wait, and no further.
    if (this.#closed) return never;
    const id = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      // The compiler cannot see that name and args belong together in a union of all calls.
      this.#outbox.push({ op: 'call', id, name, args } as unknown as ToKernel);
    });
  }

  answered(id: number, value: unknown): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.resolve(value as never);
  }

  refused(id: number, code: ErrorCode, what: string): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.reject(new SystemError(code, what));
  }

  say: Host['event'] = (type, data) => {
    const line = `${JSON.stringify({ type, t: this.#now(), ...data })}\n`;
    if (this.#trace === null) {
      this.#trace = { op: 'trace', lines: line };
      this.#outbox.pushLater(this.#trace);
    } else this.#trace.lines += line;
  };

  /** See `Host.flush`. */
  flush(standStill: boolean): void {
    // A program under load calls this thousands of times a second: what are only events may share a message.
    const now = this.#now();
    if (!standStill && !this.#outbox.urgent && now - this.#flushed < LINGER_MS) return;
    this.#flushed = now;
    this.#outbox.flush();
  }

  /** No call is made any more. What was pushed still goes. */
  close(): void {
    this.#closed = true;
  }
}
