/** What nginx checks of a head that it could read: sizes, Host, framing, methods. */
import { type Header, header } from '../http/head.ts';
import type { Limits } from './config/model.ts';
import type { GoodRequest } from './head.ts';
import { parseTarget } from './uri.ts';

export interface Problem {
  /** 0: no answer. */
  readonly status: number;
  readonly detail: string;
  readonly log: string;
  readonly logged?: number;
}

const HEADERS = ' while reading client request headers';
const bad = (log: string, status = 400): Problem => ({ status, detail: '', log });

/**
 * Do the lines up to `end` fit into the buffers? The first line has a buffer of its own to grow into; each further one
 * may take a new buffer, as long as there are any.
 */
export function fits(text: string, end: number, { headerBuffer, headerBuffers }: Limits): Problem | null {
  let room = headerBuffer;
  let used = 0;
  for (let at = 0, line = 0; at < end; line++) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    const size = next - at;
    if (size > room) {
      const full = size > headerBuffers.size || (newline < 0 && size >= headerBuffers.size) || used === headerBuffers.count;
      if (full) return line === 0 ? bad('client sent too long URI while reading client request line', 414) : tooLong(text.slice(at, next));
      used++;
      room = headerBuffers.size;
    }
    room -= size;
    at = next;
  }
  return null;
}

/** As much of a line as nginx puts into its log. */
const MOST_LOGGED = 1748;

const tooLong = (line: string): Problem => ({
  status: 494,
  detail: 'Request Header Or Cookie Too Large',
  log: `client sent too long header line: "${line.slice(0, MOST_LOGGED)}..."${HEADERS}`,
});

/** Headers that may come once. */
const UNIQUE = new Set([
  ...['if-modified-since', 'if-unmodified-since', 'if-match', 'if-none-match', 'content-length', 'content-range'],
  ...['if-range', 'transfer-encoding', 'expect', 'authorization'],
]);

/** What is wrong with a request before it is looked up, in the order in which nginx comes across it. */
export function check({ head, host }: GoodRequest, limits: Limits): Problem | null {
  if (parseTarget(head.target, limits.mergeSlashes) === null) return bad('client sent invalid request while reading client request line');
  if (host !== null && hostName(host) === null) return bad('client sent invalid host in request line while reading client request line');
  if (head.minor < 0) return null;
  const { headers } = head;
  const duplicate = findDuplicate(headers);
  if (duplicate) return duplicate;
  const named = header(headers, 'host');
  if (named === null && head.minor >= 1) return bad(`client sent HTTP/1.1 request without "Host" header${HEADERS}`);
  return checkFraming(head.minor, headers) ?? checkMethod(head.method);
}

function findDuplicate(headers: readonly Header[]): Problem | null {
  const seen = new Map<string, Header>();
  for (const line of headers) {
    if (line.key === 'host' && !seen.has('host') && hostName(line.value) === null) return bad(`client sent invalid host header${HEADERS}`);
    if (line.key !== 'host' && !UNIQUE.has(line.key)) continue;
    const before = seen.get(line.key);
    if (before) {
      const what = line.key === 'host' ? 'duplicate host header' : 'duplicate header line';
      return bad(`client sent ${what}: "${line.name}: ${line.value}", previous value: "${before.name}: ${before.value}"${HEADERS}`);
    }
    seen.set(line.key, line);
  }
  return null;
}

function checkFraming(minor: number, headers: readonly Header[]): Problem | null {
  const length = header(headers, 'content-length');
  const coding = header(headers, 'transfer-encoding');
  if (length !== null && (!/^\d+$/.test(length) || Number(length) > 2 ** 63)) return bad(`client sent invalid "Content-Length" header${HEADERS}`);
  if (coding === null) return null;
  if (minor < 1) return bad(`client sent HTTP/1.0 request with "Transfer-Encoding" header${HEADERS}`);
  if (coding.toLowerCase() !== 'chunked') return bad(`client sent unknown "Transfer-Encoding": "${coding}"${HEADERS}`, 501);
  if (length !== null) return bad(`client sent "Content-Length" and "Transfer-Encoding" headers at the same time${HEADERS}`);
  return null;
}

function checkMethod(method: string): Problem | null {
  return method === 'CONNECT' || method === 'TRACE' ? bad(`client sent ${method} method${HEADERS}`, 405) : null;
}

/** A Host header as a name: lower case, without port and final dot; null when it is none. '' when there is none. */
export function hostName(value: string): string | null {
  if (value === '') return null;
  if (/[\x00-\x20\x7f/]|\.\./.test(value)) return null;
  const end = value.startsWith('[') ? value.indexOf(']') + 1 : value.indexOf(':');
  const name = (end > 0 || (end === 0 && value.startsWith(':')) ? value.slice(0, end) : value).replace(/\.$/, '');
  return name === '' ? null : name.toLowerCase();
}
