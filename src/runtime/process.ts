/** The page's handle on a process of the sandbox: its output in order, its input, its end. */
import type { Proc } from './runtime.ts';

export interface InputOf {
  write(text: string): void;
  end(): void;
  endOfFile(): void;
  /** So many bytes more of the output have been dealt with. */
  heard(bytes: number): void;
}

/** Bytes of output between two words about it. */
const HEARD_BYTES = 32 * 1024;
/** Characters that are kept while nobody listens; what came first is dropped then. */
const MOST_EARLY = 1024 * 1024;

type Listener = Parameters<Proc['onOutput']>[0];
type Exit = Awaited<Proc['exited']>;

export class EngineProcess implements Proc {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  #input: InputOf;
  #listener: Listener | null = null;
  #early: [string, 'stdout' | 'stderr'][] = [];
  #earlyLength = 0;
  #unheard = 0;
  #decoders = { 1: new TextDecoder(), 2: new TextDecoder() };
  #resolve: (exit: Exit) => void;

  constructor(pid: number, input: InputOf) {
    this.pid = pid;
    this.#input = input;
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    this.#resolve = resolve;
  }

  onOutput(listener: Listener): void {
    this.#listener = listener;
    this.#earlyLength = 0;
    for (const [text, stream] of this.#early.splice(0)) void listener(text, stream);
  }

  write(text: string): void {
    this.#input.write(text);
  }

  end(): void {
    this.#input.end();
  }

  endOfFile(): void {
    this.#input.endOfFile();
  }

  /** Called by the runtime with what the process wrote. A character split between two chunks stays whole. */
  output(data: Uint8Array, stream: 1 | 2): void {
    const text = this.#decoders[stream].decode(data, { stream: true });
    const name = stream === 1 ? 'stdout' : 'stderr';
    const done = text === '' ? undefined : this.#listener === null ? this.#keep(text, name) : this.#listener(text, name);
    if (done instanceof Promise) void done.finally(() => this.#heard(data.length));
    else this.#heard(data.length);
  }

  #keep(text: string, name: 'stdout' | 'stderr'): void {
    this.#early.push([text, name]);
    this.#earlyLength += text.length;
    while (this.#earlyLength > MOST_EARLY && this.#early.length > 1) this.#earlyLength -= this.#early.shift()?.[0].length ?? 0;
  }

  #heard(bytes: number): void {
    this.#unheard += bytes;
    if (this.#unheard < HEARD_BYTES) return;
    const heard = this.#unheard;
    this.#unheard = 0;
    // Not at once: what the learner does comes before more output.
    setTimeout(() => this.#input.heard(heard));
  }

  finish(exit: Exit): void {
    this.#resolve(exit);
  }
}
