/**
 * Starts CPython (Pyodide) in this process: from the compiled standard library, or faster from a heap snapshot.
 *
 * Nothing is fetched: code comes by `import()` from the addresses that the host gives, WebAssembly as a compiled
 * module, the library as bytes. The same code runs in a Web Worker and in Node.
 */
import type { PyodideAPI, PyodideConfig } from 'pyodide';
import type { PythonRuntime } from '../../host/host.ts';
import { headerLike, type References, referencesIn } from './references.ts';
import { pack, packWhole, type Unpacked, unpack } from './snapshot.ts';

export interface PythonSetup {
  readonly runtime: PythonRuntime;
  /** A snapshot to start from, or null for a plain start. */
  readonly image: Uint8Array | null;
  /** Nobody else uses `image`: its memory is given back when it has been read. */
  readonly ownImage: boolean;
  /** Bytes of memory that Python may use at most: beyond it, MemoryError. */
  readonly memoryLimit: number;
  /** Whether `snapshot()` will be called. */
  readonly snapshots: boolean;
  /** What Python writes to its standard output (1) and error (2). Called from synchronous code. */
  readonly output: (stream: 1 | 2, bytes: Uint8Array) => void;
}

export interface Python {
  readonly api: PyodideAPI;
  /** Python's file system: in memory, this process's own. */
  readonly files: EmscriptenFiles;
  /** Whether this Python continues a snapshot. */
  readonly restored: boolean;
  memory(): MemoryUse;
  /** All of Python's memory. To be asked for anew after each call into Python: it may have grown. */
  heap(): Uint8Array;
  /** From now on Python's memory may grow to so many bytes. */
  limitMemory(bytes: number): void;
  /**
   * Continues another Python's memory in this one. Both must have started from the same base: then what JavaScript holds of
   * Python is the same in both. False, and nothing happened, when they have not; otherwise the image's bytes are used up.
   */
  continueFrom(image: Uint8Array): boolean;
  /** The heap as it is now, packed. Python must hold no JavaScript object. */
  snapshot(): Uint8Array;
}

/** What Python takes of the machine's memory, in bytes. */
export interface MemoryUse {
  /** All of WebAssembly's memory, with what it keeps for growing into: as the address space of a process. */
  readonly size: number;
  /**
   * What the program has asked for (its break), from the first byte on: as the resident set of a process. Like that one it
   * grows with what Python holds and hardly ever shrinks; unlike that one it counts what a fork would share.
   */
  readonly used: number;
}

/** The parts of Emscripten's file system that are used here. */
export interface EmscriptenFiles {
  mkdirTree(path: string): void;
  /** `canOwn`: the bytes become the file's own and are not copied. */
  writeFile(path: string, data: Uint8Array, options?: { canOwn?: boolean; mode?: number }): void;
  symlink(target: string, path: string): void;
  readlink(path: string): string;
  readFile(path: string): Uint8Array;
  chdir(path: string): void;
  lookupPath(path: string, options?: { follow?: boolean }): { node: EmscriptenNode };
  getStreamChecked(fd: number): { node: EmscriptenNode };
  getPath(node: EmscriptenNode): string;
  isFile(mode: number): boolean;
  isDir(mode: number): boolean;
  isLink(mode: number): boolean;
  readonly filesystems: { readonly MEMFS: { readonly ops_table: EmscriptenOperations } };
}
export interface EmscriptenNode {
  readonly mode: number;
  /** Of a directory: what is in it, by name. */
  readonly contents: Readonly<Record<string, EmscriptenNode>>;
}
export interface EmscriptenOperations {
  readonly dir: { readonly node: Record<string, (...args: never[]) => unknown> };
  readonly file: {
    readonly node: Record<string, (...args: never[]) => unknown>;
    readonly stream: Record<string, (...args: never[]) => unknown>;
  };
}

interface EmscriptenModule {
  readonly FS: EmscriptenFiles;
  /** Changes with every growth of the memory. */
  readonly HEAPU8: Uint8Array;
  readonly _sbrk: (increment: number) => number;
  /** Lets go of a Python object when JavaScript has forgotten it. */
  finalizationRegistry: { register(): void; unregister(): void };
  /** The table of JavaScript objects; it grows as needed. */
  readonly __hiwire_set: (index: number, value: null) => number;
  readonly __hiwire_immortal_add: (text: string) => void;
}

interface EmscriptenSettings {
  preRun: ((module: EmscriptenModule & StdlibHooks) => unknown)[];
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void): object;
}

/** What Pyodide's own installer of the library uses, and ours in its place. */
interface StdlibHooks {
  readonly API: { pyVersionTuple: readonly [number, number, number]; sitePackages: string };
  readonly HEAPU32: Uint32Array;
  readonly _Py_Version: number;
}

type CreateModule = (settings: EmscriptenSettings) => Promise<EmscriptenModule>;

interface PrivateConfig extends Omit<PyodideConfig, 'createPyodideModule'> {
  createPyodideModule: CreateModule;
  _makeSnapshot?: boolean;
  _loadSnapshot?: Uint8Array;
}

interface PrivateApi extends PyodideAPI {
  readonly _module: EmscriptenModule;
  readonly _api: { serializeHiwireState(): References; getExpectedKeys(): readonly unknown[] };
  makeMemorySnapshot(): Uint8Array;
}

/** Pyodide asks for its parts by address; none of them is there. */
const NOWHERE = 'https://nowhere.invalid/';

/** Pyodide wants a package index; there is none, and no package to load. */
const NO_PACKAGES =
  '{"info":{"abi_version":"2026_0","arch":"wasm32","platform":"emscripten_5_0_3","python":"3.14.2","version":"0"},"packages":{}}';

/** Start Python. Rejects when the snapshot does not fit this runtime: the caller then starts plainly. */
export async function startPython(setup: PythonSetup): Promise<Python> {
  const { runtime, image } = setup;
  const unpacked = image === null ? null : unpack(image);
  const loader: { loadPyodide(config: PrivateConfig): Promise<PrivateApi> } = await import(/* @vite-ignore */ runtime.loaderUrl);
  const machine: { default: CreateModule } = await import(/* @vite-ignore */ runtime.asmUrl);
  const memoryLimit = new MemoryLimit(setup.memoryLimit);
  const inNode = runtime.loaderUrl.startsWith('file:');
  const config: PrivateConfig = {
    // Node's loader finds its own directory, and what it reads there is not used.
    ...(inNode ? {} : { indexURL: NOWHERE }),
    lockFileContents: NO_PACKAGES,
    packageBaseUrl: NOWHERE,
    checkAPIVersion: true,
    jsglobals: javascriptForPython(),
    env: { HOME: '/', PYTHONDONTWRITEBYTECODE: '1' },
    stdin: () => null,
    createPyodideModule: (settings) => createModule(machine.default, settings, setup, unpacked, memoryLimit),
    ...(setup.snapshots ? { _makeSnapshot: true } : {}),
    ...(unpacked ? { _loadSnapshot: unpacked.header } : {}),
  };
  const api = await withoutFetch(inNode, () => loader.loadPyodide(config));
  api.setStdout({ write: (bytes) => report(1, bytes) });
  api.setStderr({ write: (bytes) => report(2, bytes) });
  function report(stream: 1 | 2, bytes: Uint8Array): number {
    setup.output(stream, bytes.slice());
    return bytes.length;
  }
  const { _module: module } = api;
  const origin = image === null || !setup.snapshots ? 0 : fingerprint(module);
  return {
    api,
    files: module.FS,
    restored: unpacked !== null,
    memory: () => ({ size: module.HEAPU8.byteLength, used: module._sbrk(0) >>> 0 }),
    heap: () => module.HEAPU8,
    limitMemory: (bytes) => (memoryLimit.bytes = bytes),
    continueFrom(image) {
      const other = unpack(image);
      if (origin === 0 || other.origin !== origin) return false;
      // Asking for as much as the other one has lets this one's memory grow to its size; the limit may refuse.
      if (other.heapSize > module.HEAPU8.length) module._sbrk(other.heapSize - (module._sbrk(0) >>> 0));
      if (other.heapSize > module.HEAPU8.length) return false;
      const references = referencesIn(other.header);
      if (!references.hiwireKeys.every((key) => key === null)) return false;
      const known = api._api.serializeHiwireState().immortalKeys.length;
      other.restore(module.HEAPU8);
      const reserved = api._api.getExpectedKeys().length;
      for (const index of references.hiwireKeys.keys()) module.__hiwire_set(reserved + index, null);
      for (const name of references.immortalKeys.slice(known)) module.__hiwire_immortal_add(name);
      discard(image);
      return true;
    },
    snapshot: () => {
      const whole = unpacked && headerLike(unpacked.header, api._api.serializeHiwireState());
      return whole ? pack(whole, module.HEAPU8, origin) : packWhole(api.makeMemorySnapshot(), origin);
    },
  };
}

/**
 * A number for all that has happened in this Python since its memory was laid: a word of every cache line that it uses.
 * Starting from one base is deterministic, to the byte (measured); this is the proof for the case at hand.
 */
function fingerprint({ HEAPU8: heap, _sbrk }: EmscriptenModule): number {
  const words = new Uint32Array(heap.buffer, 0, (_sbrk(0) >>> 0) >> 2);
  let sum = words.length;
  for (let at = 0; at < words.length; at += 16) sum = (Math.imul(sum, 31) + (words[at] ?? 0)) | 0;
  return sum === 0 ? 1 : sum >>> 0;
}

/** Python's `js` module: what Pyodide itself needs of JavaScript, and none of the process's own messages or network. */
function javascriptForPython(): object {
  return { Object, Array, ArrayBuffer, Uint8Array, Map, Set, Error, Promise, JSON, Math, Date, Number, String, Boolean, Symbol };
}

/** Pyodide starts to fetch parts that we bring ourselves; those calls stay unanswered. */
let withoutFetchNow = 0;
let realFetch: typeof fetch;
async function withoutFetch<T>(inNode: boolean, work: () => Promise<T>): Promise<T> {
  if (inNode) return work();
  if (withoutFetchNow++ === 0) {
    realFetch = globalThis.fetch;
    globalThis.fetch = () => new Promise(() => {});
  }
  try {
    return await work();
  } finally {
    if (--withoutFetchNow === 0) globalThis.fetch = realFetch;
  }
}

async function createModule(
  create: CreateModule,
  settings: EmscriptenSettings,
  setup: PythonSetup,
  unpacked: Unpacked | null,
  memoryLimit: MemoryLimit,
): Promise<EmscriptenModule> {
  // The first step of Pyodide's own is the one that fetches the library.
  settings.preRun = [(module) => installLibrary(module, setup.runtime.stdlib), ...settings.preRun.slice(1)];
  const failed = Promise.withResolvers<never>();
  settings.instantiateWasm = (imports, done) => {
    // Marks a JavaScript exception on its way through C, as Pyodide does where WebAssembly has no garbage collection.
    const marker = Symbol('error marker');
    const env = imports['env'];
    if (env) Object.assign(env, { Jsv_GetError_import: () => marker, JsvError_Check: (value: unknown) => value === marker });
    const instantiated = WebAssembly.instantiate(setup.runtime.wasm, imports).then((instance) => {
      const memory = instance.exports['memory'];
      if (!(memory instanceof WebAssembly.Memory)) throw new Error('Pyodide exports no memory');
      const missing = (unpacked?.heapSize ?? 0) - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / WASM_PAGE));
      memoryLimit.guard(memory);
      done(instance, setup.runtime.wasm);
    });
    instantiated.catch(failed.reject);
    return {};
  };
  // Emscripten itself would wait for ever for an instance that cannot be made, for want of memory for example.
  const module = await Promise.race([create(settings), failed.promise]);
  // What JavaScript forgets, Python keeps: it is little, and to let go of it at any moment would break a process that is being ended
  // while it prints (Python holds no lock then), and no two starts would be alike.
  module.finalizationRegistry = { register() {}, unregister() {} };
  unpacked?.restore(module.HEAPU8);
  if (setup.image !== null && setup.ownImage) discard(setup.image);
  return module;
}

/** Give the bytes of an array back now: the host keeps naming it as long as the process lives. */
function discard(bytes: Uint8Array): void {
  if (bytes.buffer instanceof ArrayBuffer) structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
}

const WASM_PAGE = 65536;

/** Makes memory refuse to grow beyond a limit, as RLIMIT_AS does: malloc fails and Python raises MemoryError. */
class MemoryLimit {
  bytes: number;

  constructor(bytes: number) {
    this.bytes = bytes;
  }

  guard(memory: WebAssembly.Memory): void {
    const grow = memory.grow.bind(memory);
    memory.grow = (pages) => {
      if (memory.buffer.byteLength + pages * WASM_PAGE > this.bytes) throw new RangeError('memory limit reached');
      return grow(pages);
    };
  }
}

function installLibrary(module: EmscriptenModule & StdlibHooks, library: Uint8Array): void {
  const version = module.HEAPU32[module._Py_Version >>> 2] ?? 0;
  const [major, minor, micro] = [version >>> 24, (version >>> 16) & 0xff, (version >>> 8) & 0xff];
  module.API.pyVersionTuple = [major, minor, micro];
  module.API.sitePackages = `/lib/python${major}.${minor}/site-packages`;
  module.FS.mkdirTree(module.API.sitePackages);
  // Empty, but CPython warns at start-up when it is not there.
  module.FS.mkdirTree(`/lib/python${major}.${minor}/lib-dynload`);
  module.FS.writeFile(`/lib/python${major}${minor}.zip`, library, { canOwn: true });
}
