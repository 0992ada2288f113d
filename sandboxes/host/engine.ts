/**
 * What a page, or a script in its place, asks of an engine, and what the engine tells it; and the part of every engine that
 * does it. How both travel is the engine's own affair: a MessagePort (worker), a terminal (webcontainer), a plain call (scripts).
 */
import { applyChanges } from './apply-changes.ts';
import { Baseline, type Changes, type News } from './changes.ts';
import { Flow } from './flow.ts';
import type { Exit, Signal } from './host.ts';
import type { Kernel } from './kernel.ts';
import { Outbox } from './outbox.ts';
import type { Pipe } from './pipe.ts';
import { layServer } from './server-tree.ts';
import { type Entry, ROOT } from './tree.ts';
import type { Outlet, TraceLines } from './wire.ts';
import { Written } from './written.ts';

/** Calls that every engine answers: arguments and result of each. */
export interface EngineCalls {
  /** What it lays, now or later, is the start that `changes` compares with. */
  mount: [[files: Readonly<Record<string, string | Uint8Array>>], null];
  read: [[path: string], Uint8Array];
  /** Makes the folders it lies in, too. */
  write: [[path: string, data: string | Uint8Array], null];
  remove: [[path: string], null];
  /** What differs from the start otherwise than it did when this was asked last. */
  changes: [[], News];
  /** `only`: whatever else differs from the start goes back to it. Errors: see applyChanges. */
  apply: [[changes: Changes, only: boolean], null];
  /** What a folder holds, by name. */
  list: [[path: string], readonly Listed[]];
  spawn: [[program: string, args: readonly string[], cwd: string | null, env: Readonly<Record<string, string>> | null], number];
  input: [[pid: number, text: string], null];
  endInput: [[pid: number], null];
  /** Ctrl-D: only the next read ends. */
  endOfFile: [[pid: number], null];
  kill: [[pid: number, signal: Signal], null];
  /** The page has dealt with so many bytes more of what this process, or what it started, has printed. */
  heard: [[pid: number, bytes: number], null];
}

/** Something in a folder. Of a link what it is itself. */
export interface Listed {
  readonly name: string;
  readonly kind: Entry['kind'] | 'socket';
  /** Permission bits and owners; of a socket they are not told. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export type EngineCall = { [K in keyof EngineCalls]: { readonly name: K; readonly args: EngineCalls[K][0] } }[keyof EngineCalls];

/** What happened to a process that the page started, or to files. */
export type EngineNews =
  | { readonly op: 'output'; readonly pid: number; readonly stream: 1 | 2; readonly data: Uint8Array }
  | { readonly op: 'exited'; readonly pid: number; readonly exit: Exit }
  /** After `exited`: there will be no more output, not even of what it has started. */
  | { readonly op: 'closed'; readonly pid: number }
  /** See Written. */
  | { readonly op: 'written'; readonly paths: readonly string[] };

const encoder = new TextEncoder();

/** Answers an engine's calls on its kernel. */
export class EngineControl {
  #kernel: Kernel;
  #notify: (notice: EngineNews) => void;
  #inputs = new Map<number, Pipe>();
  /** Also of those that have ended, while what they have started may still print. */
  #flows = new Map<number, Flow>();
  #baseline: Baseline;
  /** What the page lays at this moment. */
  #mounting: Set<string> | null = null;

  constructor(kernel: Kernel, notify: (notice: EngineNews) => void) {
    this.#kernel = kernel;
    this.#notify = notify;
    this.#baseline = new Baseline(kernel.tree);
    const written = new Written((paths) => notify({ op: 'written', paths }));
    kernel.tree.watch((path) => {
      if (this.#mounting === null) written.note(path);
      else this.#mounting.add(path);
    });
  }

  /** Errors: those of the kernel (SystemError). */
  async do(call: EngineCall): Promise<EngineCalls[EngineCall['name']][1]> {
    const { tree } = this.#kernel;
    switch (call.name) {
      case 'mount':
        this.#mount(call.args[0]);
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
      case 'changes':
        return this.#baseline.news();
      case 'apply': {
        const [changes, only] = call.args;
        applyChanges(tree, only ? { ...this.#baseline.undoing(), ...changes } : changes);
        return null;
      }
      case 'list':
        return tree.list(call.args[0], ROOT).map((name) => listed(name, tree.entry(`${call.args[0] === '/' ? '' : call.args[0]}/${name}`)));
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
      case 'heard':
        this.#flows.get(call.args[0])?.heard(call.args[1]);
        return null;
    }
  }

  #mount(files: Readonly<Record<string, string | Uint8Array>>): void {
    const laid = new Set<string>();
    this.#mounting = laid;
    try {
      layServer(this.#kernel.tree, files);
    } finally {
      this.#mounting = null;
      this.#baseline.lay(laid);
    }
  }

  #spawn(program: string, args: readonly string[], cwd: string | null, env: Readonly<Record<string, string>> | null): number {
    const flow = new Flow();
    const { pid, input } = this.#kernel.spawnOutside({
      program,
      args,
      ...(cwd === null ? {} : { cwd }),
      ...(env === null ? {} : { env }),
      write: (data, stream) => {
        this.#notify({ op: 'output', pid, stream, data });
        return flow.sent(data.length);
      },
      exited: (exit) => {
        this.#inputs.delete(pid);
        this.#notify({ op: 'exited', pid, exit });
      },
      closed: () => {
        this.#flows.delete(pid);
        this.#notify({ op: 'closed', pid });
      },
    });
    this.#inputs.set(pid, input);
    this.#flows.set(pid, flow);
    return pid;
  }
}

/** What goes to the page: trace events and output gather in one message until it goes, the rest goes soon. */
export class PageOutbox<M> {
  #outbox: Outbox<M | EngineNews | TraceLines>;
  /** Events that have not gone to the page yet. */
  #trace: TraceLines | null = null;

  constructor(outlet: Outlet<M | EngineNews | TraceLines>) {
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

  notify(notice: EngineNews): void {
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

function listed(name: string, entry: Entry | null): Listed {
  return entry === null
    ? { name, kind: 'socket', mode: 0, uid: 0, gid: 0 }
    : { name, kind: entry.kind, mode: entry.mode, uid: entry.uid, gid: entry.gid };
}
