/** ab's connections: each sends one request after the other until all are sent, the time is over or somebody says stop. */
import { type Connection, type Host, isSystemError } from '../../host/host.ts';
import { bytesOf, concat, fromUnicode } from '../http/bytes.ts';
import { EmptyReply, HttpConnection, hostHeader } from '../http/exchange.ts';
import { BadHead, header, parseResponse, type ResponseHead } from '../http/head.ts';
import { BadChunk, Body, CutShort, HeadTooLarge, Reader, responseFraming } from '../http/reader.ts';
import type { AbOptions } from './options.ts';
import type { Outcome, Timing } from './report.ts';

const LIMITS = { line: 65_536, total: 262_144 };
/** How often is looked for answers that are late, in milliseconds. */
const LOOK_EVERY = 250;
/** So many failures in all, and ab gives up. */
const MOST_FAILURES = 10;

/** The test cannot go on. `errno`: the exit code, and the number in the message. */
export class Aborted extends Error {
  readonly errno: number;
  constructor(message: string, errno: number) {
    super(message);
    this.errno = errno;
  }
}

/** A connection with what is known of it. */
interface Line {
  readonly connection: Connection;
  readonly reader: Reader;
  count: number;
  /** When the answer that is waited for is late, on the sandbox's clock. */
  due: number;
}

export class Load {
  readonly #host: Host;
  readonly #options: AbOptions;
  readonly #ip: string;
  readonly #request: Uint8Array;
  readonly #onProgress: (done: number) => void;
  readonly #open = new Set<Line>();
  readonly #timings: Timing[] = [];
  readonly #failed = { connect: 0, receive: 0, length: 0, exceptions: 0 };
  #begun = 0;
  #sentCount = 0;
  #stopped = false;
  #server = '';
  #length: number | null = null;
  #not2xx = 0;
  #kept = 0;
  #received = 0;
  #body = 0;

  constructor(host: Host, options: AbOptions, ip: string, body: Uint8Array | null, onProgress: (done: number) => void) {
    this.#host = host;
    this.#options = options;
    this.#ip = ip;
    this.#request = requestBytes(options, body);
    this.#onProgress = onProgress;
  }

  get done(): number {
    return this.#timings.length;
  }

  /** Throws Aborted. */
  async run(): Promise<void> {
    this.#begun = this.#host.now();
    const { limit, concurrency } = this.#options;
    if (limit !== null) void this.#host.sleep(limit).then(() => this.stop());
    void this.#watch();
    try {
      await Promise.all(Array.from({ length: concurrency }, () => this.#line()));
    } finally {
      this.#stopped = true;
    }
  }

  /** Gives up connections whose answer is late. */
  async #watch(): Promise<void> {
    while (!this.#stopped) {
      await this.#host.sleep(LOOK_EVERY);
      for (const { connection, due } of this.#open) if (due < this.#host.now()) connection.close();
    }
  }

  /** What is under way is given up. */
  stop(): void {
    this.#stopped = true;
    for (const { connection } of this.#open) connection.close();
  }

  outcome(): Outcome {
    const { url, concurrency, keepAlive, anyLength, bodyFile } = this.#options;
    return {
      server: this.#server,
      host: url.host,
      port: url.port,
      path: url.target,
      length: anyLength ? null : (this.#length ?? 0),
      concurrency,
      taken: this.#host.now() - this.#begun,
      timings: this.#timings,
      failed: { ...this.#failed },
      writeErrors: 0,
      not2xx: this.#not2xx,
      kept: keepAlive ? this.#kept : null,
      received: this.#received,
      body: this.#body,
      sent: bodyFile === null ? null : this.#request.length * this.#sentCount,
    };
  }

  /** One of those that work at the same time. */
  async #line(): Promise<void> {
    let line: Line | null = null;
    while (!this.#stopped && this.#sentCount < this.#options.requests) {
      this.#sentCount++;
      try {
        line = await this.#one(line);
      } catch (error) {
        line = null;
        if (!this.#stopped) this.#failure(error);
      }
    }
    if (line !== null) this.#close(line);
  }

  /** One request; the connection when the next one may go over it. */
  async #one(kept: Line | null): Promise<Line | null> {
    const { method, url } = this.#options;
    const begun = this.#host.now();
    const line = kept ?? (await this.#connect());
    const connected = this.#host.now();
    const id = { conn: line.connection.id, n: ++line.count };
    line.due = begun + this.#options.patience;
    try {
      this.#host.event('client.request', { ...id, method, url: `http://${hostHeader(url)}${url.target}` });
      await line.connection.write(this.#request);
      const sent = this.#host.now();
      const text = await line.reader.head(LIMITS);
      if (text === null) throw new EmptyReply();
      const first = this.#host.now();
      const head = parseResponse(text);
      const body = new Body(line.reader, responseFraming(method, head.status, head.headers));
      let length = 0;
      for (let piece = await body.next(); piece !== null; piece = await body.next()) length += piece.length;
      this.#host.event('client.response', { ...id, status: head.status, bytes: length, server: header(head.headers, 'server') ?? '' });
      this.#count(head, text.length, length);
      const now = this.#host.now();
      this.#timings.push({ connect: kept === null ? connected - begun : 0, wait: first - sent, total: now - begun });
      this.#onProgress(this.done);
      if (this.#options.keepAlive && HttpConnection.isReusable({ head, text, body })) {
        this.#kept++;
        return line;
      }
      this.#close(line);
      return null;
    } catch (error) {
      if (!this.#stopped) this.#host.event('client.failed', { ...id, reason: error instanceof Error ? error.message : String(error) });
      this.#close(line);
      throw error;
    }
  }

  async #connect(): Promise<Line> {
    try {
      const connection = await this.#host.connect({ port: this.#options.url.port, ip: this.#ip });
      const line = { connection, reader: new Reader(connection), count: 0, due: Number.POSITIVE_INFINITY };
      this.#open.add(line);
      return line;
    } catch (error) {
      if (isSystemError(error)) throw new Aborted(`apr_socket_recv: ${error.strerror} (${error.errno})`, error.errno);
      throw error;
    }
  }

  #close(line: Line): void {
    this.#open.delete(line);
    line.connection.close();
  }

  #count(head: ResponseHead, headLength: number, length: number): void {
    this.#received += headLength + length;
    this.#body += length;
    if (this.#length === null) {
      this.#length = length;
      this.#server = header(head.headers, 'server') ?? '';
    } else if (length !== this.#length && !this.#options.anyLength) this.#failed.length++;
    if (head.status < 200 || head.status > 299) this.#not2xx++;
  }

  /** A request without an answer. Throws Aborted when there are too many, or none can succeed. */
  #failure(error: unknown): void {
    if (error instanceof Aborted) throw error;
    if (isSystemError(error) || error instanceof EmptyReply || error instanceof CutShort) this.#failed.receive++;
    else if (error instanceof BadHead || error instanceof BadChunk || error instanceof HeadTooLarge) this.#failed.exceptions++;
    else throw error;
    if (this.#failed.receive + this.#failed.exceptions <= MOST_FAILURES) return;
    const reason = isSystemError(error) ? `${error.strerror} (${error.errno})` : 'Connection reset by peer (104)';
    throw new Aborted(
      `\nTest aborted after ${MOST_FAILURES} failures\n\napr_socket_connect(): ${reason}`,
      isSystemError(error) ? error.errno : 104,
    );
  }
}

function requestBytes({ method, url, keepAlive, headers, contentType }: AbOptions, body: Uint8Array | null): Uint8Array {
  const own = new Set(headers.map((line) => line.split(':')[0]?.toLowerCase()));
  const lines = [
    ...(keepAlive ? ['Connection: Keep-Alive'] : []),
    ...(own.has('host') ? [] : [`Host: ${hostHeader(url)}`]),
    ...(own.has('user-agent') ? [] : ['User-Agent: ApacheBench/2.3']),
    ...(own.has('accept') ? [] : ['Accept: */*']),
    ...(body === null ? [] : [`Content-length: ${body.length}`, `Content-type: ${contentType}`]),
    ...headers,
  ];
  const head = bytesOf(fromUnicode(`${method} ${url.target} HTTP/1.0\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`));
  return body === null ? head : concat([head, body]);
}
