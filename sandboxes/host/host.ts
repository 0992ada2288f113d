/**
 * The only contract a sandbox program sees.
 *
 * A program is an ES module `export default async (host: Host) => exitCode`. It talks to the world through
 * `host` alone: never `node:*`, `self` or `window`, so the same file runs in a Web Worker (host/worker),
 * in an operating system process (host/node) and, in unit tests, in the test's own thread (host/local).
 *
 * Times are milliseconds. Errors are `SystemError`s with the names that Linux uses.
 */
import type { EventData, EventType } from './events.ts';

export { ERRNO, type ErrorCode, isSystemError, SystemError } from './system-error.ts';

/** Where a server listens: a TCP port (`ip` is `0.0.0.0` or a loopback address) or a Unix socket file. */
export type Address = { readonly port: number; readonly ip?: string } | { readonly path: string };

type StopSignal = 'SIGSTOP' | 'SIGTSTP';
export type Signal = 'SIGHUP' | 'SIGINT' | 'SIGQUIT' | 'SIGKILL' | 'SIGTERM' | 'SIGCHLD' | 'SIGCONT' | 'SIGUSR1' | 'SIGUSR2' | StopSignal;

/** Signals that no process can handle or ignore. */
export type Uncatchable = 'SIGKILL' | 'SIGSTOP';

/** One end of a byte stream between two processes. Reading and writing are independent (half-close). */
export interface Connection {
  /** The same on both ends, unique in the sandbox: the trace joins on it. */
  readonly id: string;
  /** The address that was connected to. */
  readonly address: Address;
  /** Address of the other end as a server would log it: `127.0.0.1`, or `unix:` for a Unix socket. */
  readonly peer: string;
  /** The next bytes, or null at end of stream. Throws ECONNRESET. One read at a time. */
  read(): Promise<Uint8Array | null>;
  /** Resolves when there is room for more (back-pressure), not when the peer has read. Throws EPIPE, ECONNRESET. */
  write(bytes: Uint8Array | string): Promise<void>;
  /** No more writes from this end: the peer reads end of stream. Reading goes on. */
  end(): void;
  /** Give the connection up. If bytes were left `unread` the peer gets ECONNRESET, as on Linux; who has read them may say so. */
  close(options?: { unread?: boolean }): void;
  /** Called once, when the peer has closed its whole end or died (a server uses it to notice a client that gave up). */
  onPeerClosed(callback: () => void): void;
}

/** A listening socket. Children that inherit it pull from the same queue: nobody dispatches. */
export interface Listener {
  readonly address: Address;
  /** Queue length asked for at listen(); Linux lets one more than this wait. */
  readonly backlog: number;
  /**
   * Takes the next connection from the queue, waiting if it is empty. Null when this process closed the listener.
   * Of several waiting processes any may get it; with `inTurn` the one that has waited longest, as with a lock before the wait.
   */
  accept(options?: { inTurn?: boolean }): Promise<Connection | null>;
  /** How many connections wait now (a Unix socket tells this process only, see ss(8)). */
  waiting(): Promise<number>;
  /** Drop this process's hold on the socket. It stops listening when the last holder has let go. */
  close(): void;
}

export type Exit = { readonly code: number; readonly signal: null } | { readonly code: null; readonly signal: Signal };

/** A process that a signal has stopped, and none has let go on yet. */
export interface Stopped {
  readonly stopped: StopSignal;
}

/** The reading end of a pipe. */
export interface PipeReader {
  /** The next bytes, or null when every writer is gone. */
  read(): Promise<Uint8Array | null>;
}

/** The writing end of a pipe. */
export interface PipeWriter {
  /** Resolves when there is room for more. Throws EPIPE when the reader is gone. */
  write(bytes: Uint8Array | string): Promise<void>;
  end(): void;
}

export interface Child {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Whether it is stopped now. After `kill(pid, 'SIGCONT')` has resolved it is not. */
  readonly stopped: Stopped | null;
  /**
   * Its end, or that it was stopped, whichever comes first; at once when it is stopped already (waitpid(2) with WUNTRACED). A shell
   * waits so for what runs in the foreground: after Ctrl-Z (SIGTSTP) this gives a `Stopped`, after SIGCONT it waits anew. Who waits
   * for `exited` alone is not disturbed by a stop, and SIGCHLD comes for an end only.
   */
  wait(): Promise<Exit | Stopped>;
  /** The child's output, when it was spawned with `stdout: 'pipe'`. */
  readonly stdout: PipeReader | null;
  /** The child's input, when it was spawned with `stdin: 'pipe'`. */
  readonly stdin: PipeWriter | null;
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Listening sockets the child inherits, in order: its `host.inherited`. */
  readonly listeners?: readonly Listener[];
  /** `inherit` (default): the parent's. `pipe`: see Child. `null`: /dev/null. Or append to / replace a file. */
  readonly stdin?: 'inherit' | 'pipe' | 'null';
  readonly stdout?: 'inherit' | 'pipe' | 'null' | OutputFile;
  /** `stdout` (default 'inherit') may also send errors where standard output goes. */
  readonly stderr?: 'inherit' | 'stdout' | 'null' | OutputFile;
  /** What the child finds in `host.image`: memory it starts from, as fork() would give it. Copied, not shared. */
  readonly image?: Uint8Array;
  /** The kernel ends the child, with SIGKILL, when this process has ended (prctl(2), PR_SET_PDEATHSIG). */
  readonly diesWithParent?: boolean;
  /** Run as this user; only root may say so. */
  readonly uid?: number;
  readonly gid?: number;
}
export interface OutputFile {
  readonly file: string;
  readonly append: boolean;
}

export interface FileInfo {
  /** `link` is told by `lstat` only: everything else follows a symbolic link. */
  readonly kind: 'file' | 'directory' | 'socket' | 'link';
  readonly size: number;
  /** Permission bits, e.g. 0o644. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** What `tree` tells of a file, a symbolic link or an empty directory. */
export interface TreeEntry {
  /** A file's bytes. */
  readonly data: Uint8Array;
  readonly mode: number;
  /** What a link says; else null. */
  readonly target: string | null;
}

/** A file that was opened for reading: it stays what it is, also when its name is removed or given to another file. */
export interface OpenFile {
  /** As it was when it was opened. Only a `file` can be read: of a directory there are no bytes. */
  readonly info: FileInfo;
  /** Bytes from `offset` on: at most `length`, and at least one unless the file ends there. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): void;
}

/**
 * Paths are absolute or relative to `host.cwd`. Symbolic links are followed, but for `remove` and `rename`, which act on the link
 * itself, and `lstat` and `readLink`, which tell of it. Errors: ENOENT, EACCES, EISDIR, ENOTDIR, EEXIST, ENOTEMPTY; ELOOP after 40
 * links; ENOSPC when the machine's files are too large together.
 */
export interface FileSystem {
  read(path: string): Promise<Uint8Array>;
  readText(path: string): Promise<string>;
  /** `first`: so many bytes of its beginning come along and are read without another way to the kernel. EACCES without permission to read. */
  open(path: string, options?: { first?: number }): Promise<OpenFile>;
  write(path: string, data: Uint8Array | string, options?: { append?: boolean; mode?: number }): Promise<void>;
  stat(path: string): Promise<FileInfo>;
  /** Of a link what it is itself: kind `link`, the size of its target's name, whose it is. A path that ends in `/` is followed. */
  lstat(path: string): Promise<FileInfo>;
  /** What a symbolic link says, as it was written. EINVAL when it is none. */
  readLink(path: string): Promise<string>;
  /** Makes a symbolic link at `path`. The target need not exist; unless it is absolute it counts from the link's folder. */
  symlink(target: string, path: string): Promise<void>;
  /** The path without links and dots: where everything else goes. Only its last name need not exist (then a link there leads nowhere). */
  realPath(path: string): Promise<string>;
  /** Names in a directory, sorted. */
  list(path: string): Promise<string[]>;
  /**
   * Every file and link below a directory by its path, in one call (a program that loads a tree, such as Python); what the user may
   * not read is left out. A directory with nothing in it is there, too, with a slash at the end of its path.
   */
  tree(path: string): Promise<Map<string, TreeEntry>>;
  makeDirectory(path: string, options?: { parents?: boolean }): Promise<void>;
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  chown(path: string, uid: number, gid: number): Promise<void>;
}

export interface ProcessInfo {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly user: string;
  /** As shown by ps: program and arguments, or what the process set with `setTitle`. */
  readonly title: string;
  readonly started: number;
  /** SIGSTOP or SIGTSTP has stopped it: state T. */
  readonly stopped: boolean;
}

/** A socket where somebody listens, as ss(8) shows it. */
export interface SocketInfo {
  readonly id: number;
  readonly address: Address;
  /** Connections that wait in its queue now. */
  readonly waiting: number;
  readonly backlog: number;
  /** The processes that hold it, with the number each has for it: the lowest free one when it got it, after the standard streams. */
  readonly holders: readonly { readonly pid: number; readonly fd: number }[];
}

/** The Python runtime's parts, as this host has them. `base` is a heap snapshot taken before any learner code. */
export interface PythonRuntime {
  /** `pyodide.mjs` and `pyodide.asm.mjs`, as addresses that `import()` takes in this process. */
  readonly loaderUrl: string;
  readonly asmUrl: string;
  readonly wasm: WebAssembly.Module;
  readonly stdlib: Uint8Array;
  readonly base: Uint8Array | null;
}

export interface Host {
  readonly pid: number;
  readonly ppid: number;
  /** The name the program was started by (`nginx`), then its arguments. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
  readonly inherited: readonly Listener[];
  readonly image: Uint8Array | null;
  /** Whether standard input is somebody's terminal: isatty(0). */
  readonly terminal: boolean;
  readonly fs: FileSystem;

  /** Errors: EADDRINUSE, EACCES (port below 1024 without root, directory not writable), ENOENT (no directory), EADDRNOTAVAIL. */
  listen(address: Address, options?: { backlog?: number; mode?: number }): Promise<Listener>;
  /**
   * Errors: ECONNREFUSED; ENOENT and EACCES for a Unix socket; EAGAIN when a Unix socket's queue is full;
   * ETIMEDOUT after `timeout` ms (a full TCP queue makes the kernel try again after 1, 2, 3, 4, 5, 7, 11 … seconds).
   * `first` is written as soon as the connection stands in the queue, which saves the way to the kernel and back.
   */
  connect(address: Address, options?: { timeout?: number; first?: Uint8Array }): Promise<Connection>;
  /** ENOENT when there is no such program. */
  spawn(program: string, args?: readonly string[], options?: SpawnOptions): Promise<Child>;
  /** ESRCH, EPERM. `0` only asks whether the process is there. */
  kill(pid: number, signal: Signal | 0): Promise<void>;
  processes(): Promise<ProcessInfo[]>;
  /** Every listening socket of the machine. */
  sockets(): Promise<SocketInfo[]>;
  /**
   * Without a handler a signal has its default action: SIGCHLD is ignored, SIGSTOP and SIGTSTP stop the process, SIGCONT lets it go
   * on (with a handler, too), the others end it. SIGKILL and SIGSTOP cannot be handled. A process that is stopped hears and says
   * nothing: it takes no connection and no input, what it calls waits, its sleep lasts; what other signals it gets it hears when it
   * goes on, only SIGKILL ends it. What cannot be helped: code that computes without ever waiting goes on until it waits.
   * The handler hears who sent it: a pid, or 0 for somebody outside.
   */
  onSignal(signal: Exclude<Signal, Uncatchable>, handler: ((sender: number) => void) | 'default' | 'ignore'): void;
  /** Drop privileges. EPERM without root. */
  setUser(uid: number, gid: number): Promise<void>;
  /** Numbers of a user or group by name, as in /etc/passwd and /etc/group, or null. */
  user(name: string): Promise<number | null>;
  group(name: string): Promise<number | null>;
  chdir(path: string): Promise<void>;
  setTitle(title: string): void;

  /** Standard input in chunks; null at its end. */
  readInput(): Promise<Uint8Array | null>;
  /** Standard output and error. Resolve when the kernel has taken the text. */
  print(text: string | Uint8Array): Promise<void>;
  printError(text: string | Uint8Array): Promise<void>;

  /** Milliseconds since the sandbox started, the same clock in every process. */
  now(): number;
  /** The date, in milliseconds since 1970. */
  date(): number;
  sleep(ms: number): Promise<void>;
  /** Random bytes that nobody can guess, 65,536 at most. */
  random(length: number): Uint8Array;
  /** End this process now. */
  exit(code: number): never;
  /** Something happened that a learner may want to see. It travels with the next message, or after 20 ms. */
  event<T extends EventType>(type: T, data: EventData<T>): void;
  /** May the trace keep so many real bytes more of this process, in a coming event? Then they count. Cheap when it may not. */
  mayKeep(bytes: number): boolean;
  /**
   * Hand over what is buffered now: call it before work that does not yield (a Python request). Events alone go every 20 ms
   * and not more often, unless `standStill`: the thread is about to sleep.
   */
  flush(standStill?: boolean): void;

  /** The Python runtime, or null when this sandbox has none. */
  python(): Promise<PythonRuntime | null>;
}

export type Program = (host: Host) => Promise<number>;
