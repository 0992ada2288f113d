/**
 * What the kernel keeps of a process, and what it asks of the platform below it. Types only: kernel.ts and kernel-calls.ts
 * hold what happens with them.
 */
import type { Exit, PythonRuntime, Signal, Stopped } from './host.ts';
import type { Outbox } from './outbox.ts';
import type { Pipe } from './pipe.ts';
import type { OpenNode, User } from './tree.ts';
import type { Command, Outlet, Start, ToKernel, ToProcess } from './wire.ts';

/** A running process, as the platform holds it. */
export interface ProcessDriver extends Outlet<ToProcess> {
  /** Stops it now, whatever it is doing. */
  terminate(): void;
}

export interface KernelPlatform {
  readonly epoch: number;
  clock(): number;
  /** The programs that exist. */
  readonly programs: ReadonlySet<string>;
  /** Starts a process; what it says goes to `kernel.receive(pid, …)`, its unexpected end to `kernel.ended`. */
  start(start: Start): ProcessDriver;
  /** Lays a direct channel between two running processes. */
  link(a: number, b: number): void;
  /** Takes events as text, see trace-lines.ts. */
  emit(lines: string): void;
  python(): Promise<PythonRuntime | null>;
}

/** Where a process's output goes: a pipe, a file, nowhere, or the terminal the page or the command line gave it. */
export type Output =
  | { readonly kind: 'null' }
  | { readonly kind: 'pipe'; readonly pipe: Pipe }
  | { readonly kind: 'file'; readonly path: string }
  /** `closed` is called once nobody is left who could write to it. */
  | { readonly kind: 'terminal'; readonly write: TerminalWrite; readonly closed: () => void };

/** May return a promise that makes the writer wait. */
export type TerminalWrite = (data: Uint8Array, stream: 1 | 2) => void | Promise<void>;

export interface Process extends User {
  readonly pid: number;
  ppid: number;
  uid: number;
  gid: number;
  cwd: string;
  title: string;
  readonly program: string;
  readonly started: number;
  readonly diesWithParent: boolean;
  readonly driver: ProcessDriver;
  readonly outbox: Outbox<ToProcess>;
  readonly stdin: Pipe | null;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Pipes to this process's children: what it reads of them and what it writes to them. */
  readonly childPipes: Map<number, { out: Pipe | null; in: Pipe | null }>;
  readonly actions: Map<Signal, 'handler' | 'ignore'>;
  /** Files it has open, by the number it knows them by. */
  readonly files: Map<number, OpenNode>;
  /** Processes with which there is a direct link. */
  readonly peers: Set<number>;
  /** The memory it gave its last child to start from. */
  image: Uint8Array | null;
  /** The signal that has stopped it. */
  stopped: Stopped['stopped'] | null;
  /** What it said since then, and the signals it got. */
  readonly held: ToKernel[];
  readonly pending: { readonly signal: Signal; readonly sender: number }[];
}

/** What the outside (page, command line) starts a process with. */
export interface OutsideSpawn {
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether its input comes from a terminal, as it does unless this says no. */
  readonly terminal?: boolean;
  readonly write: TerminalWrite;
  readonly exited: (exit: Exit) => void;
  /** After `exited`: what it has started has ended too, or cannot print any more. */
  readonly closed?: () => void;
}

export interface SpawnParts extends Command {
  readonly parent: Process | null;
  readonly listeners: readonly number[];
  /** SIGKILL when the parent has ended. */
  readonly diesWithParent: boolean;
  readonly stdin: Pipe | null;
  readonly stdout: Output;
  readonly stderr: Output;
}
