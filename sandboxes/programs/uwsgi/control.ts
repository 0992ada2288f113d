/**
 * What the real uWSGI keeps in memory that master and workers share, told over the worker's standard input and output:
 * counters, what a worker is busy with, and that it shall stop when it is idle.
 */
import type { Host, PipeReader, PipeWriter } from '../../host/host.ts';

/** From a worker. `requests` counts those that its app has begun, over all lives; `completed` those done since the last word. */
export type FromWorker =
  | {
      readonly say: 'busy';
      readonly requests: number;
      readonly since: number;
      readonly address: string;
      readonly method: string;
      readonly uri: string;
    }
  | { readonly say: 'done'; readonly requests: number; readonly completed: number };

/** To a worker: requests of the whole instance so far; finish and go. */
export type ToWorker = { readonly total: number } | { readonly finish: true };

/** How long finished requests wait to be told, ms. */
const TELL_AFTER = 10;

/** A worker's end. */
export class WorkerControl {
  #host: Host;
  #orphan = false;
  #completed = 0;
  #requests = 0;

  /** Starts to listen. `onEnd` is called when the master is gone. */
  constructor(host: Host, onMessage: (message: ToWorker) => void, onEnd: () => void) {
    this.#host = host;
    const read = { read: () => host.readInput() };
    void lines<ToWorker>(read, onMessage).then(() => {
      this.#orphan = true;
      onEnd();
    });
  }

  /** The app is busy with a request that takes long, or is about to end the process. */
  busy(message: FromWorker & { say: 'busy' }): void {
    this.#tellDone();
    this.#send(message);
  }

  /** A request is over. Told a moment later, so that a thousand requests a second are not a thousand messages. */
  done(requests: number): void {
    this.#requests = requests;
    if (this.#completed++ === 0) void this.#host.sleep(TELL_AFTER).then(() => this.#tellDone());
  }

  #tellDone(): void {
    if (this.#completed > 0) this.#send({ say: 'done', requests: this.#requests, completed: this.#completed });
    this.#completed = 0;
  }

  #send(message: FromWorker): void {
    // A master that is gone does not want to know.
    if (!this.#orphan) void this.#host.print(`${JSON.stringify(message)}\n`).catch(() => {});
  }
}

/** The master's end. */
export function sendTo(worker: PipeWriter, message: ToWorker): void {
  // A worker that has died is noticed elsewhere.
  void worker.write(`${JSON.stringify(message)}\n`).catch(() => {});
}

/** Messages, one a line, until the other end is gone. */
export async function lines<M>(from: PipeReader, onMessage: (message: M) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for (let bytes = await from.read(); bytes !== null; bytes = await from.read()) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) onMessage(JSON.parse(part) as M);
  }
}
