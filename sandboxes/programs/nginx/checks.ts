/** What nginx checks of a head beyond its lines: whether it fits, framing, methods. */
import { type Header, header, type RequestHead } from '../http/head.ts';
import type { Limits } from './config/model.ts';
import type { Problem } from './head.ts';

const HEADERS = ' while reading client request headers';
const bad = (log: string, status = 400): Problem => ({ status, detail: '', log });

export interface TooLarge {
  readonly problem: Problem;
  /** Where the line begins that does not fit. */
  readonly at: number;
  /** As much of the request line as was read, when it is the one. */
  readonly line: string | null;
}

/**
 * Do the lines up to `end` fit into the buffers? The first line has a buffer of its own to grow into; each further one
 * may take a new buffer, as long as there are any.
 */
export function fits(text: string, end: number, { headerBuffer, headerBuffers }: Limits): TooLarge | null {
  let room = headerBuffer;
  let used = 0;
  for (let at = 0, line = 0; at < end; line++) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    const size = next - at;
    if (size > room) {
      const full = size > headerBuffers.size || (newline < 0 && size >= headerBuffers.size) || used === headerBuffers.count;
      if (full && line === 0) {
        const problem = bad('client sent too long URI while reading client request line', 414);
        return { problem, at, line: text.slice(at, at + headerBuffers.size) };
      }
      // What is logged is what the last buffer has of the line.
      if (full)
        return { problem: tooLong(text.slice(at, at + (used === headerBuffers.count ? room : headerBuffers.size))), at, line: null };
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

/** What is wrong with a whole head, in the order in which nginx comes across it. */
export function check({ minor, method, headers }: RequestHead): Problem | null {
  if (minor < 0) return null;
  if (minor >= 1 && header(headers, 'host') === null) return bad(`client sent HTTP/1.1 request without "Host" header${HEADERS}`);
  return checkFraming(minor, headers) ?? checkMethod(method);
}

/** Largest number of bytes that nginx counts (off_t). */
const MOST_BYTES = 2n ** 63n - 1n;

/** The number in a Content-Length, however many zeros lead it; null for what is no such number (ngx_atoof). */
export function contentLengthOf(text: string): number | null {
  return /^\d+$/.test(text) && BigInt(text) <= MOST_BYTES ? Number(text) : null;
}

function checkFraming(minor: number, headers: readonly Header[]): Problem | null {
  const length = header(headers, 'content-length');
  const coding = header(headers, 'transfer-encoding');
  if (length !== null && contentLengthOf(length) === null) return bad(`client sent invalid "Content-Length" header${HEADERS}`);
  if (coding === null) return null;
  if (minor < 1) return bad(`client sent HTTP/1.0 request with "Transfer-Encoding" header${HEADERS}`);
  if (coding.toLowerCase() !== 'chunked') return bad(`client sent unknown "Transfer-Encoding": "${coding}"${HEADERS}`, 501);
  if (length !== null) return bad(`client sent "Content-Length" and "Transfer-Encoding" headers at the same time${HEADERS}`);
  return null;
}

function checkMethod(method: string): Problem | null {
  return method === 'CONNECT' || method === 'TRACE' ? bad(`client sent ${method} method${HEADERS}`, 405) : null;
}
