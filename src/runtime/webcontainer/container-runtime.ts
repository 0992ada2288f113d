/** The sandbox in a container that runs: the page's contract, and what only this engine has. */
import { EngineRuntime } from '../engine-runtime.ts';
import { orAborted } from '../or-aborted.ts';
import type { Files, ShellProcess, StartProgress, TerminalSize } from '../runtime.ts';
import { type Booted, type BootPage, bootContainer, LIMITS, type Limits } from './boot.ts';
import { ContainerEngine } from './container-engine.ts';
import { WebContainerError } from './error.ts';
import { ENGINE, type EngineParts, layBinary, layEngine, SERVER, SPOOL, treeOf } from './layout.ts';

/** The container's port behind which the sandbox's port 80 can be seen from outside. */
const PREVIEW_PORT = 8080;
/** A file is seldom written once. */
const SETTLE_MS = 100;

/** Where the engine's parts come from. */
export interface PartsSource {
  /** Bytes of all of them. */
  readonly size: number;
  /** `onBytes` hears how many more have come. */
  load(onBytes: (count: number) => void): Promise<Loaded>;
}

interface Loaded {
  readonly engine: EngineParts;
  /** Python packages by their place in the sandbox. */
  readonly wheelhouse: Readonly<Record<string, Uint8Array>>;
}

export interface ContainerStart {
  readonly page: BootPage;
  readonly parts: PartsSource;
  readonly files: Files;
  readonly limits?: Limits;
  readonly apiKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: StartProgress) => void) | undefined;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** Errors: see startWebContainer. */
export async function openContainer(start: ContainerStart): Promise<ContainerRuntime> {
  const { page, parts, files, limits = LIMITS, apiKey, signal } = start;
  const tell = (stage: StartProgress['stage'], value: number, text: string): void => start.onProgress?.({ stage, value, text });
  let loaded = 0;
  let wanted = false;
  const tellLoaded = (): void => {
    const text = `Loading the engine and Python for the container: ${megabytes(loaded)} of ${megabytes(parts.size)} MB`;
    tell('files', 0.35 + 0.05 * Math.min(1, loaded / parts.size), text);
  };
  tell('contact', 0.05, 'Waiting for stackblitz.com');
  // They come while the container boots, and are spoken of when it waits for them.
  const loading = parts.load((count) => {
    loaded += count;
    if (wanted) tellLoaded();
  });
  // A failure is reported where the parts are awaited; until then it must not count as unhandled.
  loading.catch(() => {});
  const onInit = (): void => tell('boot', 0.15, 'Booting the WebContainer');
  const booted = await bootContainer(page, { limits, apiKey, signal, onInit });
  // At once, not when the work under way ends: that may be never, and the page may boot another in the meantime.
  signal?.addEventListener('abort', booted.close);
  try {
    const { container } = booted;
    wanted = true;
    tellLoaded();
    const { engine, wheelhouse } = await (signal === undefined ? loading : orAborted(loading, signal));
    wanted = false;
    const total = Object.values(engine).reduce((sum, { length }) => sum + length, 0);
    let done = 0;
    await orBootError(container.mount(treeOf(files)), signal);
    const onFile = (bytes: number): void => {
      done += bytes;
      const text = `Putting the engine and Python into the container: ${megabytes(done)} of ${megabytes(total)} MB`;
      tell('files', 0.4 + 0.25 * (done / total), text);
    };
    await orBootError(layEngine(container.fs, engine, onFile), signal);
    await orBootError(layBinary(container.fs, wheelhouse), signal);
    tell('start', 0.7, 'Starting the engine on Node');
    return await ContainerRuntime.start(booted, limits, signal);
  } catch (error) {
    booted.close();
    throw error;
  } finally {
    signal?.removeEventListener('abort', booted.close);
  }
}

/** What the container does, which has no end of its own when stackblitz.com's frame hangs. Errors: `boot-error`; the signal's reason. */
function orBootError<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const told = work.catch((error: Error) => {
    throw new WebContainerError('boot-error', `The WebContainer did not take the sandbox's files: ${error.message}`);
  });
  return signal === undefined ? told : orAborted(told, signal);
}

class ContainerRuntime extends EngineRuntime {
  #booted: Booted;
  #limits: Limits;
  #engine: ContainerEngine;
  #preview: Promise<string> | null = null;
  #changed = new Set<string>();
  #disposed = false;

  private constructor(booted: Booted, limits: Limits, engine: (runtime: ContainerRuntime) => ContainerEngine) {
    super('webcontainer');
    this.#booted = booted;
    this.#limits = limits;
    this.#engine = engine(this);
    this.attach(this.#engine);
  }

  /** Errors: WebContainerError; the container is the caller's to close then. */
  static async start(booted: Booted, limits: Limits, signal: AbortSignal | undefined): Promise<ContainerRuntime> {
    const { container } = booted;
    const process = await orBootError(container.spawn('node', [`${ENGINE}/main.mjs`, SERVER, SPOOL]), signal);
    const runtime = new ContainerRuntime(
      booted,
      limits,
      (made) => new ContainerEngine(process, container.fs, (notice) => made.receive(notice)),
    );
    try {
      await runtime.#engine.ready(limits.ready, signal);
    } catch (error) {
      runtime.#engine.close();
      throw error;
    }
    container.on('error', ({ message }) => runtime.receive({ op: 'fault', message: `The WebContainer broke: ${message}` }));
    container.fs.watch(SERVER, { recursive: true }, (_event, path) => runtime.#noteChange(String(path)));
    void runtime.openBrowser();
    return runtime;
  }

  /** The sandbox's own writes are seen here, too: nobody says who wrote. */
  #noteChange(path: string): void {
    if (this.#changed.size === 0) {
      setTimeout(() => {
        const paths = [...this.#changed];
        this.#changed.clear();
        if (!this.#disposed) this.receive({ op: 'files', paths });
      }, SETTLE_MS);
    }
    this.#changed.add(`/${path}`);
  }

  async openShell(size: TerminalSize): Promise<ShellProcess> {
    const shell = await this.#booted.container.spawn('jsh', { cwd: SERVER, terminal: { ...size } });
    const input = shell.input.getWriter();
    return {
      onOutput: (listener) => void shell.output.pipeTo(new WritableStream({ write: listener })).catch(() => {}),
      // A shell that has ended takes no more keys.
      write: (keys) => void input.write(keys).catch(() => {}),
      resize: (to) => shell.resize({ ...to }),
      exited: shell.exit,
      close: () => shell.kill(),
    };
  }

  openPreview(): Promise<string> {
    this.#preview ??= this.#publish();
    return this.#preview;
  }

  async #publish(): Promise<string> {
    const { promise: announced, resolve } = Promise.withResolvers<string>();
    // Every port that a process of the engine listens on is announced.
    const off = this.#booted.container.on('server-ready', (port, url) => {
      if (port === PREVIEW_PORT) resolve(url);
    });
    const limit = new AbortController();
    const late = (): void => limit.abort(new Error(`No port of the container was open after ${this.#limits.port / 1000} seconds.`));
    const timer = setTimeout(late, this.#limits.port);
    const publishing = this.#engine.call('publish', [PREVIEW_PORT, 80]);
    try {
      this.#forgetWith(await orAborted(publishing, limit.signal));
      return await orAborted(announced, limit.signal);
    } catch (error) {
      this.#preview = null;
      // The next attempt needs the port.
      publishing.then((pid) => this.kill(pid, 'SIGKILL')).catch(() => {});
      throw error;
    } finally {
      clearTimeout(timer);
      off();
    }
  }

  /** The address is as good as the process behind it, which a learner sees and may kill. */
  #forgetWith(publisher: number): void {
    const preview = this.#preview;
    const off = this.on('trace', (events) => {
      if (!events.some(({ type, pid }) => type === 'process.exit' && pid === publisher)) return;
      off();
      if (this.#preview === preview) this.#preview = null;
    });
  }

  override dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    super.dispose();
    this.#booted.close();
  }
}
