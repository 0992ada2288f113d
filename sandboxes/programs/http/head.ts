/**
 * Heads of HTTP/1 messages: the first line and the header lines, from byte text to objects.
 * Names are kept as sent (`name`) and in lower case (`key`); order and duplicates are kept.
 */

export interface Header {
  readonly name: string;
  readonly key: string;
  readonly value: string;
}

export interface RequestHead {
  readonly method: string;
  /** The target as sent: `/path?query` or `http://host/path`. */
  readonly target: string;
  /** `HTTP/1.1` */
  readonly protocol: string;
  readonly minor: number;
  readonly headers: readonly Header[];
}

export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly minor: number;
  readonly headers: readonly Header[];
}

/** A head that cannot be understood; `status` is what a server answers to it. */
export class BadHead extends Error {
  readonly status: number;
  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/** Parse a request head (text up to and including the blank line). Throws BadHead. */
export function parseRequest(text: string): RequestHead {
  const end = lineEnd(text, 0);
  const line = text.slice(0, end.text);
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  const method = line.slice(0, first < 0 ? line.length : first);
  if (!/^[A-Z_-]+$/.test(method)) throw new BadHead('client sent invalid method');
  if (first < 0 || last === first) throw new BadHead('client sent invalid request');
  const protocol = line.slice(last + 1);
  const version = /^HTTP\/(\d)\.(\d+)$/.exec(protocol);
  if (!version) throw new BadHead('client sent invalid request');
  if (version[1] !== '1') throw new BadHead('client sent invalid version', 505);
  const target = line.slice(first + 1, last);
  if (/[\x00-\x20\x7f]/.test(target)) throw new BadHead('client sent invalid request');
  return { method, target, protocol, minor: Number(version[2]), headers: parseHeaders(text, end.next) };
}

/** Parse a response head (text up to and including the blank line). Throws BadHead. */
export function parseResponse(text: string): ResponseHead {
  const end = lineEnd(text, 0);
  const match = /^HTTP\/1\.(\d+) (\d{3})(?: (.*))?$/.exec(text.slice(0, end.text));
  if (!match) throw new BadHead('invalid status line');
  return { status: Number(match[2]), reason: match[3] ?? '', minor: Number(match[1]), headers: parseHeaders(text, end.next) };
}

/** Header lines from `from` up to the blank line. Throws BadHead on a line that is no header. */
export function parseHeaders(text: string, from: number): Header[] {
  const headers: Header[] = [];
  for (let at = from; at < text.length; ) {
    const end = lineEnd(text, at);
    if (end.text === at) break;
    const colon = text.indexOf(':', at);
    const name = text.slice(at, colon < 0 || colon > end.text ? end.text : colon);
    if (colon <= at || colon > end.text || /[\x00-\x20\x7f]/.test(name)) throw new BadHead(invalidHeader(text.slice(at, end.text)));
    headers.push({ name, key: name.toLowerCase(), value: trim(text, colon + 1, end.text) });
    at = end.next;
  }
  return headers;
}

/** The value of the first header of that (lower-case) name, or null. */
export function header(headers: readonly Header[], key: string): string | null {
  for (const line of headers) if (line.key === key) return line.value;
  return null;
}

/** Does a comma-separated header such as Connection hold this word? */
export function hasToken(headers: readonly Header[], key: string, token: string): boolean {
  for (const line of headers) {
    if (line.key === key && line.value.split(',').some((word) => word.trim().toLowerCase() === token)) return true;
  }
  return false;
}

/** nginx's way to show where a header line stopped making sense: `no\x20...`. */
function invalidHeader(line: string): string {
  const bad = /[\x00-\x20\x7f:]/.exec(line);
  if (!bad) return line;
  const code = (bad[0].codePointAt(0) ?? 0).toString(16).padStart(2, '0');
  return `${line.slice(0, bad.index)}\\x${code}...`;
}

function lineEnd(text: string, from: number): { text: number; next: number } {
  const newline = text.indexOf('\n', from);
  if (newline < 0) return { text: text.length, next: text.length };
  return { text: newline > from && text.charCodeAt(newline - 1) === 13 ? newline - 1 : newline, next: newline + 1 };
}

function trim(text: string, from: number, to: number): string {
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

const isBlank = (code: number): boolean => code === 32 || code === 9;
