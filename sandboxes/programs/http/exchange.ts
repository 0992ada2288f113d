/** The client's side of HTTP/1.1: send a request over a connection, read the answer. */
import type { Connection } from '../../host/host.ts';
import { bytesOf, concat } from './bytes.ts';
import { hasToken, parseResponse, type ResponseHead } from './head.ts';
import { Body, Reader, responseFraming } from './reader.ts';

/** Generous: a client takes what servers send. */
const LIMITS = { line: 65_536, total: 262_144 };

export interface Outgoing {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | null;
}

export interface Incoming {
  readonly head: ResponseHead;
  /** The head as it came, for display. */
  readonly text: string;
  readonly body: Body;
}

/** The server closed the connection without a byte of an answer. */
export class EmptyReply extends Error {}

/** An address as a client takes it apart. */
export interface HttpUrl {
  /** `https` */
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Path and query. */
  readonly target: string;
}

/** Null for what is no `http` or `https` address. */
export function parseUrl(url: string): HttpUrl | null {
  const match = /^http(s?):\/\/(?:[^@/?#]*@)?([^:/?#]+)(?::(\d{1,5}))?([/?][^#]*)?(#.*)?$/i.exec(url);
  if (!match?.[2]) return null;
  const path = match[4] ?? '/';
  const secure = match[1] !== '';
  return {
    secure,
    host: match[2],
    port: Number(match[3] ?? (secure ? 443 : 80)),
    target: withoutDots(path.startsWith('/') ? path : `/${path}`),
  };
}

/** A path without `.` and `..` (RFC 3986, 5.2.4): clients take them out before they ask. */
function withoutDots(target: string): string {
  const [path = ''] = target.split('?');
  const segments = path.slice(1).split('/');
  const kept: string[] = [];
  for (const [i, segment] of segments.entries()) {
    if (segment === '..') kept.pop();
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else if (i === segments.length - 1) kept.push('');
  }
  return `/${kept.join('/')}${target.slice(path.length)}`;
}

/** As a Host header has it: without the port that the scheme means anyway. */
export const hostHeader = ({ secure, host, port }: HttpUrl): string => (port === (secure ? 443 : 80) ? host : `${host}:${port}`);

/** The head of a request as byte text. */
export function requestText(request: Outgoing): string {
  const lines = request.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `${request.method} ${request.target} HTTP/1.1\r\n${lines}\r\n`;
}

/** One connection, request after request. */
export class HttpConnection {
  readonly connection: Connection;
  readonly #reader: Reader;
  /** Requests sent so far. */
  count = 0;

  constructor(connection: Connection) {
    this.connection = connection;
    this.#reader = new Reader(connection);
  }

  async send(request: Outgoing): Promise<void> {
    this.count++;
    const head = bytesOf(requestText(request));
    await this.connection.write(request.body ? concat([head, request.body]) : head);
  }

  /** Read the head of the answer; interim answers (100) are skipped. Throws EmptyReply, BadHead, CutShort, SystemError. */
  async receive(method: string): Promise<Incoming> {
    for (;;) {
      const text = await this.#reader.head(LIMITS);
      if (text === null) throw new EmptyReply();
      const head = parseResponse(text);
      if (head.status >= 200) return { head, text, body: new Body(this.#reader, responseFraming(method, head.status, head.headers)) };
    }
  }

  /** May the next request go over this connection, once the body has been read? */
  static isReusable({ head, body }: Incoming): boolean {
    if (!body.done || responseIsLast(head)) return false;
    return head.minor >= 1 || hasToken(head.headers, 'connection', 'keep-alive');
  }
}

/** `Connection: close`, or a body that only the end of the connection ended. */
function responseIsLast(head: ResponseHead): boolean {
  if (hasToken(head.headers, 'connection', 'close')) return true;
  const known = head.headers.some((line) => line.key === 'content-length' || line.key === 'transfer-encoding');
  return !known && head.status !== 204 && head.status !== 304;
}
