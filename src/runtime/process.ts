/** The page's handle on a process of the sandbox: its output in order, its input, its end. */
import type { Proc } from './runtime.ts';

export interface InputOf {
  write(text: string): void;
  end(): void;
  endOfFile(): void;
  /** So many bytes of its output have been read. */
  taken(bytes: number): void;
}

type Listener = Parameters<Proc['onOutput']>[0];
/** Bytes that are worth a message. */
const TELL_AFTER = 32 * 1024;

type Exit = Awaited<Proc['exited']>;

export class EngineProcess implements Proc {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  #input: InputOf;
  #listener: Listener | null = null;
  #early: [string, 'stdout' | 'stderr'][] = [];
  #decoders = { 1: new TextDecoder(), 2: new TextDecoder() };
  #resolve: (exit: Exit) => void;
  /** Bytes that were read and the engine has not been told of. */
  #untold = 0;

  constructor(pid: number, input: InputOf) {
    this.pid = pid;
    this.#input = input;
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    this.#resolve = resolve;
  }

  onOutput(listener: Listener): void {
    this.#listener = listener;
    for (const [text, stream] of this.#early.splice(0)) listener(text, stream);
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
    const taken = text === '' ? null : this.#listener?.(text, name);
    if (text !== '' && this.#listener === null) this.#early.push([text, name]);
    if (taken instanceof Promise) void taken.finally(() => this.#taken(data.length));
    else this.#taken(data.length);
  }

  #taken(bytes: number): void {
    this.#untold += bytes;
    if (this.#untold < TELL_AFTER) return;
    this.#input.taken(this.#untold);
    this.#untold = 0;
  }

  finish(exit: Exit): void {
    this.#resolve(exit);
  }
}
