/**
 * The only contract the page sees. Back ends: `embedded` (kernel and Web Workers in an opaque frame), `webcontainer` (the Node
 * host inside a WebContainer) and, for scripts and tests, `node`.
 * Everything is asynchronous, and every failure is an `Error` whose message a beginner can act on.
 */
import type { Listed } from '../../sandboxes/host/engine.ts';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { CertificateFacts } from '../../sandboxes/programs/browser/messages.ts';
import type { Changes } from './changes.ts';

export type { CertificateFacts, Listed };

/** The sandbox's files by absolute path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface HttpRequest {
  readonly method: string;
  /** `http://localhost/slow?ms=1000` */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Fingerprint of a certificate that the visitor takes though it is not trusted. */
  readonly accept?: string;
}

/** What the browser pane shows. `failed` is set when no HTTP answer came (connection refused, reset). */
export interface HttpResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  /** connection id and count on it: the request's key in the trace */
  readonly conn: string;
  readonly n: number;
  readonly ms: number;
  readonly failed: string | null;
  /** The body was longer than what the sandbox's browser reads of one, and this is its beginning. */
  readonly cut?: boolean;
  /** What the handshake showed of the server's certificate, also when it was refused because of it. Only over https. */
  readonly certificate?: CertificateFacts;
}

export interface Proc {
  readonly pid: number;
  /**
   * Called with what the process prints, standard output and error in the order they came. A process that prints much waits until
   * the listener has returned, or until what it has returned resolves: a promise of what was drawn keeps a flood from piling up.
   */
  onOutput(listener: (text: string, stream: 'stdout' | 'stderr') => unknown): void;
  write(text: string): void;
  /** End of standard input. */
  end(): void;
  /** Ctrl-D: the program that reads now is told so, and what is written later is for whoever reads then. */
  endOfFile(): void;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
}

export interface RuntimeEvents {
  /** Batches, in order of arrival: merge by (t, pid, seq). */
  trace: readonly TraceEvent[];
  /** The engine itself broke; the sandbox must be started anew. */
  fault: { message: string };
  /** Files may have changed without the sandbox's doing. Only an engine whose files others can edit says so. */
  files: { readonly paths: readonly string[] };
  /**
   * Files or folders have changed, whoever changed them: the page, a program, somebody outside. At most every 500 ms, and not for
   * folders where programs write all the time (logs, /run, /tmp). Of a folder that was renamed or removed only its own path.
   */
  written: { readonly paths: readonly string[] };
}

/** Size of a terminal, in characters. */
export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/** A shell of the engine itself, on a terminal of its own: it draws the line that is typed, and wants every key. */
export interface ShellProcess {
  /** Everything that the terminal is to show, with its control sequences. */
  onOutput(listener: (text: string) => void): void;
  write(keys: string): void;
  resize(size: TerminalSize): void;
  readonly exited: Promise<number>;
  close(): void;
}

/** What the page may send. SIGTSTP is Ctrl-Z: what it stops, SIGCONT lets go on. */
export type KillSignal = 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT' | 'SIGTSTP' | 'SIGSTOP' | 'SIGCONT';

export interface Runtime {
  readonly kind: 'embedded' | 'webcontainer' | 'node';
  /** Lays files over the sandbox's tree. They are part of its start, which `changes` compares with. */
  mount(files: Files): Promise<void>;
  readFile(path: string): Promise<Uint8Array>;
  /** Makes the folders it lies in, too. */
  writeFile(path: string, data: string | Uint8Array): Promise<void>;
  removeFile(path: string): Promise<void>;
  /**
   * All that differs from the start: content, permission bits, owners, links, what was removed (each path) and what is new, also
   * empty folders. Not what lies in /proc, /sys, /dev, /run, /tmp, /var/log or /var/cache, no sockets and no __pycache__. Cheap to ask
   * again. The bytes are not to be changed: the next answer may hold the same.
   */
  changes(): Promise<Changes>;
  /**
   * Lays changes into the sandbox, at any time. `only`: whatever else differs from the start goes back to it.
   * Errors: an Error that says for each path what was wrong with it; all other paths are laid.
   */
  apply(changes: Changes, options?: { readonly only?: boolean }): Promise<void>;
  /** What a folder holds, sorted by name. Errors: it is no folder. */
  readFolder(path: string): Promise<readonly Listed[]>;
  spawn(program: string, args?: readonly string[], options?: { cwd?: string; env?: Readonly<Record<string, string>> }): Promise<Proc>;
  kill(pid: number, signal: KillSignal): Promise<void>;
  /** Sends a request from the sandbox's browser process (connections are kept and reused, as browsers do). */
  request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
  /** Returns the function that stops listening. */
  on<K extends keyof RuntimeEvents>(type: K, listener: (event: RuntimeEvents[K]) => void): () => void;
  /** Opens the engine's own shell, in the folder that holds the sandbox's files. Only an engine that has one can. */
  openShell?(size: TerminalSize): Promise<ShellProcess>;
  /** Address at which a tab of its own shows what listens on port 80 of the sandbox. Only an engine that can give one has this. */
  openPreview?(): Promise<string>;
  dispose(): void;
}

/**
 * Stages of a start, for a progress bar; `value` 0..1 over the whole start. Only a WebContainer's start has `contact` (waits for
 * stackblitz.com), `files` (puts the engine into the container) and `start` (starts it).
 */
export interface StartProgress {
  readonly stage: 'engine' | 'python' | 'contact' | 'boot' | 'files' | 'start' | 'ready';
  readonly value: number;
  readonly text: string;
}
