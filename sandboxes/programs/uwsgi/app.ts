/** The WSGI application of one process: CPython with the learner's module in it, behind a bridge of bytes. */
import type { Host } from '../../host/host.ts';
import type { MemoryUse } from '../python/boot.ts';
import { ended } from '../python/ended.ts';
import { MEMORY_LIMIT } from '../python/spare.ts';
import { openPython, type ProcessPython } from '../python/start.ts';
import type { Log } from './log.ts';
import type { Options } from './options.ts';

export const NODE_NAME = 'sandbox';

/** A piece of an answer, ready to be sent. */
export interface Piece {
  /** Is there more to ask for with `proceed`? */
  readonly more: boolean;
  /** Has the app called uwsgi.reload()? */
  readonly reload: boolean;
  /** Did an exception end it that the app did not catch? */
  readonly failed: boolean;
  /** When the app called sys.exit(): the code. */
  readonly exit: number | null;
  readonly status: number;
  readonly headers: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  readonly switches: number;
  readonly bytes: Uint8Array;
}

/** Gets the environ right before the callable does: name, value, name, value and so on. */
type TellEnviron = (flat: readonly string[]) => void;

/** The bridge module, as TypeScript sees it. */
interface Bridge {
  describe(worker: number, master: number, options: object): void;
  load_module(name: string, callable: string | null): boolean | number;
  load_file(path: string, callable: string | null): boolean | number;
  handle(packet: Uint8Array, send: (bytes: Uint8Array) => void, tell?: TellEnviron): Uint8Array;
  proceed(): Uint8Array;
  abandon(): Uint8Array;
  module_files(): string[];
}

interface SandboxModule {
  configure(environment: object, path: readonly string[]): void;
}

/** Size of the head that PIECE in the bridge describes. */
const PIECE_HEAD = 15;
const MORE = 1;
const EXIT = 2;
const FAILED = 3;
const RELOAD = 0x80;

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

  /**
   * Call it with a request: a uwsgi packet and the body behind it. `send` gets what the app gives to write(), at once; `tell`,
   * if there is one, the environ.
   */
  handle(packet: Uint8Array, send: (bytes: Uint8Array) => void, tell?: TellEnviron): Piece {
    return this.#piece(() => this.#bridge.handle(packet, send, tell));
  }

  proceed(): Piece {
    return this.#piece(() => this.#bridge.proceed());
  }

  /** Close an answer that nobody takes any more. */
  abandon(): Piece {
    return this.#piece(() => this.#bridge.abandon());
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

  #piece(call: () => Uint8Array): Piece {
    const bytes = this.#call(call);
    const head = new DataView(bytes.buffer, bytes.byteOffset);
    const flags = head.getUint8(0);
    const kind = flags & ~RELOAD;
    const status = head.getUint16(1, true);
    return {
      more: kind === MORE,
      reload: (flags & RELOAD) !== 0,
      failed: kind === FAILED,
      exit: kind === EXIT ? status : null,
      status,
      headers: head.getUint16(3, true),
      headerBytes: head.getUint32(5, true),
      bodyBytes: head.getUint32(9, true),
      switches: head.getUint16(13, true),
      bytes: bytes.subarray(PIECE_HEAD),
    };
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
