/** A pipe between processes, kept by the kernel: for standard input and output. A full pipe makes its writer wait. */
import { SystemError } from './host.ts';

const CAPACITY = 64 * 1024;

interface Reader {
  readonly pid: number;
  readonly resolve: (bytes: Uint8Array | null) => void;
}

export class Pipe {
  /** Null stands for one end of file, typed at a terminal. */
  #chunks: (Uint8Array | null)[] = [];
  #size = 0;
  #writers = 0;
  #readers: Reader[] = [];
  /** Those that are stopped: what comes is not for them. */
  #suspended: Reader[] = [];
  #blocked: { resolve: () => void; reject: (error: SystemError) => void }[] = [];
  #readerGone = false;
  /** Whether it is what somebody types, not a program's output or a file. */
  readonly terminal: boolean;
  /** Called when someone waits for bytes and there are none: a source that is not read before it is needed. */
  onWanted: () => void = () => {};

  constructor(terminal = false) {
    this.terminal = terminal;
  }

  addWriter(): void {
    this.#writers++;
  }

  dropWriter(): void {
    if (this.#writers === 0) return;
    this.#writers--;
    if (this.#writers === 0) for (const reader of this.#readers.splice(0)) reader.resolve(null);
  }

  /** Nobody will read any more: writers get EPIPE. */
  dropReader(): void {
    this.#readerGone = true;
    for (const writer of this.#blocked.splice(0)) writer.reject(new SystemError('EPIPE', 'write()'));
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#readerGone) throw new SystemError('EPIPE', 'write()');
    const reader = this.#readers.shift();
    if (reader !== undefined) {
      reader.resolve(bytes);
      return;
    }
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= CAPACITY) await new Promise<void>((resolve, reject) => this.#blocked.push({ resolve, reject }));
  }

  /** Ctrl-D at a terminal: whoever reads next is told that there is no more, and what is typed afterwards is for the one after. */
  endOfFile(): void {
    const reader = this.#readers.shift();
    if (reader !== undefined) reader.resolve(null);
    else this.#chunks.push(null);
  }

  /** `pid` reads: if it dies meanwhile, `forget` leaves the bytes to the next reader. */
  read(pid: number): Promise<Uint8Array | null> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#size -= chunk?.length ?? 0;
      if (this.#size < CAPACITY) for (const writer of this.#blocked.splice(0)) writer.resolve();
      return Promise.resolve(chunk);
    }
    if (this.#writers === 0) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#readers.push({ pid, resolve });
      this.onWanted();
    });
  }

  forget(pid: number): void {
    this.#readers = this.#readers.filter((reader) => reader.pid !== pid);
    this.#suspended = this.#suspended.filter((reader) => reader.pid !== pid);
  }

  /** `pid` was stopped: what it waits for goes to others. */
  suspend(pid: number): void {
    this.#suspended.push(...this.#readers.filter((reader) => reader.pid === pid));
    this.#readers = this.#readers.filter((reader) => reader.pid !== pid);
  }

  /** `pid` goes on, and waits again. */
  resume(pid: number): void {
    const again = this.#suspended.filter((reader) => reader.pid === pid);
    this.#suspended = this.#suspended.filter((reader) => reader.pid !== pid);
    for (const { resolve } of again) void this.read(pid).then(resolve);
  }
}
