/** The WSGI application of one process: CPython with the learner's module in it, behind a bridge of bytes. */
import type { Host } from '../../host/host.ts';
import type { MemoryUse } from '../python/boot.ts';
import { ended } from '../python/ended.ts';
import { MEMORY_LIMIT } from '../python/spare.ts';
import { openPython, type ProcessPython } from '../python/start.ts';
import { type Bridge, Calls, type Piece, type Send, type TellEnviron } from './bridge.ts';
import type { Log } from './log.ts';
import type { Options } from './options.ts';
import type { UwsgiRequest } from './request.ts';

export const NODE_NAME = 'sandbox';

interface SandboxModule {
  configure(environment: object, path: readonly string[]): void;
}

export interface AppPlace {
  readonly host: Host;
  readonly log: Log;
  readonly options: Options;
  /** Number of the worker, 0 in the master. */
  readonly worker: number;
  readonly master: number;
  readonly image: Uint8Array | null;
  /** Will workers be started from this process's memory? */
  readonly forks: boolean;
  readonly onSleep?: () => void;
}

export class App {
  readonly forked: boolean;
  readonly version: string;
  /** Where the interpreter is in memory, for the log. */
  readonly address: string;
  #python: ProcessPython;
  #bridge: Bridge;
  #calls: Calls | null = null;

  private constructor(python: ProcessPython) {
    this.#python = python;
    this.forked = python.forked;
    this.#bridge = python.api.pyimport('_uwsgi_bridge') as Bridge;
    this.version = String(python.api.runPython('import sys; sys.version')).replace('\n', ' ');
    this.address = String(python.api.runPython('hex(id(sys))'));
  }

  /** Start Python with the server's files in it. Null when the sandbox has no Python. */
  static async open(place: AppPlace): Promise<App | null> {
    const { host, log, options } = place;
    const python = await openPython(host, {
      image: place.image,
      memoryLimit: options.limitAs > 0 ? options.limitAs * 1024 * 1024 : MEMORY_LIMIT,
      snapshots: place.forks,
      print: (bytes) => log.raw(bytes),
      ...(place.onSleep ? { onSleep: place.onSleep } : {}),
    });
    if (python === null) return null;
    const folders = [host.cwd, ...options.pythonpath, ...options.sitePackages];
    if (options.wsgiFile) folders.push(options.wsgiFile.slice(0, options.wsgiFile.lastIndexOf('/')));
    await python.tree.copyIn(folders.filter((folder) => folder.startsWith('/') && folder !== '/'));
    python.files.mkdirTree(host.cwd);
    python.files.chdir(host.cwd);
    const app = new App(python);
    app.#describe(place);
    return app;
  }

  #describe({ host, options, worker, master }: AppPlace): void {
    const { UWSGI_SANDBOX_WORKER: _, ...environment } = host.env;
    for (const setting of options.env) {
      const [name = '', value = ''] = setting.split(/=(.*)/s);
      Object.assign(environment, { [name]: value });
    }
    if (!this.forked) {
      const sandbox = this.#python.api.pyimport('_sandbox') as SandboxModule;
      sandbox.configure(environment, ['.', ...options.pythonpath, ...options.sitePackages]);
    }
    this.#bridge.describe(worker, master, {
      node: NODE_NAME,
      processes: options.processes,
      buffer_size: options.bufferSize,
      opt: Object.fromEntries(options.given.map(([name, value]) => [name, value ?? true])),
    });
  }

  /** Import the application: true, false when there is none, or the code that it wants to exit with. */
  load({ module, wsgiFile, callable }: Options): boolean | number {
    return this.#call(() => (wsgiFile ? this.#bridge.load_file(wsgiFile, callable) : this.#bridge.load_module(module ?? '', callable)));
  }

  /** Call it with a request. `send` gets what the app gives to write(), at once; `tell`, if there is one, the environ. */
  handle(request: UwsgiRequest, send: Send, tell?: TellEnviron): Piece {
    return this.#piece((calls) => calls.handle(request, send, tell));
  }

  proceed(): Piece {
    return this.#piece((calls) => calls.proceed());
  }

  /** Close an answer that nobody takes any more. */
  abandon(): Piece {
    return this.#piece((calls) => calls.abandon());
  }

  /** Write back the files that the app changed. */
  async saveFiles(log: Log): Promise<void> {
    for (const problem of await this.#python.tree.copyOut()) log.line(`[sandbox] not saved: ${problem}`);
  }

  /** The files of all modules that Python has loaded, those of its own library among them. */
  moduleFiles(): string[] {
    return this.#call(() => this.#bridge.module_files());
  }

  /** What this process takes of the machine's memory. */
  memory(): MemoryUse {
    return this.#python.memory();
  }

  /** The memory to start workers from. */
  fork(): Uint8Array {
    return this.#python.fork();
  }

  #piece(call: (calls: Calls) => Piece): Piece {
    return this.#call(() => {
      this.#calls ??= new Calls(this.#bridge, () => this.#python.heap());
      return call(this.#calls);
    });
  }

  #call<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw ended(error);
    } finally {
      this.#python.output.yielded();
    }
  }
}
