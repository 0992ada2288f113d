/** One request on its way through a worker: what came, where it is routed, what was answered. */
import { byteText } from '../http/bytes.ts';
import type { Header, RequestHead } from '../http/head.ts';
import { header } from '../http/head.ts';
import type { Body } from '../http/reader.ts';
import type { Client } from './client.ts';
import type { Content, Location, LogLevel, Server, Settings } from './config/model.ts';
import type { Target } from './uri.ts';

/** What is logged about one attempt at an upstream; times in milliseconds. */
export interface UpstreamState {
  readonly name: string;
  /** The first of another pass directive, after an internal redirect. */
  readonly newGroup: boolean;
  status: number;
  connectTime: number | null;
  headerTime: number | null;
  responseTime: number;
  /** Bytes of the body, of everything that came, of everything sent. */
  length: number;
  received: number;
  sent: number;
}

/** nginx gives up after so many changes of the URI. */
export const MOST_CHANGES = 11;

/** Variables made of variables made of variables: nginx follows so many. */
const DEEPEST = 100;

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
  /** Decoded and normalised; rewrites and internal redirects change it. */
  uri: string;
  args: string;
  /** GET on the way to an error page. */
  method: string;
  /** The host that was asked for, in lower case without port, or ''. */
  readonly host: string;
  readonly server: Server;
  readonly serverPort: number;
  readonly pipelined: boolean;
  location: Location;
  settings: Settings;
  /** What answers: an `if` without a handler leaves its location's. */
  content: Content | null = null;
  captures: readonly string[] | null = null;
  /** The raw URI may still be passed on as it came. */
  rawIsValid: boolean;
  /** The path had escapes. */
  readonly quoted: boolean;
  /** The URI still begins with what the location matched. */
  locationIsValid = false;
  internal = false;
  changesLeft = MOST_CHANGES;
  /** An error page is on its way: another error does not lead to another page. */
  errorPageDone = false;
  /** Answered instead of the status that a handler gives. */
  errorStatus = 0;
  /** The body as it comes, and as a whole once it was read. */
  readonly incoming: Body;
  readonly chunkedBody: boolean;
  /** Bytes of the body as the client announced them; null when it did not. */
  readonly contentLength: number | null;
  body: Uint8Array | null = null;
  bodyLength = 0;
  askedToContinue = false;
  /** See `abandon`. */
  unread: Promise<Uint8Array | null> | null = null;
  keepAlive: boolean;
  readonly upstreams: UpstreamState[] = [];
  upstreamHead: readonly Header[] | null = null;
  /** What an answer that sent the request elsewhere left for the answer from there: content type and header lines. */
  carried: { readonly type: string | null; readonly lines: readonly (readonly [string, string])[] } | null = null;
  proxyHost: { readonly host: string; readonly port: string } | null = null;
  /** What stands in log lines after `upstream:`, from the first server asked on. */
  upstreamLabel = '';
  status = 0;
  bytesSent = 0;
  headSent = 0;
  /** The header lines of the answer, for logs. */
  sentLines = '';
  gzipRatio: number | null = null;
  complete = false;
  /** What is being done, for log lines: ' while logging request'. */
  doing = '';
  readonly #started: number;
  #id = '';
  #variables: Map<string, string> | null = null;
  /** How many variables stand on each other now. */
  #depth = 0;

  constructor(client: Client, n: number, head: RequestHead, given: RequestParts) {
    this.client = client;
    this.n = n;
    this.head = head;
    this.method = head.method;
    this.line = given.line;
    this.length = given.length;
    this.rawUri = given.target.raw;
    this.uri = given.target.uri;
    this.args = given.target.args;
    this.quoted = given.target.quoted;
    this.rawIsValid = !given.emptyPath;
    this.host = given.host;
    this.server = given.server;
    this.serverPort = given.port;
    this.pipelined = given.pipelined;
    this.location = given.server.location;
    this.settings = given.server.location.settings;
    this.incoming = given.body;
    this.chunkedBody = given.chunked;
    this.contentLength = given.contentLength;
    this.keepAlive = given.keepAlive;
    this.#started = given.started;
  }

  get serverName(): string {
    const { names, nameRegexes } = this.server;
    const [name = ''] = names;
    return nameRegexes.size > 0 && nameRegexes.has(name) ? `~${name}` : name;
  }

  get scheme(): 'http' | 'https' {
    return this.client.tls ? 'https' : 'http';
  }

  get serverAddress(): string {
    const { address } = this.client.connection;
    return 'port' in address && address.ip && address.ip !== '0.0.0.0' ? address.ip : '127.0.0.1';
  }

  get hostOrServer(): string {
    return this.host || this.serverName;
  }

  /** The path had a plus sign. */
  get plus(): boolean {
    return this.rawUri.split('?')[0]?.includes('+') === true;
  }

  get bodySent(): number {
    return Math.max(0, this.bytesSent - this.headSent);
  }

  get isHead(): boolean {
    return this.method === 'HEAD';
  }

  /** 16 random bytes in hexadecimal, the same for the whole request. */
  get id(): string {
    if (this.#id === '') this.#id = Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
    return this.#id;
  }

  /** Nobody wants the rest of the body; `coming` is a read of it that is under way. The connection ends after this request. */
  abandon(coming: Promise<Uint8Array | null>): void {
    this.unread = coming.catch(() => null);
    this.keepAlive = false;
  }

  /** Milliseconds since its first byte was read. */
  elapsed(): number {
    return this.client.host.now() - this.#started;
  }

  /** The body as byte text. */
  bodyText(): string {
    return this.body ? byteText(this.body) : '';
  }

  /** The file a URI stands for here, by `root` or `alias` (byte text). */
  filename(uri = this.uri): string {
    const { root, alias } = this.settings;
    return alias === 0 ? root(this) + uri : alias === Number.POSITIVE_INFINITY ? root(this) : root(this) + uri.slice(alias);
  }

  /** The value of a header of the answer, by its name in lower case. */
  sent(key: string): string | null {
    const line = this.sentLines.split('\r\n').find((one) => one.slice(0, one.indexOf(':')).toLowerCase() === key);
    return line === undefined ? null : line.slice(key.length + 2);
  }

  /** A variable that the configuration itself makes. */
  variable(name: string): string | null {
    const known = this.#variables?.get(name);
    if (known !== undefined) return known;
    const made = this.client.worker.defined(name);
    if (made) {
      if (this.#depth === DEEPEST) {
        // The real one asks for the length of a value and then for the value.
        for (let i = 0; i < 2; i++) this.log('error', `cycle while evaluating variable "${name}"`);
        return '';
      }
      this.#depth++;
      const value = made(this);
      this.#depth--;
      this.setVariable(name, value);
      return value;
    }
    if (this.settings.warnUninitialized) this.log('warn', `using uninitialized "${name}" variable`);
    this.setVariable(name, '');
    return '';
  }

  setVariable(name: string, value: string): void {
    if (name === 'args') this.args = value;
    else {
      this.#variables ??= new Map();
      this.#variables.set(name, value);
    }
  }

  /** Keep what a pattern found: `$1` and named groups. */
  capture(match: RegExpExecArray): void {
    this.captures = match;
    for (const [name, value] of Object.entries(match.groups ?? {})) this.setVariable(name.toLowerCase(), value ?? '');
  }

  /** Log a message with what nginx adds about client, server and request. */
  log(level: LogLevel, message: string): void {
    const referer = header(this.head.headers, 'referer');
    const host = header(this.head.headers, 'host');
    const text =
      `*${this.client.number} ${message}${this.doing}, client: ${this.client.connection.peer}, server: ${this.serverName}` +
      (this.line ? `, request: "${this.line}"` : '') +
      (this.upstreamLabel ? `, upstream: "${this.upstreamLabel}"` : '') +
      (host === null ? '' : `, host: "${host}"`) +
      (referer === null ? '' : `, referrer: "${referer}"`);
    this.client.worker.logs.error(this.settings.errorLogs, level, text);
  }
}

export interface RequestParts {
  readonly line: string;
  readonly target: Target;
  readonly emptyPath: boolean;
  readonly host: string;
  readonly server: Server;
  readonly port: number;
  readonly body: Body;
  readonly chunked: boolean;
  readonly contentLength: number | null;
  readonly keepAlive: boolean;
  readonly pipelined: boolean;
  readonly length: number;
  readonly started: number;
}

/**
 * What comes after a handler: nothing (it has answered), an error page, or a look at another URI or named location.
 * `close` ends the connection without an answer.
 */
export type Next =
  | { readonly kind: 'done' }
  | { readonly kind: 'status'; readonly status: number; readonly detail?: string; readonly location?: string }
  | { readonly kind: 'uri'; readonly uri: string; readonly args?: string }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'close' };

export const DONE: Next = { kind: 'done' };
export const status = (code: number, detail = ''): Next => ({ kind: 'status', status: code, detail });
/** A redirect: a path becomes a full address on its way out. */
export const redirect = (code: number, location: string): Next => ({ kind: 'status', status: code, location });
