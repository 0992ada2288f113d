/** The visitor: sends requests from the sandbox's browser and keeps the last of them with their answers. */
import { orAborted } from '../runtime/or-aborted.ts';
import type { HttpResponse, Runtime } from '../runtime/runtime.ts';
import { completeUrl, type Exchange, type Purpose } from './answer.ts';
import { reasonOf } from './failure.ts';
import { Reactive } from './reactive.ts';

/** Longer than nginx waits for a worker (60 s), so that its 504 arrives. */
export const ANSWER_MS = 75_000;
const KEPT_EXCHANGES = 60;

export interface Sending {
  readonly method?: string;
  readonly body?: string;
  /** Of the body; without it, it is that of a form. */
  readonly contentType?: string;
  /** What a page in the browser wants with it. */
  readonly purpose?: Purpose;
  /** Fingerprint of a certificate that is taken though it is not trusted. */
  readonly accept?: string | undefined;
  /** Gives it up. */
  readonly signal?: AbortSignal;
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
  #began = 0;

  /** Newest first. */
  get exchanges(): readonly Exchange[] {
    this.#state.read();
    return this.#exchanges;
  }

  /** Never throws: that no answer came is an answer too. */
  async send(runtime: Pick<Runtime, 'request'>, url: string, how: Sending, closed: AbortSignal): Promise<HttpResponse> {
    const { method = 'GET', body, purpose = 'request', accept, signal: given } = how;
    const address = completeUrl(url) ?? url;
    const cancel = new AbortController();
    const id = this.#nextId++;
    const at = performance.now();
    const exchange: Exchange = {
      id,
      method,
      url: address,
      purpose,
      at,
      began: this.#begin(at),
      response: null,
      cancel: () => cancel.abort(new Error('cancelled')),
    };
    this.#set([exchange, ...this.#exchanges].slice(0, KEPT_EXCHANGES));
    this.listener?.sent();
    const signal = AbortSignal.any([cancel.signal, closed, AbortSignal.timeout(ANSWER_MS), ...(given ? [given] : [])]);
    const headers = body === undefined ? {} : { 'Content-Type': how.contentType ?? 'application/x-www-form-urlencoded' };
    const command = { method, url: address, headers, ...(body === undefined ? {} : { body }), ...(accept === undefined ? {} : { accept }) };
    const response = await orAborted(runtime.request(command, signal), signal).catch((error: unknown) => ({
      status: 0,
      statusText: '',
      headers: [],
      body: new Uint8Array(),
      conn: '',
      n: 0,
      ms: performance.now() - at,
      failed: reasonOf(signal.aborted ? signal.reason : error),
    }));
    this.#set(this.#exchanges.map((one) => (one.id === id ? { ...one, response } : one)));
    this.listener?.answered(response);
    return response;
  }

  /** What is sent while others are under way belongs to them: their times are drawn on one scale. */
  #begin(at: number): number {
    if (!this.#exchanges.some(({ response }) => response === null) && !this.#soonAfter(at)) this.#began = at;
    return this.#began;
  }

  /** A page asks for its parts a moment after it has come. */
  #soonAfter(at: number): boolean {
    const [last] = this.#exchanges;
    return last !== undefined && last.purpose !== 'request' && last.response !== null && at - (last.at + last.response.ms) < TOGETHER_MS;
  }

  #set(exchanges: readonly Exchange[]): void {
    this.#exchanges = exchanges;
    this.#state.changed();
  }
}

/** A page's parts are asked for so soon after it has come, in milliseconds. */
const TOGETHER_MS = 120;
