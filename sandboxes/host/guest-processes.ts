/** A process's children and signals: what it starts, how that ends or stops, and what it does when it is told something. */
import type { Child, Exit, Host, Listener, Signal, SpawnOptions, Stopped, Uncatchable } from './host.ts';
import { type CallArgs, type CallName, type CallResult, compact, type ToKernel } from './wire.ts';

export interface ProcessesHost {
  readonly env: Readonly<Record<string, string>>;
  cwd(): string;
  call<K extends CallName>(name: K, ...args: CallArgs<K>): Promise<CallResult<K>>;
  push(message: ToKernel): void;
}

/** What is known of a child, also before the answer to spawn() has come. */
interface Known {
  readonly exit: PromiseWithResolvers<Exit>;
  stopped: Stopped | null;
  /** The next time that it is stopped. */
  stop: PromiseWithResolvers<Stopped>;
}

const encoder = new TextEncoder();
export const toBytes = (data: Uint8Array | string): Uint8Array => (typeof data === 'string' ? encoder.encode(data) : compact(data));

export class GuestProcesses {
  #host: ProcessesHost;
  #children = new Map<number, Known>();
  #handlers = new Map<Signal, (sender: number) => void>();
  /** The memory that the last child was given: for the next one it need not travel again. */
  #image: Uint8Array | null = null;

  constructor(host: ProcessesHost) {
    this.#host = host;
  }

  async spawn(program: string, args: readonly string[], options: SpawnOptions): Promise<Child> {
    const { call, push, env } = this.#host;
    const { pid } = await call('spawn', {
      program,
      args,
      env: options.env ?? env,
      cwd: options.cwd ?? this.#host.cwd(),
      listeners: (options.listeners ?? []).map((listener) => (listener as Listener & { id: number }).id),
      stdin: options.stdin ?? 'inherit',
      stdout: options.stdout ?? 'inherit',
      stderr: options.stderr ?? 'inherit',
      image: this.#imageOf(options.image),
      diesWithParent: options.diesWithParent ?? false,
      uid: options.uid ?? null,
      gid: options.gid ?? null,
    });
    const child = this.#child(pid);
    return {
      pid,
      exited: child.exit.promise,
      get stopped() {
        return child.stopped;
      },
      wait: async () => child.stopped ?? Promise.race([child.exit.promise, child.stop.promise]),
      stdout: options.stdout === 'pipe' ? { read: () => call('pipe.read', pid) } : null,
      stdin:
        options.stdin === 'pipe'
          ? {
              write: async (data) => void (await call('pipe.write', pid, toBytes(data))),
              end: () => push({ op: 'pipe.end', child: pid }),
            }
          : null,
    };
  }

  onSignal(signal: Exclude<Signal, Uncatchable>, handler: Parameters<Host['onSignal']>[1]): void {
    if (typeof handler === 'function') this.#handlers.set(signal, handler);
    else this.#handlers.delete(signal);
    this.#host.push({ op: 'signal.action', signal, action: typeof handler === 'function' ? 'handler' : handler });
  }

  signalled(signal: Signal, sender: number): void {
    this.#handlers.get(signal)?.(sender);
  }

  exited(pid: number, exit: Exit): void {
    const child = this.#child(pid);
    child.stopped = null;
    child.exit.resolve(exit);
  }

  stopped(pid: number, stopped: Stopped['stopped'] | null): void {
    const child = this.#child(pid);
    child.stopped = stopped && { stopped };
    if (child.stopped === null) child.stop = Promise.withResolvers();
    else child.stop.resolve(child.stopped);
  }

  /** Whichever comes first: something about it, or the answer to spawn(). */
  #child(pid: number): Known {
    const known = this.#children.get(pid);
    if (known !== undefined) return known;
    const made: Known = { exit: Promise.withResolvers(), stopped: null, stop: Promise.withResolvers() };
    this.#children.set(pid, made);
    return made;
  }

  #imageOf(image: Uint8Array | undefined): Uint8Array | 'same' | null {
    if (image === undefined) return null;
    if (image === this.#image) return 'same';
    this.#image = image;
    return compact(image);
  }
}
