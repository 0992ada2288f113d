/**
 * The container double as `@webcontainer/api` looks to a page: the same types and the same manners, including those one would
 * rather not have (see Terminal for the others): one decoder for all output that is told nothing of cut characters, a kill
 * without a signal, output that never ends, one container at a time, a teardown that is over later, and one frame for each
 * client, which speaks its first word once and stays until the page removes it: from then on nothing in it answers.
 */
import type {
  BootOptions,
  DirEnt,
  FileSystemAPI,
  FileSystemTree,
  FSWatchCallback,
  FSWatchOptions,
  SpawnOptions,
  Unsubscribe,
  WebContainer,
  WebContainerProcess,
} from '@webcontainer/api';
import type { DoubleCall, DoubleEvent } from './host.ts';

/** A type's public part: the client's classes have private members, which no other class can match. */
export type Public<T> = { [K in keyof T]: T[K] };

const ORIGIN = 'https://stackblitz.com';
/** Bytes that go over the bridge at once. */
const SLICE = 1_048_576;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x2000) text += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  return btoa(text);
}

type Told = Extract<DoubleEvent, { type: 'port' | 'watch' }>;

/** A process: what it prints may be heard before the page knows its number. */
class Heard {
  readonly chunks: string[] = [];
  show = (chunk: string): void => void this.chunks.push(chunk);
  readonly exit = Promise.withResolvers<number>();
}

/** The events of one container, until it is torn down. */
class Events {
  readonly #listeners = new Set<(event: Told) => void>();
  readonly #processes = new Map<number, Heard>();
  over = false;

  constructor(call: DoubleCall) {
    void (async () => {
      while (!this.over) for (const event of await call('next')) this.#dispatch(event);
    })();
  }

  on(listener: (event: Told) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  process(id: number): Heard {
    const heard = this.#processes.get(id) ?? new Heard();
    this.#processes.set(id, heard);
    return heard;
  }

  #dispatch(event: DoubleEvent): void {
    if (event.type === 'output') this.process(event.id).show(decoder.decode(fromBase64(event.data)));
    else if (event.type === 'exit') this.process(event.id).exit.resolve(event.code);
    else for (const listener of this.#listeners) listener(event);
  }
}

/** What stands for stackblitz.com's frame. */
export interface DoubleFrame {
  /** Is it in the page? */
  readonly isConnected: boolean;
}

/** Makes the module's two exports that a page needs. `page` is where the frame's message arrives; `openFrame` puts a frame into it. */
export function doubleOf(host: DoubleCall, page: EventTarget, openFrame: () => DoubleFrame = () => ({ isConnected: true })) {
  let frame: DoubleFrame | null = null;

  const call: DoubleCall = async (name, ...args) => {
    const here = (): boolean => frame?.isConnected === true;
    if (!here()) return new Promise<never>(() => {});
    const answer = await host(name, ...args);
    return here() ? answer : new Promise<never>(() => {});
  };

  class Double implements Public<WebContainer> {
    static #instance: Double | null = null;
    static #teardown: Promise<unknown> | null = null;

    readonly fs: FileSystemAPI;
    readonly path: string;
    readonly workdir: string;
    #events: Events;
    #tornDown = false;

    private constructor(events: Events, { path, workdir }: { path: string; workdir: string }) {
      this.#events = events;
      this.fs = filesOf(call, events);
      this.path = path;
      this.workdir = workdir;
    }

    static async boot(options: BootOptions = {}): Promise<Double> {
      await Double.#teardown;
      if (Double.#instance !== null) throw new Error('Only a single WebContainer instance can be booted');
      if (frame === null) {
        frame = openFrame();
        page.dispatchEvent(new MessageEvent('message', { origin: ORIGIN, data: { type: 'init' } }));
      }
      const info = await call('boot', options.workdirName ?? 'project');
      Double.#instance = new Double(new Events(call), info);
      return Double.#instance;
    }

    spawn = async (command: string, second?: string[] | SpawnOptions, third?: SpawnOptions): Promise<WebContainerProcess> => {
      const [args, options] = Array.isArray(second) ? [second, third] : [[], second];
      const { cwd, env } = options ?? {};
      const id = await call('spawn', command, args, { ...(cwd === undefined ? {} : { cwd }), ...(env === undefined ? {} : { env }) });
      const heard = this.#events.process(id);
      const output = new ReadableStream<string>({
        start: (controller) => {
          if (options?.output === false) return;
          heard.show = (chunk) => controller.enqueue(chunk);
          for (const chunk of heard.chunks) heard.show(chunk);
        },
      });
      const input = new WritableStream<string>({ write: (keys) => void call('type', id, keys) });
      return { exit: heard.exit.promise, input, output, kill: () => void call('kill', id), resize: () => {} };
    };

    on = (event: string, listener: (...args: never[]) => void): Unsubscribe => {
      // The other events have no cause here.
      if (event !== 'port' && event !== 'server-ready') return () => {};
      const tell = listener as (...args: unknown[]) => void;
      return this.#events.on((told) => {
        if (told.type !== 'port') return;
        if (event === 'port') tell(told.port, told.state, told.url);
        else if (told.state === 'open') tell(told.port, told.url);
      });
    };

    async mount(tree: FileSystemTree | Uint8Array | ArrayBuffer, { mountPoint = '.' }: { mountPoint?: string } = {}): Promise<void> {
      if (tree instanceof Uint8Array || tree instanceof ArrayBuffer) throw new Error('The double mounts no snapshots');
      await lay(this.fs, tree, mountPoint);
    }

    export = async (): Promise<never> => {
      throw new Error('The double exports nothing');
    };

    async setPreviewScript(): Promise<void> {
      throw new Error('The double shows no previews');
    }

    teardown(): void {
      if (this.#tornDown) throw new Error('WebContainer already torn down');
      this.#tornDown = true;
      this.#events.over = true;
      Double.#teardown = call('teardown').finally(() => {
        if (Double.#instance === this) Double.#instance = null;
      });
    }
  }

  const configureAPIKey = (_key: string): void => {
    if (frame !== null) throw new Error('`configureAPIKey` should always be called before `WebContainer.boot`');
  };
  return { WebContainer: Double, configureAPIKey };
}

async function lay(fs: FileSystemAPI, tree: FileSystemTree, folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  for (const [name, entry] of Object.entries(tree)) {
    const path = `${folder}/${name}`;
    if ('directory' in entry) await lay(fs, entry.directory, path);
    else if ('contents' in entry.file) await fs.writeFile(path, entry.file.contents);
    else throw new Error(`The double makes no symbolic links: ${path}`);
  }
}

function filesOf(call: DoubleCall, events: Events): FileSystemAPI {
  const readdir = async (path: string, options?: unknown): Promise<unknown> => {
    const entries = await call('readdir', path);
    const typed = typeof options === 'object' && options !== null && 'withFileTypes' in options && options.withFileTypes;
    const entry = ({ name, directory }: { name: string; directory: boolean }): DirEnt<string> => ({
      name,
      isFile: () => !directory,
      isDirectory: () => directory,
    });
    return typed ? entries.map(entry) : entries.map(({ name }) => name);
  };
  const readFile = async (path: string, encoding?: string | null): Promise<unknown> => {
    const bytes = fromBase64(await call('readFile', path));
    return encoding ? new TextDecoder(encoding).decode(bytes) : bytes;
  };
  return {
    readdir: readdir as FileSystemAPI['readdir'],
    readFile: readFile as FileSystemAPI['readFile'],
    writeFile: async (path, data) => {
      const bytes = typeof data === 'string' ? encoder.encode(data) : data;
      for (let at = 0; at === 0 || at < bytes.length; at += SLICE) {
        await call('writeFile', path, toBase64(bytes.subarray(at, at + SLICE)), at > 0);
      }
    },
    mkdir: (async (path: string, options?: { recursive?: boolean }) => {
      await call('mkdir', path, options?.recursive ?? false);
      return path;
    }) as FileSystemAPI['mkdir'],
    rm: async (path, options) => void (await call('rm', path, options?.recursive ?? false, options?.force ?? false)),
    rename: async (from, to) => void (await call('rename', from, to)),
    watch: (path: string, second?: FSWatchOptions | FSWatchCallback, third?: FSWatchCallback) => {
      const [options, listener] = typeof second === 'function' ? [null, second] : [second ?? null, third];
      const recursive = typeof options === 'object' && options?.recursive === true;
      let closed = false;
      let stop = (): void => {};
      void call('watch', path, recursive).then((id) => {
        const off = events.on((event) => void (event.type === 'watch' && event.id === id && listener?.(event.event, event.path)));
        stop = () => {
          off();
          void call('unwatch', id);
        };
        if (closed) stop();
      });
      return {
        close: () => {
          closed = true;
          stop();
        },
      };
    },
  };
}
