/** A sandbox on the Node host for scripts and tests, with the page's contract: the same code starts servers and makes checks in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { Machine } from '../../sandboxes/host/node/machine.ts';
import { layServer } from '../../sandboxes/host/server-tree.ts';
import { layFiles, MemoryTree, ROOT, type Tree } from '../../sandboxes/host/tree.ts';
import { BrowserProcess } from '../../src/runtime/browser-process.ts';
import { EmbeddedProcess } from '../../src/runtime/process.ts';
import type { Files, HttpRequest, HttpResponse, Proc, Runtime, RuntimeEvents } from '../../src/runtime/runtime.ts';
import { TraceLog } from '../../src/trace/log.ts';
import { at, cache, filesBelow } from './paths.ts';

/** Every program has a folder of its own with a main.ts. (The registry itself is readable only as a bundle: it imports Python text.) */
export function programNames(): ReadonlySet<string> {
  const folder = at('sandboxes/programs');
  return new Set(readdirSync(folder).filter((name) => existsSync(join(folder, name, 'main.ts'))));
}

/** The files of a folder by their path in the sandbox; `.gitkeep` stands for an empty directory. */
export function treeFiles(folder: string): Record<string, Uint8Array> {
  const entries = filesBelow(folder).map((file): [string, Uint8Array] => {
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    return [path.replace(/\.gitkeep$/, ''), new Uint8Array(readFileSync(file))];
  });
  return Object.fromEntries(entries);
}

/** The page's contract on the Node host. A trace log comes along, as a session has one. */
export class ScriptSandbox implements Runtime {
  readonly kind = 'node';
  readonly log = new TraceLog();
  readonly #tree: Tree;
  #machine: Machine | null = null;
  #browser: Promise<BrowserProcess> | null = null;
  #watchers = new Set<(batch: readonly TraceEvent[]) => void>();

  private constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Opens a sandbox with sandboxes/server and `overlays` laid over it. */
  static async open(overlays: readonly string[] = []): Promise<ScriptSandbox> {
    const tree = new MemoryTree();
    layServer(tree, Object.assign({}, ...[at('sandboxes/server'), ...overlays].map(treeFiles)) as Files);
    const sandbox = new ScriptSandbox(tree);
    sandbox.#machine = await Machine.open({
      tree,
      programs: programNames(),
      processFile: join(cache, 'engine/node/process.mjs'),
      onEvents: (batch) => {
        sandbox.log.add(batch);
        for (const watch of sandbox.#watchers) watch(batch);
      },
    });
    return sandbox;
  }

  get events(): readonly TraceEvent[] {
    return this.log.events;
  }

  get #kernel(): Machine['kernel'] {
    if (this.#machine === null) throw new Error('The sandbox was closed.');
    return this.#machine.kernel;
  }

  async mount(files: Files): Promise<void> {
    layFiles(this.#tree, files);
  }

  async readFile(path: string): Promise<Uint8Array> {
    return this.#tree.read(path, ROOT);
  }

  async writeFile(path: string, data: string | Uint8Array): Promise<void> {
    this.#tree.makeDirectory(path.slice(0, path.lastIndexOf('/')) || '/', ROOT, true);
    this.#tree.write(path, typeof data === 'string' ? new TextEncoder().encode(data) : data, ROOT);
  }

  async removeFile(path: string): Promise<void> {
    this.#tree.remove(path, ROOT);
  }

  async spawn(
    program: string,
    args: readonly string[] = [],
    options: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
  ): Promise<Proc> {
    const { pid, input } = this.#kernel.spawnOutside({
      program,
      args,
      ...options,
      write: (data, stream) => proc.output(data, stream),
      exited: (exit) => proc.finish(exit),
    });
    // What is typed to a process that has ended is lost.
    const proc: EmbeddedProcess = new EmbeddedProcess(pid, {
      write: (text) => void input.write(new TextEncoder().encode(text)).catch(() => {}),
      end: () => input.dropWriter(),
    });
    return proc;
  }

  async kill(pid: number, signal: Parameters<Runtime['kill']>[1]): Promise<void> {
    this.#kernel.kill(pid, signal, null);
  }

  async request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    this.#browser ??= this.spawn('browser').then((proc) => new BrowserProcess(proc));
    return (await this.#browser).request(request, signal);
  }

  on<K extends keyof RuntimeEvents>(type: K, listener: (event: RuntimeEvents[K]) => void): () => void {
    // There is no frame that could break: a fault never comes.
    if (type !== 'trace') return () => {};
    const watch = listener as (batch: readonly TraceEvent[]) => void;
    this.#watchers.add(watch);
    return () => void this.#watchers.delete(watch);
  }

  /** Waits until the events so far satisfy `done`. Errors: not in `ms` milliseconds. */
  until(done: (events: readonly TraceEvent[]) => boolean, ms: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => {
      if (done(this.events)) resolve();
    };
    const off = this.on('trace', look);
    const timer = setTimeout(() => {
      const last = this.events.slice(-5).map((event) => JSON.stringify(event));
      reject(new Error(`not reached in ${ms} ms; last events: ${last.join(' ')}`));
    }, ms);
    look();
    return promise.finally(() => {
      off();
      clearTimeout(timer);
    });
  }

  /** Ends every process at once. */
  dispose(): void {
    this.#machine?.close();
    this.#machine = null;
  }
}
