/** The engine inside a container, seen from the page: calls go in as short lines, everything comes out of its terminal. */
import type { FileSystemAPI, WebContainerProcess } from '@webcontainer/api';
import { eventsOf } from '../../../sandboxes/host/trace-lines.ts';
import {
  type ContainerCall,
  type ContainerCalls,
  FrameReader,
  type FromContainer,
  LINE_LIMIT,
  toAscii,
} from '../../../sandboxes/host/webcontainer/lines.ts';
import { CLOSED, type Engine, type EngineNotice } from '../engine-runtime.ts';
import { WebContainerError } from './error.ts';
import { SPOOL } from './layout.ts';

interface Waiting {
  resolve(value: never): void;
  reject(error: Error): void;
}

export class ContainerEngine implements Engine {
  #process: WebContainerProcess;
  #spool: Pick<FileSystemAPI, 'writeFile'>;
  #input: WritableStreamDefaultWriter<string>;
  #onNotice: (notice: EngineNotice) => void;
  #frames = new FrameReader();
  #ready = Promise.withResolvers<void>();
  #calls = new Map<number, Waiting>();
  #next = 1;
  #files = 1;
  #queue: ContainerCall[] = [];
  /** A line is on its way and has not been heard yet. */
  #sending = false;
  #closed = false;

  constructor(process: WebContainerProcess, spool: Pick<FileSystemAPI, 'writeFile'>, onNotice: (notice: EngineNotice) => void) {
    this.#process = process;
    this.#spool = spool;
    this.#onNotice = onNotice;
    this.#input = process.input.getWriter();
    this.#ready.promise.catch(() => {});
    void this.#listen();
    // Not the end of the output: that may never come.
    void process.exit.then((code) => this.#broke(`The engine in the WebContainer ended (exit code ${code}).`));
  }

  /** Resolves when the engine takes calls. Errors: WebContainerError `not-listening`, the signal's reason. */
  async ready(within: number, signal: AbortSignal | undefined): Promise<void> {
    const late = (): void =>
      this.#ready.reject(
        new WebContainerError('not-listening', this.#said(`The engine in the WebContainer was not ready within ${within / 1000} seconds.`)),
      );
    const timer = setTimeout(late, within);
    const abort = (): void => this.#ready.reject(signal?.reason);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    try {
      await this.#ready.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  call<K extends keyof ContainerCalls>(name: K, args: ContainerCalls[K][0]): Promise<ContainerCalls[K][1]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error(CLOSED));
        return;
      }
      const id = this.#next++;
      this.#calls.set(id, { resolve, reject });
      this.#queue.push({ id, name, args } as ContainerCall);
      void this.#send();
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#end(CLOSED);
    this.#process.kill();
  }

  /** One line at a time: what the terminal cannot keep until it is read would be lost. What comes meanwhile goes together. */
  async #send(): Promise<void> {
    if (this.#sending || this.#closed || this.#queue.length === 0) return;
    this.#sending = true;
    try {
      let line = toAscii(this.#queue.splice(0));
      if (line.length > LINE_LIMIT) {
        const name = `${this.#files++}.json`;
        await this.#spool.writeFile(`${SPOOL}/${name}`, line);
        line = `@${name}`;
      }
      await this.#input.write(`${line}\n`);
    } catch (error) {
      this.#broke(`The WebContainer takes no more commands: ${error instanceof Error ? error.message : error}`);
    }
  }

  async #listen(): Promise<void> {
    const reader = this.#process.output.getReader();
    try {
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        for (const message of this.#frames.push(chunk.value)) this.#hear(message);
      }
    } catch (error) {
      this.#broke(`The WebContainer's output was damaged: ${error instanceof Error ? error.message : error}`);
    }
  }

  #hear(message: FromContainer): void {
    switch (message.op) {
      case 'ready':
        this.#ready.resolve();
        return;
      case 'heard':
        this.#sending = false;
        void this.#send();
        return;
      case 'reply':
      case 'error': {
        const call = this.#calls.get(message.id);
        this.#calls.delete(message.id);
        if (message.op === 'reply') call?.resolve(message.value as never);
        else call?.reject(new Error(message.message));
        return;
      }
      default:
        if (this.#closed) return;
        try {
          this.#onNotice(message.op === 'trace' ? { op: 'trace', events: eventsOf(message.lines) } : message);
        } catch (error) {
          // A fault of one listener must not cost the messages after it.
          reportError(error);
        }
    }
  }

  #broke(why: string): void {
    if (this.#closed) return;
    const reason = this.#said(why);
    this.#end(reason);
    this.#ready.reject(new WebContainerError('not-listening', reason));
    this.#onNotice({ op: 'fault', message: reason });
  }

  #end(reason: string): void {
    this.#closed = true;
    this.#queue = [];
    for (const call of this.#calls.values()) call.reject(new Error(reason));
    this.#calls.clear();
  }

  /** With the last line that Node itself printed, when it did. */
  #said(why: string): string {
    const last = this.#frames.noise.trim().split('\n').at(-1)?.trim();
    return last ? `${why} It said: ${last}` : why;
  }
}
