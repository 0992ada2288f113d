/**
 * Python for the sandbox's processes. The base, the memory of a Python that has just started, comes from an earlier visit or
 * is made once by a worker of its own, before there is any learner's code. From it spare workers get ready ahead of the
 * processes that will want a Python: while one core loads the web app, another has its workers' Pythons up.
 */
import type { PythonRuntime } from '../host.ts';
import type { Start } from '../wire.ts';
import { isSpareReport, type ProcessBoot, type SpareReport, type Up } from './channel.ts';
import type { PythonFiles } from './protocol.ts';

/** A worker, and the kernel's end of its port. */
export interface Room {
  readonly worker: Worker;
  readonly port: MessagePort;
}

/** Before anything has started: for a master and its first worker. */
const FIRST = 2;
/** Spares are for a start, not for keeps (each takes 50 MB): so long after the last one was taken they end. */
const IDLE_MS = 10_000;

const blobUrl = (content: Uint8Array): string => URL.createObjectURL(new Blob([content as BlobPart], { type: 'text/javascript' }));

/** Ends a worker. A terminated one that is busy lives on for a while in some browsers: stop listening to it first. */
export function close({ worker, port }: Room): void {
  port.onmessage = null;
  port.close();
  worker.terminate();
}

export class PythonSupply {
  #open: (name: string, as: ProcessBoot) => Room;
  #module: string;
  /** Programs that want a Python, with the starts that each makes likely: a guess that costs little either way. */
  #users: ReadonlyMap<string, number>;
  #tellBase: (base: Uint8Array | null) => void;
  #wasm = Promise.withResolvers<WebAssembly.Module>();
  #runtime = Promise.withResolvers<PythonRuntime | null>();
  /** What spares start from, once it is there. */
  #source: PythonRuntime | null = null;
  #spares: Room[] = [];
  /** Those that have not reported yet, taken or not. */
  #making = new Set<Room>();
  #wanted = FIRST;
  /** So many spares wait at most; one less get ready at a time. */
  #cores: number;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /** `tellBase` hears a new base to keep for later visits; or null: the one that was given does not work. */
  constructor(options: {
    readonly module: string;
    readonly users: ReadonlyMap<string, number>;
    readonly open: (name: string, boot: ProcessBoot) => Room;
    readonly tellBase: (base: Uint8Array | null) => void;
    readonly cores: number;
  }) {
    this.#cores = Math.max(2, Math.min(4, options.cores));
    this.#module = options.module;
    this.#users = options.users;
    this.#open = options.open;
    this.#tellBase = options.tellBase;
  }

  /** Compiles the WebAssembly while the other files are still on their way. */
  compile(wasm: Uint8Array): void {
    this.#wasm.resolve(WebAssembly.compile(wasm as BufferSource));
  }

  /** The runtime, as soon as there is a base for it; null when its files were broken. */
  get runtime(): Promise<PythonRuntime | null> {
    return this.#runtime.promise;
  }

  /** Takes the files. Errors: the WebAssembly does not compile. */
  async give({ loader, asm, stdlib, base }: PythonFiles): Promise<void> {
    try {
      const wasm = await this.#wasm.promise;
      const runtime = { loaderUrl: blobUrl(loader), asmUrl: blobUrl(asm), wasm, stdlib, base };
      if (base === null) this.#makeBase(runtime);
      else this.#begin(runtime);
    } catch (error) {
      this.#runtime.resolve(null);
      throw error;
    }
  }

  /** A worker for the process, ready or nearly, or null. It is the caller's from here on, but for its report. */
  take(start: Start): Room | null {
    const likely = this.#users.get(start.program);
    if (likely === undefined) return null;
    if (start.image === null && likely > 0) this.#wanted = likely;
    else this.#wanted = Math.max(0, this.#wanted - 1);
    const spare = this.#spares.shift() ?? null;
    this.#fill();
    return spare;
  }

  /** The first word of a spare; any other is not believed. */
  heard(room: Room, { spare }: SpareReport): void {
    if (!this.#making.delete(room)) return;
    if (spare === 'unfit') this.#distrustBase();
    // Where one failed, for want of memory, the next would, too.
    if (spare === null) this.#wanted = 0;
    this.#fill();
  }

  /** A worker that had been taken is no more: if it had not reported it never will. */
  gone(room: Room): void {
    if (this.#making.delete(room)) this.#fill();
  }

  #makeBase(runtime: PythonRuntime): void {
    const maker = this.#open('python', { module: this.#module, as: 'spare', python: runtime });
    const done = (base: Uint8Array | null): void => {
      close(maker);
      if (base !== null) this.#tellBase(base);
      this.#begin({ ...runtime, base });
    };
    maker.port.onmessage = ({ data }: MessageEvent<SpareReport>): void => done(data.spare instanceof Uint8Array ? data.spare : null);
    maker.worker.onerror = (): void => done(null);
  }

  #begin(runtime: PythonRuntime): void {
    this.#runtime.resolve(runtime);
    if (runtime.base !== null) this.#source = runtime;
    this.#fill();
  }

  #fill(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      // whoever is started later, in the place of one that died, comes alone
      this.#wanted = 0;
      this.#endSpares();
    }, IDLE_MS);
    if (this.#source === null) return;
    // One core stays free: the master, and after it its first worker, is what the learner waits for.
    while (this.#making.size < this.#cores - 1 && this.#spares.length < Math.min(this.#cores, this.#wanted)) {
      const room = this.#open('python', { module: this.#module, as: 'spare', python: this.#source });
      room.port.onmessage = ({ data }: MessageEvent<Up>): void => {
        if (isSpareReport(data)) this.heard(room, data);
      };
      room.worker.onerror = (): void => {
        this.#spares = this.#spares.filter((spare) => spare !== room);
        this.heard(room, { spare: null });
        close(room);
      };
      this.#making.add(room);
      this.#spares.push(room);
    }
  }

  /** The page's snapshot does not fit this browser any more. Processes that start find out, too, and start plainly. */
  #distrustBase(): void {
    if (this.#source === null) return;
    this.#source = null;
    this.#tellBase(null);
    this.#endSpares();
  }

  #endSpares(): void {
    for (const spare of this.#spares.splice(0)) {
      this.#making.delete(spare);
      close(spare);
    }
  }
}
