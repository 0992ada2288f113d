/**
 * What travels between a process and the kernel, and between two processes. Plain data that can be structured-cloned
 * (Web Workers) or packed by node/codec.ts (operating system processes). Messages go in batches, in order.
 */
import type {
  Address,
  ErrorCode,
  Exit,
  FileInfo,
  OutputFile,
  ProcessInfo,
  PythonRuntime,
  Signal,
  SocketInfo,
  Stopped,
  TreeEntry,
} from './host.ts';

/**
 * What happened, one event a line as JSON: of a process for the kernel without `pid` and `seq`, of the kernel for the page as
 * trace-lines.ts has it. Later events join a message that has not gone yet.
 */
export interface TraceLines {
  readonly op: 'trace';
  lines: string;
}

/** An accepted or accepting end: who is at the other side of which connection. */
export interface Accepted {
  readonly conn: string;
  readonly address: Address;
  readonly pid: number;
  /** What the client had written when it connected. */
  readonly first: Uint8Array | null;
  /** The client has exited while it stood in the queue: all that it still had to say. */
  readonly left: readonly LinkMessage[] | null;
}

export interface SpawnRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly listeners: readonly number[];
  readonly stdin: 'inherit' | 'pipe' | 'null';
  readonly stdout: 'inherit' | 'pipe' | 'null' | OutputFile;
  readonly stderr: 'inherit' | 'stdout' | 'null' | OutputFile;
  /** `same`: the bytes that this process sent with its last spawn, so that they travel once for many children. */
  readonly image: Uint8Array | 'same' | null;
  readonly diesWithParent: boolean;
  readonly uid: number | null;
  readonly gid: number | null;
}

/** Calls that the kernel answers: arguments and result of each. */
export interface KernelCalls {
  'fs.read': [[path: string], Uint8Array];
  /** A file whose first bytes are all it has is not held open: it has no id. `keep`: good until the kernel says `changed`. */
  'fs.open': [[path: string, first: number], { id: number | null; info: FileInfo; first: Uint8Array; keep: boolean }];
  'fs.readAt': [[file: number, offset: number, length: number], Uint8Array];
  'fs.write': [[path: string, data: Uint8Array, append: boolean, mode: number | null], null];
  'fs.stat': [[path: string], FileInfo];
  'fs.lstat': [[path: string], FileInfo];
  'fs.readLink': [[path: string], string];
  'fs.symlink': [[target: string, path: string], null];
  'fs.realPath': [[path: string], string];
  'fs.list': [[path: string], string[]];
  'fs.tree': [[path: string], [string, TreeEntry][]];
  'fs.mkdir': [[path: string, parents: boolean], null];
  'fs.remove': [[path: string], null];
  'fs.rename': [[from: string, to: string], null];
  'fs.chmod': [[path: string, mode: number], null];
  'fs.chown': [[path: string, uid: number, gid: number], null];
  listen: [[address: Address, backlog: number, mode: number | null], { id: number; address: Address }];
  accept: [[listener: number, inTurn: boolean], Accepted | null];
  waiting: [[listener: number], number];
  /** Answered when the connection stands in the queue; `peer` is set when a process took it at once. */
  connect: [[conn: string, address: Address, timeout: number | null, first: Uint8Array | null], { peer: number | null }];
  spawn: [[request: SpawnRequest], { pid: number }];
  kill: [[pid: number, signal: Signal | 0], null];
  processes: [[], ProcessInfo[]];
  sockets: [[], SocketInfo[]];
  setUser: [[uid: number, gid: number], null];
  chdir: [[path: string], string];
  'input.read': [[], Uint8Array | null];
  'output.write': [[stream: 1 | 2, data: Uint8Array], null];
  /** Pipes to and from children, named by the child's pid. */
  'pipe.read': [[child: number], Uint8Array | null];
  'pipe.write': [[child: number, data: Uint8Array], null];
  /** Without `base` the snapshot stays away: a process that has an image does not need it, and it is large. */
  python: [[base: boolean], PythonRuntime | null];
}
export type CallName = keyof KernelCalls;
export type CallArgs<K extends CallName> = KernelCalls[K][0];
export type CallResult<K extends CallName> = KernelCalls[K][1];

export type ToKernel =
  | { [K in CallName]: { readonly op: 'call'; readonly id: number; readonly name: K; readonly args: CallArgs<K> } }[CallName]
  | TraceLines
  | { readonly op: 'unlisten'; readonly listener: number }
  | { readonly op: 'file.close'; readonly file: number }
  | { readonly op: 'pipe.end'; readonly child: number }
  | { readonly op: 'signal.action'; readonly signal: Signal; readonly action: 'handler' | 'default' | 'ignore' }
  | { readonly op: 'title'; readonly title: string }
  /**
   * The last message. `held`: what was written to connections that nobody had taken yet, as far as this process knew;
   * `byes`: the processes it said good-bye to on their links.
   */
  | { readonly op: 'exit'; readonly code: number; readonly held: readonly LinkMessage[]; readonly byes: readonly number[] };

/** What runs, how it was called, and as whom. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
  readonly image: Uint8Array | null;
}

/** What a process is told when it starts. */
export interface Start extends Command {
  readonly pid: number;
  readonly ppid: number;
  readonly listeners: readonly { readonly id: number; readonly address: Address; readonly backlog: number }[];
  readonly terminal: boolean;
  /** The sandbox's zero on the clock `performance.timeOrigin + performance.now()`. */
  readonly epoch: number;
}

export type ToProcess =
  | { readonly op: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly op: 'error'; readonly id: number; readonly code: ErrorCode; readonly what: string }
  /** The queued connection was taken by `pid`. */
  | { readonly op: 'taken'; readonly conn: string; readonly pid: number }
  /** The queued connection will never be taken: its listener closed. */
  | { readonly op: 'dropped'; readonly conn: string }
  /** What the process `pid`, which has exited, wrote before it knew that you had taken its connection. */
  | { readonly op: 'late'; readonly pid: number; readonly messages: readonly LinkMessage[] }
  /** Forget the files that you keep. */
  | { readonly op: 'changed' }
  | { readonly op: 'signal'; readonly signal: Signal; readonly sender: number }
  | { readonly op: 'child'; readonly pid: number; readonly exit: Exit }
  /** A child was stopped, or, with null, goes on. */
  | { readonly op: 'child.stopped'; readonly pid: number; readonly stopped: Stopped['stopped'] | null }
  /** You are stopped: whatever comes, wait for `continue` with it. */
  | { readonly op: 'stop' }
  | { readonly op: 'continue' }
  /**
   * That process is no more. After an orderly exit its last words may still be on their way (they end with `bye`);
   * of a killed one whatever still arrives is to be ignored.
   */
  | { readonly op: 'gone'; readonly pid: number; readonly orderly: boolean };

/** Which end a link message is for: the process that connected, or the one that accepted. */
export type Side = 'client' | 'server';

/** Between two processes, about one connection (or, with `bye`, about the link itself). `ack` gives back room in the sender's window. */
export interface LinkMessage {
  readonly conn: string;
  readonly to: Side;
  readonly data?: Uint8Array;
  readonly ack?: number;
  /** end: no more data; close: the whole end is gone; reset: and it left data unread; bye: the last message of a process that exits */
  readonly state?: 'end' | 'close' | 'reset' | 'bye';
}

/** A one-way pipe for batches to another process. */
export interface Outlet<M> {
  post(messages: M[]): void;
}

/** A view of part of a larger buffer would be cloned with the whole buffer: copy such a part first. */
export function compact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

/** Those of a peer's messages that are of our form: what hostile code says over its process's port must not break the listener. */
export function wellFormed(messages: readonly LinkMessage[]): readonly LinkMessage[] {
  return Array.isArray(messages) ? messages.filter(isLinkMessage) : [];
}

/** For whoever passes them on: of each only what we know. */
export function plain(messages: readonly LinkMessage[]): LinkMessage[] {
  return wellFormed(messages).map(({ conn, to, data, ack, state }) => ({
    conn,
    to,
    ...(data === undefined ? {} : { data }),
    ...(ack === undefined ? {} : { ack }),
    ...(state === undefined ? {} : { state }),
  }));
}

function isLinkMessage(message: Partial<LinkMessage> | null): boolean {
  if (typeof message !== 'object' || message === null || typeof message.conn !== 'string') return false;
  const { data, ack, to, state } = message;
  if ((to !== 'client' && to !== 'server') || (state !== undefined && typeof state !== 'string')) return false;
  return (data === undefined || data instanceof Uint8Array) && (ack === undefined || (typeof ack === 'number' && ack > 0));
}
