/**
 * One connection from a client: reads requests, has them answered, writes answers, keeps the connection or lets it go.
 */

import type { EventData, EventType } from '../../host/events.ts';
import { type Connection, type Host, isSystemError } from '../../host/host.ts';
import { byteText } from '../http/bytes.ts';
import { hasToken, header } from '../http/head.ts';
import { BadChunk, Body, CutShort, type Framing, Reader } from '../http/reader.ts';
import type { Agreed } from '../tls/connection.ts';
import { check, contentLengthOf, fits } from './checks.ts';
import type { Limits } from './config/model.ts';
import { dispatch, refuse } from './dispatch.ts';
import { type HeadResult, type HeadSoFar, hostName, type Problem, parseRequestHead } from './head.ts';
import { Request } from './request.ts';
import type { Virtual } from './router.ts';
import { PLAIN_HTTP, type Secured } from './secure.ts';
import type { Target } from './uri.ts';
import type { Worker } from './worker.ts';

/** Enough for almost every head: more is looked at when this was too little. */
const FIRST_LOOK = 4096;
const NO_TARGET: Target = { uri: '', args: '', raw: '', quoted: false };
/** Events of a request carry its key themselves. */
type Rest<T extends EventType> = Omit<EventData<T>, 'conn' | 'n'>;
type RequestEvent = Extract<EventType, `nginx.${string}`>;

export class Client {
  readonly worker: Worker;
  readonly host: Host;
  readonly connection: Connection;
  /** Counts the connections of this worker, as `*1` in the error log. */
  readonly number: number;
  /** The client has closed its end. */
  gone = false;
  /** Called when that happens. */
  onGone: (() => void) | null = null;
  /** Between two requests: a worker that is shutting down may close it. A new connection is not: its request is on the way. */
  idle = false;
  readonly #reader: Reader;
  readonly #virtual: Virtual;
  readonly #begun: number;
  #requests = 0;
  #closed = false;
  /** A time limit has ended it. */
  timedOut = false;

  /** What was agreed on in TLS; null on a plain connection. */
  readonly tls: Agreed | null;
  readonly #secured: Secured | null;

  /** `secured`: the connection as it came to a port for TLS. */
  constructor(worker: Worker, connection: Connection, number: number, secured: Secured | null = null) {
    this.worker = worker;
    this.host = worker.host;
    this.connection = connection;
    this.tls = secured?.tls ?? null;
    this.#secured = secured;
    this.number = number;
    this.#begun = worker.host.now();
    this.#reader = new Reader(connection);
    this.#virtual = worker.router.virtual(connection.address);
    connection.onPeerClosed(() => {
      this.gone = true;
      this.onGone?.();
    });
  }

  /** The client's port. The sandbox's kernel has none for clients: one is made from the connection's name. */
  get remotePort(): number {
    let hash = 0;
    for (const ch of this.connection.id) hash = (hash * 31 + (ch.codePointAt(0) ?? 0)) >>> 0;
    return 32768 + (hash % 28232);
  }

  /** Milliseconds since it was accepted. */
  elapsed(): number {
    return this.host.now() - this.#begun;
  }

  /** Serve the connection to its end. */
  async serve(): Promise<void> {
    try {
      let limit: number | null = null;
      for (let keep = true; keep; ) {
        const outcome = await this.#next(limit);
        keep = outcome?.keepAlive === true && !this.gone;
        if (outcome) limit = outcome.settings.keepaliveTimeout;
        if (outcome && !keep) await this.#linger(outcome);
      }
    } catch (error) {
      // A client that resets or breaks off in the middle of a request ends the connection, not the worker.
      if (!isSystemError(error) && !(error instanceof CutShort) && !(error instanceof BadChunk)) throw error;
    } finally {
      this.close();
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.connection.close();
  }

  /** Write a piece of an answer, within send_timeout. A client that has gone, or takes nothing, is no error here. */
  async write(request: Request, bytes: Uint8Array): Promise<void> {
    const { deadlines } = this.worker;
    const deadline = deadlines.set(request.settings.sendTimeout, () => {
      request.log(
        'info',
        `client timed out (110: Connection timed out) while ${request.upstreamHead ? 'sending' : 'sending response'} to client`,
      );
      this.timedOut = true;
      this.gone = true;
      this.close();
      this.onGone?.();
    });
    try {
      await this.connection.write(bytes);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.gone = true;
    } finally {
      deadlines.cancel(deadline);
    }
  }

  /** Ask for the body that the client holds back (`Expect: 100-continue`), once. */
  async sayContinue(request: Request): Promise<void> {
    if (request.askedToContinue || request.incoming.done) return;
    request.askedToContinue = true;
    if (request.head.minor < 1 || header(request.head.headers, 'expect')?.toLowerCase() !== '100-continue') return;
    request.bytesSent += CONTINUE.length;
    await this.write(request, CONTINUE);
  }

  /** May this connection take another request after this one? */
  mayKeepAlive(request: Request): boolean {
    const { keepaliveTimeout, keepaliveRequests, keepaliveTime } = request.settings;
    return (
      request.keepAlive && keepaliveTimeout > 0 && this.elapsed() < keepaliveTime && request.n < keepaliveRequests && !this.worker.stopping
    );
  }

  event<T extends RequestEvent>(type: T, request: { readonly n: number }, rest: Rest<T>): void {
    // Every nginx event is its rest with the request's key; TypeScript cannot join the two for a generic T.
    this.host.event(type, { conn: this.connection.id, n: request.n, ...rest } as unknown as EventData<T>);
  }

  /** Read and answer one request; null when there is none or the connection is to be closed. */
  async #next(idleLimit: number | null): Promise<Request | null> {
    this.idle = this.#requests > 0;
    const pipelined = this.#reader.hasBuffered;
    const limits = this.worker.router.limits(this.#virtual.fallback);
    if (!pipelined && !(await this.#wait(idleLimit ?? limits.headerTimeout))) return null;
    this.idle = false;
    const started = this.host.now();
    const result = await this.#readHead(limits);
    if (result === null) return null;
    this.#requests++;
    const request = this.#request(result.read, started, pipelined);
    const { head } = request;
    this.event('nginx.request', request, { method: head.method, uri: head.target, host: request.host });
    for (const line of result.read.dropped)
      request.log('info', `client sent invalid header line: "${line}" while reading client request headers`);
    const problem = result.kind === 'bad' ? result.problem : this.#secured?.tls === null ? PLAIN_HTTP : check(head);
    let answered: boolean;
    if (problem) {
      request.log('info', problem.log);
      request.keepAlive = false;
      if (problem.logged !== undefined) request.status = problem.logged;
      answered = problem.status !== 0 && (await refuse(request, problem.status, problem.detail));
    } else answered = await dispatch(request);
    if (!answered) request.keepAlive = false;
    this.#finish(request);
    if (request.keepAlive && !request.incoming.done) await this.#discard(request);
    return answered ? request : null;
  }

  /** Wait for the first byte of a request. */
  async #wait(limit: number): Promise<boolean> {
    const { deadlines } = this.worker;
    const deadline = deadlines.set(limit, () => this.close());
    try {
      return await this.#more();
    } finally {
      deadlines.cancel(deadline);
    }
  }

  /** A head, or why there is none; null when the client went without a word. */
  async #readHead(limits: Limits): Promise<Exclude<HeadResult, { kind: 'more' }> | null> {
    const { deadlines } = this.worker;
    let deadline: ReturnType<typeof deadlines.set> | null = null;
    const most = limits.headerBuffer + limits.headerBuffers.count * limits.headerBuffers.size + 1;
    try {
      for (;;) {
        const bytes = this.#reader.buffered;
        let text = byteText(bytes.length > FIRST_LOOK ? bytes.subarray(0, FIRST_LOOK) : bytes);
        let result = parseRequestHead(text, limits);
        if (result.kind === 'more' && bytes.length > FIRST_LOOK) {
          text = byteText(bytes.subarray(0, most));
          result = parseRequestHead(text, limits);
        }
        const end = result.kind === 'more' ? text.length : result.read.end;
        const tooLarge = end > limits.headerBuffer ? fits(text, end, limits) : null;
        if (tooLarge) {
          const { read } = parseRequestHead(text.slice(0, tooLarge.at), limits);
          return { kind: 'bad', problem: tooLarge.problem, read: tooLarge.line === null ? read : { ...read, line: tooLarge.line } };
        }
        if (result.kind !== 'more') {
          this.#reader.skip(Math.min(bytes.length, result.kind === 'good' ? result.read.end : bytes.length));
          return result;
        }
        // Empty lines before a request count for nothing.
        if (text !== '' && result.read.end === text.length && result.read.line === '') this.#reader.skip(text.length);
        deadline ??= deadlines.set(limits.headerTimeout, () => {
          this.timedOut = true;
          this.close();
        });
        if (await this.#more()) continue;
        return this.#reader.hasBuffered ? { kind: 'bad', read: result.read, problem: brokenOff(result.read, this.timedOut) } : null;
      }
    } finally {
      if (deadline) deadlines.cancel(deadline);
    }
  }

  /** Read on. False at the end, also the one that a time limit has made. */
  async #more(): Promise<boolean> {
    try {
      return await this.#reader.more();
    } catch (error) {
      if (this.#closed) return false;
      throw error;
    }
  }

  #request(read: HeadSoFar, started: number, pipelined: boolean): Request {
    const { head, line, length } = read;
    const coding = header(head.headers, 'transfer-encoding');
    const given = header(head.headers, 'content-length');
    const chunked = coding?.toLowerCase() === 'chunked' && head.minor >= 1;
    const contentLength = chunked || given === null ? null : contentLengthOf(given);
    const host = hostName(read.host ?? header(head.headers, 'host') ?? '') ?? '';
    const close = hasToken(head.headers, 'connection', 'close');
    const keepAlive = head.minor >= 1 ? !close : head.minor === 0 && !close && hasToken(head.headers, 'connection', 'keep-alive');
    const framing: Framing = chunked ? 'chunked' : (contentLength ?? 0);
    const { address } = this.connection;
    const { server, match } = this.#virtual.find(host, this.#secured?.server);
    const request = new Request(this, this.#requests, head, {
      ...{ line, length, host, server, chunked, contentLength, keepAlive, pipelined, started },
      target: read.target ?? { ...NO_TARGET, raw: head.target },
      port: 'port' in address ? address.port : 0,
      emptyPath: false,
      body: new Body(this.#reader, framing),
    });
    if (match) request.capture(match);
    return request;
  }

  #finish(request: Request): void {
    const { bodySent, settings } = request;
    const status = request.errorStatus || request.status;
    request.doing = ' while logging request';
    for (const log of settings.accessLogs) {
      const wanted = log.condition?.(request);
      if (wanted !== '' && wanted !== '0') this.worker.logs.access(log.path, log.format(request));
    }
    this.event('nginx.response', request, { status, bytes: bodySent, seconds: request.elapsed() / 1000 });
  }

  /** Read away a body that nobody wanted, so that the next request can be found after it. */
  async #discard(request: Request): Promise<void> {
    await this.#drain(request, () => request.incoming.next());
  }

  /** Before a close with unread input: take it for a while, or the client would lose the answer to a reset. */
  async #linger(request: Request): Promise<void> {
    if (this.gone || (request.incoming.done && !this.#reader.hasBuffered && request.status < 400)) return;
    this.connection.end();
    try {
      await this.#drain(request, () => {
        const { unread } = request;
        request.unread = null;
        return unread ?? this.connection.read();
      });
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }

  /** Take input until `step` says that this was all. The connection closes when none comes for a while, or when it takes too long. */
  async #drain({ settings }: Request, step: () => Promise<Uint8Array | null>): Promise<void> {
    const { deadlines } = this.worker;
    const end = this.host.now() + settings.lingeringTime;
    while (!this.#closed) {
      const deadline = deadlines.set(Math.min(settings.lingeringTimeout, end - this.host.now()), () => this.close());
      try {
        if ((await step()) === null) return;
      } finally {
        deadlines.cancel(deadline);
      }
    }
  }
}

/** A head that never came to its end: it is logged, and nobody is there to get an answer. */
function brokenOff({ head }: HeadSoFar, late: boolean): Problem {
  const log = late ? 'client timed out (110: Connection timed out)' : 'client prematurely closed connection';
  const doing = late && head.method === '' ? 'reading client request line' : 'reading client request headers';
  return { status: 0, logged: late ? 408 : 400, detail: '', log: `${log} while ${doing}` };
}

const CONTINUE = new TextEncoder().encode('HTTP/1.1 100 Continue\r\n\r\n');
