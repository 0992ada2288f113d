/** The visitor: sends requests from the sandbox's browser and keeps the last of them with their answers. */
import { orAborted } from '../runtime/or-aborted.ts';
import type { HttpResponse, Runtime } from '../runtime/runtime.ts';
import { completeUrl, type Exchange } from './answer.ts';
import { reasonOf } from './failure.ts';
import { Reactive } from './reactive.ts';

/** Longer than nginx waits for a worker (60 s), so that its 504 arrives. */
export const ANSWER_MS = 75_000;
const KEPT_EXCHANGES = 60;

export interface Sending {
  readonly method?: string;
  readonly body?: string;
}

export interface VisitorEvents {
  readonly sent: () => void;
  readonly answered: (response: HttpResponse) => void;
}

export class Visitor {
  /** Hears of every request and every answer, also of those that are no longer kept. */
  listener: VisitorEvents | null = null;
  readonly #state = new Reactive();
  #exchanges: readonly Exchange[] = [];
  #nextId = 1;

  /** Newest first. */
  get exchanges(): readonly Exchange[] {
    this.#state.read();
    return this.#exchanges;
  }

  /** Never throws: that no answer came is an answer too. */
  async send(runtime: Pick<Runtime, 'request'>, url: string, { method = 'GET', body }: Sending, closed: AbortSignal): Promise<void> {
    const address = completeUrl(url) ?? url;
    const cancel = new AbortController();
    const id = this.#nextId++;
    const exchange: Exchange = { id, method, url: address, response: null, cancel: () => cancel.abort(new Error('cancelled')) };
    this.#set([exchange, ...this.#exchanges].slice(0, KEPT_EXCHANGES));
    this.listener?.sent();
    const signal = AbortSignal.any([cancel.signal, closed, AbortSignal.timeout(ANSWER_MS)]);
    const headers = body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
    const began = performance.now();
    const request = runtime.request({ method, url: address, headers, ...(body === undefined ? {} : { body }) }, signal);
    const response = await orAborted(request, signal).catch((error: unknown) => ({
      status: 0,
      statusText: '',
      headers: [],
      body: new Uint8Array(),
      conn: '',
      n: 0,
      ms: performance.now() - began,
      failed: reasonOf(signal.aborted ? signal.reason : error),
    }));
    this.#set(this.#exchanges.map((one) => (one.id === id ? { ...one, response } : one)));
    this.listener?.answered(response);
  }

  #set(exchanges: readonly Exchange[]): void {
    this.#exchanges = exchanges;
    this.#state.changed();
  }
}
