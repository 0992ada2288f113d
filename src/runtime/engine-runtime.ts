/** The page's contract over any engine: everything that does not depend on what the sandbox runs in. */
import type { EngineCalls, EngineNews } from '../../sandboxes/host/engine.ts';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { Written } from '../../sandboxes/host/written.ts';
import { BrowserProcess } from './browser-process.ts';
import type { Changed, Changes } from './changes.ts';
import { EngineProcess } from './process.ts';
import type { Files, HttpRequest, HttpResponse, KillSignal, Listed, Proc, Runtime, RuntimeEvents } from './runtime.ts';

/** What carries calls to the sandbox's kernel. */
export interface Engine {
  /** Errors: an Error with the kernel's message, also after `close`. */
  call<K extends keyof EngineCalls>(name: K, args: EngineCalls[K][0]): Promise<EngineCalls[K][1]>;
  /** Ends every process at once. */
  close(): void;
}

/** What an engine says of itself. */
export type EngineNotice =
  | EngineNews
  | { readonly op: 'trace'; readonly events: readonly TraceEvent[] }
  | { readonly op: 'files'; readonly paths: readonly string[] }
  | { readonly op: 'fault'; readonly message: string };

interface Known {
  readonly process: EngineProcess;
  /** The answer to spawn() is there. */
  given: boolean;
  /** Nothing will be heard of it any more. */
  closed: boolean;
}

/** What is said to whoever asks something of a sandbox that was closed. */
export const CLOSED = 'The sandbox was closed.';

export class EngineRuntime implements Runtime {
  readonly kind: Runtime['kind'];
  #engine: Engine | null = null;
  /** Until they can print no more, and whoever started them has them. */
  #processes = new Map<number, Known>();
  #listeners: { [K in keyof RuntimeEvents]: Set<(event: RuntimeEvents[K]) => void> } = {
    trace: new Set(),
    fault: new Set(),
    files: new Set(),
    written: new Set(),
  };
  #written = new Written((paths) => {
    if (!this.#disposed) this.#tell('written', { paths });
  });
  /** What differs from the start, as of the last answer. */
  #work: Record<string, Changed | null> = {};
  #browser: Promise<BrowserProcess> | null = null;
  #disposed = false;

  constructor(kind: Runtime['kind']) {
    this.kind = kind;
  }

  /** From here on calls go to this engine. What it says goes to `receive`, also before; after `dispose` nobody hears it. */
  attach(engine: Engine): void {
    this.#engine = engine;
  }

  receive(notice: EngineNotice): void {
    if (this.#disposed) return;
    switch (notice.op) {
      case 'trace':
        this.#tell('trace', notice.events);
        break;
      case 'files':
        this.#tell('files', { paths: notice.paths });
        for (const path of notice.paths) this.#written.note(path);
        break;
      case 'written':
        for (const path of notice.paths) this.#written.note(path);
        break;
      case 'fault':
        this.#tell('fault', { message: notice.message });
        break;
      case 'output':
        this.#known(notice.pid).process.output(notice.data, notice.stream);
        break;
      case 'exited':
        this.#known(notice.pid).process.finish(notice.exit);
        break;
      case 'closed':
        this.#note(notice.pid, 'closed');
        break;
    }
  }

  #tell<K extends keyof RuntimeEvents>(type: K, event: RuntimeEvents[K]): void {
    for (const listener of this.#listeners[type]) listener(event);
  }

  get #running(): Engine {
    if (this.#engine === null) throw new Error(CLOSED);
    return this.#engine;
  }

  async mount(files: Files): Promise<void> {
    await this.#running.call('mount', [files]);
  }

  async readFile(path: string): Promise<Uint8Array> {
    return this.#running.call('read', [path]);
  }

  async writeFile(path: string, data: string | Uint8Array): Promise<void> {
    await this.#running.call('write', [path, data]);
  }

  async removeFile(path: string): Promise<void> {
    await this.#running.call('remove', [path]);
  }

  async readFolder(path: string): Promise<readonly Listed[]> {
    return this.#running.call('list', [path]);
  }

  /** The engine tells what is new since the last time: a thousand files that stay as they are do not travel again. */
  async changes(): Promise<Changes> {
    for (const [path, now] of await this.#running.call('changes', [])) {
      if (now === 'laid') delete this.#work[path];
      else this.#work[path] = now;
    }
    return { ...this.#work };
  }

  async apply(changes: Changes, options: { only?: boolean } = {}): Promise<void> {
    await this.#running.call('apply', [{ ...changes }, options.only ?? false]);
  }

  /** Arguments are copied: a page may hand over a framework's proxies, which no message can carry. */
  async spawn(
    program: string,
    args: readonly string[] = [],
    options: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
  ): Promise<Proc> {
    const pid = await this.#running.call('spawn', [program, [...args], options.cwd ?? null, options.env ? { ...options.env } : null]);
    if (this.#engine === null) throw new Error(CLOSED);
    return this.#note(pid, 'given');
  }

  #note(pid: number, what: 'given' | 'closed'): EngineProcess {
    const known = this.#known(pid);
    known[what] = true;
    if (known.given && known.closed) this.#processes.delete(pid);
    return known.process;
  }

  /** Output may arrive before the answer to spawn(): whichever is first makes the record. */
  #known(pid: number): Known {
    const known = this.#processes.get(pid);
    if (known !== undefined) return known;
    const process = new EngineProcess(pid, {
      write: (text) => this.#input(this.#engine?.call('input', [pid, text])),
      end: () => this.#input(this.#engine?.call('endInput', [pid])),
      endOfFile: () => this.#input(this.#engine?.call('endOfFile', [pid])),
      heard: (bytes) => this.#input(this.#engine?.call('heard', [pid, bytes])),
    });
    const made = { process, given: false, closed: false };
    this.#processes.set(pid, made);
    return made;
  }

  /** Like a terminal: what is typed to a process that ends meanwhile, or after the sandbox was closed, is lost. */
  #input(sent: Promise<null> | undefined): void {
    sent?.catch(() => {});
  }

  async kill(pid: number, signal: KillSignal): Promise<void> {
    await this.#running.call('kill', [pid, signal]);
  }

  async request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    if (this.#engine === null) throw new Error(CLOSED);
    return (await this.openBrowser()).request(request, signal);
  }

  /** Starts the sandbox's browser ahead of the first request. */
  openBrowser(): Promise<BrowserProcess> {
    this.#browser ??= this.#startBrowser();
    // Whoever sends a request hears of it.
    this.#browser.catch(() => {});
    return this.#browser;
  }

  /** A learner may kill the browser too: then the next request starts another. */
  async #startBrowser(): Promise<BrowserProcess> {
    const forget = (): void => {
      this.#browser = null;
    };
    try {
      const process = await this.spawn('browser');
      void process.exited.then(forget);
      return new BrowserProcess(process);
    } catch (error) {
      forget();
      throw error;
    }
  }

  on<K extends keyof RuntimeEvents>(type: K, listener: (event: RuntimeEvents[K]) => void): () => void {
    this.#listeners[type].add(listener);
    return () => void this.#listeners[type].delete(listener);
  }

  /** Whoever waits for a process, or for an answer, hears that it is over. */
  dispose(): void {
    this.#disposed = true;
    this.#engine?.close();
    this.#engine = null;
    for (const { process } of this.#processes.values()) process.finish({ code: null, signal: 'SIGKILL' });
  }
}
