/** One request on its way through a worker: what came, where it is routed, what was answered. */
import type { RequestHead } from '../http/head.ts';
import { hasToken, header } from '../http/head.ts';
import type { Body } from '../http/reader.ts';
import type { Client } from './client.ts';
import type { Location, LogLevel, Server, Settings } from './config/model.ts';
import type { Target } from './uri.ts';

/** What is logged about the upstream connection of a request; times in milliseconds. */
export interface UpstreamState {
  readonly name: string;
  status: number;
  connectTime: number | null;
  headerTime: number | null;
  responseTime: number | null;
}

export class Request {
  readonly client: Client;
  /** Counts requests on this connection from 1. */
  readonly n: number;
  readonly head: RequestHead;
  /** The request line as sent. */
  readonly line: string;
  /** Bytes of the head. */
  readonly length: number;
  readonly rawUri: string;
  /** Decoded and normalised; internal redirects change it. */
  uri: string;
  args: string;
  /** The Host header in lower case without port, or ''. */
  readonly host: string;
  readonly server: Server;
  readonly serverPort: number;
  location: Location;
  settings: Settings;
  captures: readonly string[] | null = null;
  /** The body as it comes, and as a whole once it was read. */
  readonly incoming: Body;
  body: Uint8Array | null = null;
  keepAlive: boolean;
  upstream: UpstreamState | null = null;
  /** What stands in log lines after `upstream:`, while there is one. */
  upstreamLabel = '';
  status = 0;
  bytesSent = 0;
  headSent = 0;
  readonly #started: number;

  constructor(client: Client, n: number, head: RequestHead, parts: RequestParts) {
    this.client = client;
    this.n = n;
    this.head = head;
    this.line = `${head.method} ${head.target} ${head.protocol}`;
    this.length = parts.length;
    this.rawUri = parts.target.raw;
    this.uri = parts.target.uri;
    this.args = parts.target.args;
    this.host = parts.host;
    this.server = parts.server;
    this.serverPort = parts.port;
    this.location = parts.server.location;
    this.settings = parts.server.location.settings;
    this.incoming = parts.body;
    this.keepAlive = head.minor >= 1 ? !hasToken(head.headers, 'connection', 'close') : hasToken(head.headers, 'connection', 'keep-alive');
    this.#started = parts.started;
  }

  get hostOrServer(): string {
    return this.host || (this.server.names[0] ?? '');
  }

  get bodySent(): number {
    return Math.max(0, this.bytesSent - this.headSent);
  }

  get isHead(): boolean {
    return this.head.method === 'HEAD';
  }

  /** Milliseconds since its first byte was read. */
  elapsed(): number {
    return this.client.host.now() - this.#started;
  }

  /** The file a URI stands for here, by `root` or `alias` (byte text). */
  filename(uri = this.uri): string {
    const { root, alias } = this.settings;
    if (!alias) return root(this) + uri;
    return this.location.kind === 'regex' ? root(this) : root(this) + uri.slice(this.location.pattern.length);
  }

  /** Log a message with what nginx adds about client, server and request. */
  log(level: LogLevel, message: string): void {
    const referer = header(this.head.headers, 'referer');
    const host = header(this.head.headers, 'host');
    const text =
      `*${this.client.number} ${message}, client: ${this.client.connection.peer}, server: ${this.server.names[0] ?? ''}, request: "${this.line}"` +
      (this.upstreamLabel ? `, upstream: "${this.upstreamLabel}"` : '') +
      (host === null ? '' : `, host: "${host}"`) +
      (referer === null ? '' : `, referrer: "${referer}"`);
    this.client.worker.logs.error(this.settings.errorLogs, level, text);
  }
}

export interface RequestParts {
  readonly target: Target;
  readonly host: string;
  readonly server: Server;
  readonly port: number;
  readonly body: Body;
  readonly length: number;
  readonly started: number;
}

/**
 * What comes after a handler: nothing (it has answered), an error page, or a look at another URI or named location.
 * `close` ends the connection without an answer.
 */
export type Next =
  | { readonly kind: 'done' }
  | { readonly kind: 'status'; readonly status: number; readonly detail?: string }
  | { readonly kind: 'uri'; readonly uri: string }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'close' };

export const DONE: Next = { kind: 'done' };
export const status = (code: number, detail = ''): Next => ({ kind: 'status', status: code, detail });
