/** A client's connection: requests are read one after another, answered and logged, until either side has had enough. */

import type { EventData, EventType } from '../../host/events.ts';
import { type Connection, type Host, isSystemError } from '../../host/host.ts';
import { BadHead, type Header, header, parseRequest, type RequestHead } from '../http/head.ts';
import { BadChunk, Body, CutShort, type Framing, HeadTooLarge, Reader } from '../http/reader.ts';
import { dispatch } from './dispatch.ts';
import { Request } from './request.ts';
import { sendPage } from './response.ts';
import { parseTarget } from './uri.ts';
import type { Worker } from './worker.ts';

/** large_client_header_buffers: four of 8 kB; no line may be longer than one of them. */
const LIMITS = { line: 8192, total: 4 * 8192 };
/** client_header_timeout and lingering_timeout. */
const HEADER_TIMEOUT = 60_000;
const LINGERING = 5_000;
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
  /** Between two requests: a worker that is shutting down may close it. */
  idle = true;
  readonly #reader: Reader;
  #requests = 0;
  #closed = false;

  constructor(worker: Worker, connection: Connection, number: number) {
    this.worker = worker;
    this.host = worker.host;
    this.connection = connection;
    this.number = number;
    this.#reader = new Reader(connection);
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

  /** Serve the connection to its end. */
  async serve(): Promise<void> {
    try {
      let limit = HEADER_TIMEOUT;
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

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.connection.write(bytes);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.gone = true;
    }
  }

  /** Ask for the body that the client holds back (`Expect: 100-continue`). */
  async sayContinue(request: Request): Promise<void> {
    if (request.head.minor < 1 || header(request.head.headers, 'expect')?.toLowerCase() !== '100-continue') return;
    if (!this.#reader.hasBuffered) await this.connection.write('HTTP/1.1 100 Continue\r\n\r\n');
  }

  /** May this connection take another request after this one? */
  mayKeepAlive(request: Request): boolean {
    const { keepaliveTimeout, keepaliveRequests } = request.settings;
    return request.keepAlive && keepaliveTimeout > 0 && request.n < keepaliveRequests && !this.worker.stopping;
  }

  event<T extends RequestEvent>(type: T, request: { readonly n: number }, rest: Rest<T>): void {
    // Every nginx event is its rest with the request's key; TypeScript cannot join the two for a generic T.
    this.host.event(type, { conn: this.connection.id, n: request.n, ...rest } as unknown as EventData<T>);
  }

  /** Read and answer one request; null when there is none or the connection is to be closed. */
  async #next(limit: number): Promise<Request | null> {
    this.idle = true;
    const text = await this.#readHead(limit);
    this.idle = false;
    if (text === null) return null;
    const started = this.host.now();
    this.#requests++;
    let request: Request;
    let problem: { status: number; detail: string; log: string } | null = null;
    if (typeof text === 'string') {
      const parsed = parse(text);
      request = this.#request(parsed.head, parsed.framing, text.length, started);
      problem = parsed.problem;
    } else {
      const line = text.text.slice(0, text.text.indexOf('\n') < 0 ? undefined : text.text.indexOf('\n')).trimEnd();
      const [method = '', target = '', protocol = ''] = line.split(' ');
      const uri = text.part === 'first line';
      request = this.#request({ method, target, protocol, minor: 1, headers: [] }, 0, text.text.length, started);
      problem = uri
        ? { status: 414, detail: '', log: 'client sent too long URI while reading client request line' }
        : {
            status: 400,
            detail: 'Request Header Or Cookie Too Large',
            log: 'client sent too long header line while reading client request headers',
          };
    }
    const { head } = request;
    this.event('nginx.request', request, { method: head.method, uri: head.target, host: request.host });
    let answered = true;
    if (problem) {
      request.log('info', problem.log);
      request.keepAlive = false;
      await sendPage(request, problem.status, problem.detail);
    } else answered = await dispatch(request);
    if (!answered) request.keepAlive = false;
    this.#finish(request);
    if (request.keepAlive && !request.incoming.done) await this.#discard(request);
    return answered ? request : null;
  }

  #request(head: RequestHead, framing: Framing, length: number, started: number): Request {
    const target = parseTarget(head.target) ?? { uri: '/', args: '', raw: head.target, host: null };
    const host = hostName(target.host ?? header(head.headers, 'host') ?? '');
    const address = this.connection.address;
    const ip = 'port' in address ? (address.ip ?? '127.0.0.1') : '127.0.0.1';
    const port = 'port' in address ? address.port : 0;
    const server = this.worker.router.server(ip, port, host);
    if (!server) throw new Error(`no server for ${ip}:${port}`);
    const body = new Body(this.#reader, framing);
    return new Request(this, this.#requests, head, { target, host, server, port, body, length, started });
  }

  async #readHead(limit: number): Promise<string | HeadTooLarge | null> {
    const { deadlines } = this.worker;
    const deadline = deadlines.set(limit, () => this.close());
    try {
      return await this.#reader.head(LIMITS);
    } catch (error) {
      if (error instanceof HeadTooLarge) return error;
      if (this.#closed) return null;
      throw error;
    } finally {
      deadlines.cancel(deadline);
    }
  }

  #finish(request: Request): void {
    const { status, bodySent } = request;
    for (const log of request.settings.accessLogs) this.worker.logs.access(log.path, log.format(request));
    this.event('nginx.response', request, { status, bytes: bodySent, seconds: request.elapsed() / 1000 });
  }

  /** Read away a body that nobody wanted, so that the next request can be found after it. */
  async #discard(request: Request): Promise<void> {
    await this.sayContinue(request);
    while ((await request.incoming.next()) !== null);
  }

  /** Before a close with unread input: take it for a while, or the client would lose the answer to a reset. */
  async #linger(request: Request): Promise<void> {
    if (this.gone || (request.incoming.done && !this.#reader.hasBuffered && request.status < 400)) return;
    this.connection.end();
    const deadline = this.worker.deadlines.set(LINGERING, () => this.close());
    try {
      while (!this.#closed && (await this.connection.read()) !== null);
    } catch (error) {
      if (!isSystemError(error)) throw error;
    } finally {
      this.worker.deadlines.cancel(deadline);
    }
  }
}

interface Parsed {
  readonly head: RequestHead;
  readonly framing: Framing;
  readonly problem: { status: number; detail: string; log: string } | null;
}

/** Understand a head and check what nginx checks before it looks for a server. */
function parse(text: string): Parsed {
  let head: RequestHead;
  try {
    head = parseRequest(text);
  } catch (error) {
    if (!(error instanceof BadHead)) throw error;
    const [method = '', target = '', protocol = ''] = text.slice(0, text.indexOf('\n')).trimEnd().split(' ');
    const problem = { status: error.status, detail: '', log: `${error.message} while reading client request line` };
    return { head: { method, target, protocol, minor: 1, headers: [] }, framing: 0, problem };
  }
  const bad = (log: string, status = 400): Parsed => ({ head, framing: 0, problem: { status, detail: '', log } });
  // Names with other characters (an underscore above all) are dropped: ignore_invalid_headers.
  const headers = head.headers.filter((line) => /^[a-z0-9-]+$/.test(line.key));
  head = { ...head, headers };
  if (parseTarget(head.target) === null) return bad('client sent invalid request while reading client request line');
  const hosts = count(headers, 'host');
  if (hosts === 0 && head.minor >= 1) return bad('client sent HTTP/1.1 request without "Host" header while reading client request headers');
  if (hosts > 1) return bad('client sent duplicate header line: "Host" while reading client request headers');
  const coding = header(headers, 'transfer-encoding');
  const length = header(headers, 'content-length');
  if (length !== null && (!/^\d{1,15}$/.test(length) || count(headers, 'content-length') > 1)) {
    return bad('client sent invalid "Content-Length" header while reading client request headers');
  }
  if (coding === null) return { head, framing: Number(length ?? 0), problem: null };
  if (head.minor < 1) return bad('client sent HTTP/1.0 request with "Transfer-Encoding" header while reading client request headers');
  if (length !== null) {
    return bad('client sent "Content-Length" and "Transfer-Encoding" headers at the same time while reading client request headers');
  }
  if (coding.toLowerCase() !== 'chunked') return bad('client sent unknown "Transfer-Encoding" while reading client request headers', 501);
  return { head, framing: 'chunked', problem: null };
}

const count = (headers: readonly Header[], key: string): number => headers.filter((line) => line.key === key).length;

/** A Host header as a name: lower case, without port and final dot. */
function hostName(value: string): string {
  const colon = value.startsWith('[') ? value.indexOf(']:') + 1 : value.indexOf(':');
  const name = colon > 0 ? value.slice(0, colon) : value;
  return name.toLowerCase().replace(/\.$/, '');
}
