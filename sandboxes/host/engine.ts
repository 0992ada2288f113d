/**
 * What a page, or a script in its place, asks of an engine, and what the engine tells it; and the part of every engine that
 * does it. How both travel is the engine's own affair: a MessagePort (worker), a terminal (webcontainer), a plain call (scripts).
 */
import type { Exit, Signal } from './host.ts';
import type { Kernel } from './kernel.ts';
import { Outbox } from './outbox.ts';
import type { Pipe } from './pipe.ts';
import { layServer } from './server-tree.ts';
import { ROOT } from './tree.ts';
import type { Outlet, TraceLines } from './wire.ts';

/** Calls that every engine answers: arguments and result of each. */
export interface EngineCalls {
  mount: [[files: Readonly<Record<string, string | Uint8Array>>], null];
  read: [[path: string], Uint8Array];
  /** Makes the folders it lies in, too. */
  write: [[path: string, data: string | Uint8Array], null];
  remove: [[path: string], null];
  spawn: [[program: string, args: readonly string[], cwd: string | null, env: Readonly<Record<string, string>> | null], number];
  input: [[pid: number, text: string], null];
  endInput: [[pid: number], null];
  /** Ctrl-D: only the next read ends. */
  endOfFile: [[pid: number], null];
  kill: [[pid: number, signal: Signal], null];
}

export type EngineCall = { [K in keyof EngineCalls]: { readonly name: K; readonly args: EngineCalls[K][0] } }[keyof EngineCalls];

/** What happened to a process that the page started. */
export type ProcessNotice =
  | { readonly op: 'output'; readonly pid: number; readonly stream: 1 | 2; readonly data: Uint8Array }
  | { readonly op: 'exited'; readonly pid: number; readonly exit: Exit };

const encoder = new TextEncoder();

/** Answers an engine's calls on its kernel. */
export class EngineControl {
  #kernel: Kernel;
  #notify: (notice: ProcessNotice) => void;
  #inputs = new Map<number, Pipe>();

  constructor(kernel: Kernel, notify: (notice: ProcessNotice) => void) {
    this.#kernel = kernel;
    this.#notify = notify;
  }

  /** Errors: those of the kernel (SystemError). */
  async do(call: EngineCall): Promise<EngineCalls[EngineCall['name']][1]> {
    const { tree } = this.#kernel;
    switch (call.name) {
      case 'mount':
        layServer(tree, call.args[0]);
        return null;
      case 'read':
        return tree.read(call.args[0], ROOT);
      case 'write': {
        const [path, data] = call.args;
        tree.makeDirectory(path.slice(0, path.lastIndexOf('/')) || '/', ROOT, true);
        tree.write(path, typeof data === 'string' ? encoder.encode(data) : data, ROOT);
        return null;
      }
      case 'remove':
        tree.remove(call.args[0], ROOT);
        return null;
      case 'spawn':
        return this.#spawn(...call.args);
      case 'input':
        // A full pipe makes the page's later answers wait, not the kernel.
        await this.#inputs.get(call.args[0])?.write(encoder.encode(call.args[1]));
        return null;
      case 'endInput':
        this.#inputs.get(call.args[0])?.dropWriter();
        return null;
      case 'endOfFile':
        this.#inputs.get(call.args[0])?.endOfFile();
        return null;
      case 'kill':
        this.#kernel.kill(call.args[0], call.args[1], null);
        return null;
    }
  }

  #spawn(program: string, args: readonly string[], cwd: string | null, env: Readonly<Record<string, string>> | null): number {
    const { pid, input } = this.#kernel.spawnOutside({
      program,
      args,
      ...(cwd === null ? {} : { cwd }),
      ...(env === null ? {} : { env }),
      write: (data, stream) => this.#notify({ op: 'output', pid, stream, data }),
      exited: (exit) => {
        this.#inputs.delete(pid);
        this.#notify({ op: 'exited', pid, exit });
      },
    });
    this.#inputs.set(pid, input);
    return pid;
  }
}

/** What goes to the page: trace events and output gather in one message until it goes, the rest goes soon. */
export class PageOutbox<M> {
  #outbox: Outbox<M | ProcessNotice | TraceLines>;
  /** Events that have not gone to the page yet. */
  #trace: TraceLines | null = null;

  constructor(outlet: Outlet<M | ProcessNotice | TraceLines>) {
    this.#outbox = new Outbox({
      post: (messages) => {
        this.#trace = null;
        outlet.post(messages);
      },
    });
  }

  push(message: M): void {
    this.#outbox.push(message);
  }

  notify(notice: ProcessNotice): void {
    if (notice.op === 'output') this.#outbox.pushLater(notice);
    else this.#outbox.push(notice);
  }

  /** Events as text, see trace-lines.ts. */
  emit(lines: string): void {
    if (this.#trace === null) {
      this.#trace = { op: 'trace', lines };
      this.#outbox.pushLater(this.#trace);
    } else this.#trace.lines += lines;
  }
}
