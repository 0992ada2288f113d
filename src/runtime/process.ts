/** The page's handle on a process of the sandbox: its output in order, its input, its end. */
import type { Proc } from './runtime.ts';

export interface InputOf {
  write(text: string): void;
  end(): void;
  endOfFile(): void;
}

type Listener = Parameters<Proc['onOutput']>[0];
type Exit = Awaited<Proc['exited']>;

export class EngineProcess implements Proc {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  #input: InputOf;
  #listener: Listener | null = null;
  #early: [string, 'stdout' | 'stderr'][] = [];
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
    if (text === '') return;
    if (this.#listener === null) this.#early.push([text, name]);
    else this.#listener(text, name);
  }

  finish(exit: Exit): void {
    this.#resolve(exit);
  }
}
