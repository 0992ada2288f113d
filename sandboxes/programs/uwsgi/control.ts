/**
 * What the real uWSGI keeps in memory that master and workers share, told over the worker's standard input and output:
 * counters, what a worker is busy with, and that it shall stop when it is idle. A worker's log goes this way too: the
 * master alone knows which number a completed request has in the instance, and lines keep their order.
 */
import type { Host, PipeReader, PipeWriter } from '../../host/host.ts';
import { type Entry, numbered, type Output } from './log.ts';
import type { Tally } from './tally.ts';

/** From a worker. */
export type FromWorker =
  | {
      readonly say: 'busy';
      /** Requests that its app has begun, this one included, over all lives. */
      readonly begun: number;
      readonly since: number;
      readonly address: string;
      readonly method: string;
      readonly uri: string;
      /** The request's variables, as `NAME=value`, when there is a stats server to show them. */
      readonly vars: readonly string[];
    }
  | { readonly say: 'done'; readonly tally: Tally }
  | { readonly say: 'log'; readonly entries: readonly Entry[] }
  /** Its Python is up. */
  | { readonly say: 'python' }
  /** It has what it needs to serve. `appStartup`: seconds that the import of its own took. */
  | { readonly say: 'up'; readonly appStartup: number | null }
  /** It has done enough and ends. */
  | { readonly say: 'leaving' }
  /** How much memory it has, in bytes. */
  | { readonly say: 'memory'; readonly bytes: number };

/** To a worker: finish and go. */
export type ToWorker = { readonly finish: true };

/** How long finished requests wait to be told when one was told just now, ms. */
const TELL_AFTER = 100;

/** A worker's end. */
export class WorkerControl {
  #host: Host;
  #orphan = false;
  #lingering = false;
  /** When there is something to tell about requests that are over. */
  #tally: Tally | null = null;
  #entries: Entry[] = [];
  #writeAlone: (...entries: readonly Entry[]) => void;

  /** Starts to listen. `onEnd` is called when the master is gone; requests are then numbered from `total` on, and the log goes to `output`. */
  constructor(host: Host, total: number, output: Output, onMessage: (message: ToWorker) => void, onEnd: () => void) {
    this.#host = host;
    this.#writeAlone = numbered(host, total, output);
    const read = { read: () => host.readInput() };
    void lines<ToWorker>(read, onMessage).then(() => {
      this.#orphan = true;
      onEnd();
    });
  }

  /** The app is busy with a request that takes long, or is about to end the process. */
  busy(message: FromWorker & { say: 'busy' }): void {
    this.tell(message);
  }

  /** A request is over. `atOnce` when somebody may look. */
  done(tally: Tally, atOnce: boolean): void {
    this.#tally = tally;
    if (atOnce) this.tell();
    else this.#tellSoon();
  }

  /** Something for the log. What the app writes goes at once: the next thing it does may take long. */
  log(entry: Entry): void {
    this.#entries.push(entry);
    if (typeof entry === 'string') this.tell();
    else this.#tellSoon();
  }

  /** Tell what there is now, and then `more`. */
  tell(more: FromWorker | null = null): void {
    const messages: FromWorker[] = [];
    const entries = this.#entries;
    if (this.#tally !== null) messages.push({ say: 'done', tally: this.#tally });
    if (entries.length > 0) messages.push({ say: 'log', entries });
    if (more !== null) messages.push(more);
    this.#tally = null;
    this.#entries = [];
    if (this.#orphan) this.#writeAlone(...entries);
    else if (messages.length > 0) {
      const text = messages.map((message) => `${JSON.stringify(message)}\n`).join('');
      void this.#host.print(text).catch(() => this.#writeAlone(...entries));
    }
  }

  /** At once, and then a moment later, so that a thousand requests a second are not a thousand messages. */
  #tellSoon(): void {
    if (this.#lingering) return;
    this.#lingering = true;
    void Promise.resolve().then(async () => {
      this.tell();
      await this.#host.sleep(TELL_AFTER);
      this.#lingering = false;
      if (this.#tally !== null || this.#entries.length > 0) this.#tellSoon();
    });
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
