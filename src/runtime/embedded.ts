/**
 * The default engine: kernel and processes in the browser's own workers, inside an opaque frame. Starts in any page,
 * embedded or not, with or without cross-origin isolation.
 */
import type { PythonFiles } from '../../sandboxes/host/worker/protocol.ts';
import { BrowserProcess } from './browser-process.ts';
import { bytesOf, dropOldFiles, enginePart, forgetSnapshot, keepSnapshot, type Part, readSnapshot } from './engine-files.ts';
import { EngineFrame } from './engine-frame.ts';
import { EmbeddedProcess } from './process.ts';
import type { Files, HttpRequest, HttpResponse, Proc, Runtime, RuntimeEvents, StartProgress } from './runtime.ts';

export interface EmbeddedOptions {
  readonly files: Files;
  readonly onProgress?: (progress: StartProgress) => void;
  readonly signal?: AbortSignal;
}

const PYTHON: readonly Part[] = ['loader', 'asm', 'wasm', 'stdlib'];
const ENGINE: readonly Part[] = ['frame', 'process'];

/** What is missing in this browser for a sandbox, in words, or null. */
export function unsupported(): string | null {
  if (typeof Worker === 'undefined') return 'This browser has no Web Workers, which the sandbox needs for its processes.';
  if (typeof WebAssembly === 'undefined') return 'This browser has no WebAssembly, which Python needs.';
  return null;
}

/**
 * Downloads what is missing, opens the frame, lays the files. Python's files follow in the background: programs that need
 * them wait. Errors: an Error that says what could not be loaded and what to do.
 */
export async function startEmbedded({ files, onProgress, signal }: EmbeddedOptions): Promise<Runtime> {
  const missing = unsupported();
  if (missing !== null) throw new Error(missing);
  const total = bytesOf([...ENGINE, ...PYTHON]);
  let got = 0;
  const onBytes = (count: number): void => {
    got += count;
    const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
    onProgress?.({
      stage: got < bytesOf(ENGINE) ? 'engine' : 'python',
      value: Math.min(1, got / total) * 0.8,
      text: `Loading the sandbox and Python: ${megabytes(got)} of ${megabytes(total)} MB`,
    });
  };
  const load = (part: Part): Promise<Uint8Array> => enginePart(part, onBytes, signal);
  const wasm = load('wasm');
  const rest = Promise.all([load('loader'), load('asm'), load('stdlib'), readSnapshot()]);
  // A failure is reported where the parts are awaited; until then it must not count as unhandled.
  for (const parts of [wasm, rest]) parts.catch(() => {});
  const [script, bundle] = await Promise.all([load('frame'), load('process')]);
  const runtime = new EmbeddedRuntime();
  try {
    const decoder = new TextDecoder();
    await runtime.open(decoder.decode(script), decoder.decode(bundle));
    await runtime.mount(files);
    runtime.compile(await wasm);
    const [loader, asm, stdlib, base] = await rest;
    onProgress?.({ stage: 'boot', value: 0.85, text: 'Starting Python' });
    runtime.givePython({ loader, asm, stdlib, base });
    runtime.openBrowser();
    void dropOldFiles();
    return runtime;
  } catch (error) {
    runtime.dispose();
    throw error;
  }
}

class EmbeddedRuntime implements Runtime {
  readonly kind = 'embedded';
  #frame: EngineFrame | null = null;
  #processes = new Map<number, EmbeddedProcess>();
  #listeners: { [K in keyof RuntimeEvents]: Set<(event: RuntimeEvents[K]) => void> } = { trace: new Set(), fault: new Set() };
  #browser: Promise<BrowserProcess> | null = null;

  async open(script: string, bundle: string): Promise<void> {
    this.#frame = await EngineFrame.open(script, bundle, (notice) => {
      switch (notice.op) {
        case 'trace':
          for (const listener of this.#listeners.trace) listener(notice.events);
          break;
        case 'fault':
          this.#fault(notice.message);
          break;
        case 'output':
          this.#process(notice.pid).output(notice.data, notice.stream);
          break;
        case 'exited':
          this.#process(notice.pid).finish(notice.exit);
          break;
        case 'pythonBase':
          void (notice.snapshot === null ? forgetSnapshot() : keepSnapshot(notice.snapshot));
          break;
      }
    });
  }

  get #engine(): EngineFrame {
    if (this.#frame === null) throw new Error('The sandbox was closed.');
    return this.#frame;
  }

  /** Python compiles while the rest is still on its way; a failure is told with it. */
  compile(wasm: Uint8Array): void {
    this.#engine.call('compile', [wasm], [wasm.buffer as ArrayBuffer]).catch(() => {});
  }

  /** Python gets ready while servers already start; a failure comes as a fault. */
  givePython(files: PythonFiles): void {
    const buffers = [files.loader, files.asm, files.stdlib, ...(files.base === null ? [] : [files.base])];
    const transfer = buffers.map((bytes) => bytes.buffer as ArrayBuffer);
    this.#engine.call('python', [files], transfer).catch((error: Error) => this.#fault(`Python did not load: ${error.message}`));
  }

  #fault(message: string): void {
    for (const listener of this.#listeners.fault) listener({ message });
  }

  async mount(files: Files): Promise<void> {
    await this.#engine.call('mount', [files]);
  }

  readFile(path: string): Promise<Uint8Array> {
    return this.#engine.call('read', [path]);
  }

  async writeFile(path: string, data: string | Uint8Array): Promise<void> {
    await this.#engine.call('write', [path, data]);
  }

  async removeFile(path: string): Promise<void> {
    await this.#engine.call('remove', [path]);
  }

  /** Arguments are copied: a page may hand over a framework's proxies, which no message can carry. */
  async spawn(
    program: string,
    args: readonly string[] = [],
    options: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
  ): Promise<Proc> {
    const pid = await this.#engine.call('spawn', [program, [...args], options.cwd ?? null, options.env ? { ...options.env } : null]);
    return this.#process(pid);
  }

  /** Output may arrive before the answer to spawn(): whichever is first makes the record. */
  #process(pid: number): EmbeddedProcess {
    const known = this.#processes.get(pid);
    if (known !== undefined) return known;
    const made = new EmbeddedProcess(pid, {
      write: (text) => this.#input(this.#frame?.call('input', [pid, text])),
      end: () => this.#input(this.#frame?.call('endInput', [pid])),
    });
    this.#processes.set(pid, made);
    return made;
  }

  /** Like a terminal: what is typed to a process that ends meanwhile, or after the sandbox was closed, is lost. */
  #input(sent: Promise<null> | undefined): void {
    sent?.catch(() => {});
  }

  async kill(pid: number, signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGHUP'): Promise<void> {
    await this.#engine.call('kill', [pid, signal]);
  }

  async request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    if (this.#frame === null) throw new Error('The sandbox was closed.');
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

  dispose(): void {
    this.#frame?.close();
    this.#frame = null;
  }
}
