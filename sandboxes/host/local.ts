/**
 * The third host, for unit tests: the real kernel with processes that run as async functions in the test's own thread.
 * A program that never yields cannot be killed here; everything else behaves as on the other hosts.
 */
import { BrowserClient } from '../programs/browser/client.ts';
import type { HttpAnswer, HttpCommand } from '../programs/browser/messages.ts';
import { programs as allPrograms } from '../programs/registry.ts';
import type { TraceEvent } from './events.ts';
import { Guest } from './guest.ts';
import { ProcessExit } from './guest-platform.ts';
import type { Exit, Program, PythonRuntime, Signal } from './host.ts';
import { Kernel } from './kernel.ts';
import { MemoryTree } from './memory-tree.ts';
import type { KernelPlatform } from './process-table.ts';
import { layServer } from './server-tree.ts';
import { eventsOf } from './trace-lines.ts';
import { ROOT, type Tree } from './tree.ts';
import type { LinkMessage, Outlet, ToKernel, ToProcess } from './wire.ts';

export interface LocalOptions {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Programs beside (or instead of) the registry's. */
  readonly programs?: Readonly<Record<string, Program>>;
  readonly python?: () => Promise<PythonRuntime | null>;
  /** Instead of an empty tree in memory. */
  readonly tree?: Tree;
  readonly onEvents?: (events: readonly TraceEvent[]) => void;
}

export interface LocalProcess {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Output so far: both streams in order, or one of them. */
  output(): string;
  stdout(): string;
  stderr(): string;
  write(text: string): Promise<void>;
  end(): void;
}

export interface LocalSandbox {
  readonly kernel: Kernel;
  readonly events: TraceEvent[];
  readonly files: { read(path: string): string; write(path: string, text: string): void };
  spawn(program: string, args?: readonly string[], options?: { cwd?: string; env?: Record<string, string> }): Promise<LocalProcess>;
  /** Runs `program` in the sandbox as a process and gives its result back to the test. */
  run<T>(program: (host: Parameters<Program>[0]) => Promise<T>): Promise<T>;
  request(url: string, options?: Partial<Omit<HttpCommand, 'id' | 'url'>>): Promise<HttpAnswer>;
  kill(pid: number, signal: Signal): void;
  dispose(): void;
}

/** Messages are copied and arrive in a later turn of the event loop, as between real threads. */
function later<M>(deliver: (messages: M[]) => void): Outlet<M> {
  return {
    post(messages) {
      const copy = structuredClone(messages);
      setImmediate(() => deliver(copy));
    },
  };
}

export function createLocalSandbox(options: LocalOptions = {}): LocalSandbox {
  const programs: Record<string, Program> = { ...allPrograms, ...options.programs };
  const names = new Set(Object.keys(programs));
  const guests = new Map<number, Guest>();
  const events: TraceEvent[] = [];
  const clock = (): number => performance.timeOrigin + performance.now();
  const tree = options.tree ?? new MemoryTree();
  layServer(tree, options.files ?? {});

  const platform: KernelPlatform = {
    epoch: clock(),
    clock,
    programs: names,
    start(start) {
      const kernelOutlet = later<ToKernel>((messages) => {
        if (guests.has(start.pid)) kernel.receive(start.pid, messages);
      });
      const guest = new Guest(structuredClone(start), { kernel: kernelOutlet, clock, drained: () => Promise.resolve() });
      guests.set(start.pid, guest);
      const program = programs[start.program];
      setImmediate(() => {
        if (program !== undefined) void guest.run(program);
      });
      return {
        ...later<ToProcess>((messages) => guests.get(start.pid)?.receive(messages)),
        terminate: () => {
          guest.stop();
          guests.delete(start.pid);
        },
      };
    },
    link(a, b) {
      const towards = (from: number, to: number): Outlet<LinkMessage> => later((messages) => guests.get(to)?.receiveFrom(from, messages));
      guests.get(a)?.link(b, towards(a, b));
      guests.get(b)?.link(a, towards(b, a));
    },
    emit: (lines) => {
      const batch = eventsOf(lines);
      events.push(...batch);
      options.onEvents?.(batch);
    },
    python: options.python ?? (() => Promise.resolve(null)),
  };
  const kernel: Kernel = new Kernel(tree, platform);

  const spawn: LocalSandbox['spawn'] = async (program, args = [], where = {}) => {
    const texts = { 1: '', 2: '', both: '' };
    const decoder = new TextDecoder();
    const { promise: exited, resolve } = Promise.withResolvers<Exit>();
    const write = (data: Uint8Array, stream: 1 | 2): void => {
      const text = decoder.decode(data);
      texts[stream] += text;
      texts.both += text;
    };
    const { pid, input } = kernel.spawnOutside({ program, args, ...where, write, exited: resolve });
    return {
      pid,
      exited,
      output: () => texts.both,
      stdout: () => texts[1],
      stderr: () => texts[2],
      write: (text) => input.write(new TextEncoder().encode(text)),
      end: () => input.dropWriter(),
    };
  };

  let browser: BrowserClient | null = null;
  const startBrowser = (): BrowserClient => {
    const decoder = new TextDecoder();
    const { input } = kernel.spawnOutside({
      program: 'browser',
      write: (data, stream) => {
        if (stream === 1) client.read(decoder.decode(data, { stream: true }));
      },
      exited: () => client.end(new Error('the browser program has ended')),
    });
    const client = new BrowserClient((text) => void input.write(new TextEncoder().encode(text)));
    return client;
  };

  return {
    kernel,
    events,
    files: {
      read: (path) => new TextDecoder().decode(tree.read(path, ROOT)),
      write: (path, text) => tree.write(path, new TextEncoder().encode(text), ROOT),
    },
    spawn,
    async run(program) {
      const name = `test-${names.size}`;
      const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof program>>>();
      names.add(name);
      programs[name] = async (host) => {
        try {
          resolve(await program(host));
        } catch (error) {
          if (error instanceof ProcessExit) throw error;
          reject(error);
        }
        return 0;
      };
      await spawn(name);
      return promise;
    },
    request(url, command = {}) {
      browser ??= startBrowser();
      return browser.send({ method: 'GET', url, ...command });
    },
    kill: (pid, signal) => kernel.kill(pid, signal, null),
    dispose: () => kernel.dispose(),
  };
}
