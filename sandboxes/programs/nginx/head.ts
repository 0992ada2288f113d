/**
 * Request heads as nginx reads them: the same bytes are taken, the same refused, with the same words. What arrives in
 * pieces is looked at again from its start with every piece, so that a bad head is answered before its end has come.
 */
import type { Header, RequestHead } from '../http/head.ts';

/** A head that is refused: what goes to the client and to the error log, and as much of the request as was understood. */
export interface BadRequest {
  readonly status: number;
  /** nginx's own sentence on the page, for some kinds of 400. */
  readonly detail: string;
  readonly log: string;
  readonly head: RequestHead;
  /** The first line, or what has come of it. */
  readonly line: string;
}

export interface GoodRequest {
  readonly head: RequestHead;
  readonly line: string;
  /** Host of an absolute target, or null. */
  readonly host: string | null;
  /** Header lines that were dropped, for the log. */
  readonly dropped: readonly string[];
  /** Where the head ends in the text. */
  readonly end: number;
}

export interface HeadRules {
  readonly ignoreInvalidHeaders: boolean;
  readonly underscores: boolean;
}

export type HeadResult = { readonly good: GoodRequest } | { readonly bad: BadRequest } | null;

/** The usual request line; everything else goes the slow way. */
const LINE = /([A-Z_-]+) (\/[^\x00-\x20\x7f]*) HTTP\/1\.([01])\r?\n/y;
const NOTHING: RequestHead = { method: '', target: '', protocol: '', minor: 0, headers: [] };

interface Line {
  readonly head: RequestHead;
  readonly text: string;
  readonly host: string | null;
  readonly next: number;
}

/** Read a head at the start of `text`; null when more is needed. */
export function parseRequestHead(text: string, rules: HeadRules): HeadResult {
  let start = 0;
  while (text[start] === '\r' || text[start] === '\n') start++;
  const line = fastLine(text, start) ?? slowLine(text, start);
  if (line === null) return null;
  if ('problem' in line) return refuse(line.status, line.problem, 'reading client request line', NOTHING, firstLine(text, start));
  const { head } = line;
  if (head.minor < 0) return { good: { head, line: line.text, host: line.host, dropped: [], end: line.next } };
  const headers: Header[] = [];
  const dropped: string[] = [];
  for (let at = line.next; ; ) {
    const read = headerLine(text, at, rules);
    if (read === null) return null;
    if ('problem' in read) {
      return refuse(400, read.problem, 'reading client request headers', { ...head, headers }, line.text);
    }
    at = read.next;
    if (read.header === null) return { good: { head: { ...head, headers }, line: line.text, host: line.host, dropped, end: at } };
    if (read.valid || !rules.ignoreInvalidHeaders) headers.push(read.header);
    else dropped.push(read.text);
  }
}

export const firstLine = (text: string, start = 0): string => /[^\r\n]*/.exec(text.slice(start))?.[0] ?? '';

function refuse(status: number, message: string, action: string, head: RequestHead, line: string): { bad: BadRequest } {
  return { bad: { status, detail: '', log: `${message} while ${action}`, head, line } };
}

function fastLine(text: string, start: number): Line | null {
  LINE.lastIndex = start;
  const match = LINE.exec(text);
  if (!match) return null;
  const [whole, method = '', target = '', minor = ''] = match;
  const end = whole.endsWith('\r\n') ? 2 : 1;
  const head = { method, target, protocol: `HTTP/1.${minor}`, minor: Number(minor), headers: [] };
  return { head, text: whole.slice(0, -end), host: null, next: start + whole.length };
}

const BAD_METHOD = { status: 400, problem: 'client sent invalid method' };
const BAD_REQUEST = { status: 400, problem: 'client sent invalid request' };
const BAD_VERSION = { status: 505, problem: 'client sent invalid version' };
const BAD_09 = { status: 400, problem: 'client sent invalid method in HTTP/0.9 request' };

/** The request line part by part. Each part is refused at its first bad byte, whether or not the line is complete. */
function slowLine(text: string, start: number): Line | { status: number; problem: string } | null {
  let at = start;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const more = (): boolean => at < text.length;

  const method = take(/[A-Z_-]+/y);
  if (!more()) return null;
  if (method === '' || text[at] !== ' ') return BAD_METHOD;
  take(/ +/y);
  if (!more()) return null;
  let host: string | null = null;
  if (text[at] !== '/') {
    if (take(/[a-z][a-z0-9+.-]*/iy) === '') return BAD_REQUEST;
    for (const expected of [':', '/', '/']) {
      if (!more()) return null;
      if (text[at++] !== expected) return BAD_REQUEST;
    }
    host = take(/\[[0-9a-z:.\-_~!$&'()*+,;=]*\]?|[a-z0-9.-]+/iy);
    if (!more()) return null;
    if (host === '' || (host.startsWith('[') && !host.endsWith(']'))) return BAD_REQUEST;
    take(/:\d*/y);
    if (!more()) return null;
    if (!'/? '.includes(text.charAt(at))) return BAD_REQUEST;
  }
  const path = take(/[^\x00-\x20\x7f]*/y);
  if (!more()) return null;
  const target = path === '' ? '/' : path.startsWith('/') ? path : `/${path}`;
  const uriEnd = at;
  take(/ +/y);
  if (!more()) return null;
  const done = (minor: number, protocol: string, lineEnd: number): Line => {
    const sent = text.slice(start, lineEnd);
    return { head: { method, target, protocol, minor, headers: [] }, text: sent, host, next: at };
  };
  if (/[\r\n]/.test(text.charAt(at))) {
    if (text[at] === '\r' && text[at + 1] === undefined) return null;
    if (text[at] === '\r' && text[at + 1] !== '\n') return BAD_REQUEST;
    at += text[at] === '\r' ? 2 : 1;
    return method === 'GET' ? done(-1, '', uriEnd) : BAD_09;
  }
  if (at === uriEnd) return BAD_REQUEST;
  const protocolStart = at;
  for (const expected of 'HTTP/') {
    if (!more()) return null;
    if (text[at++] !== expected) return BAD_REQUEST;
  }
  const major = take(/\d+/y);
  if (major.startsWith('0')) return BAD_REQUEST;
  if (major !== '' && Number(major) > 1) return BAD_VERSION;
  if (!more()) return null;
  if (major === '' || text[at++] !== '.') return BAD_REQUEST;
  if (!more()) return null;
  const minor = take(/\d+/y);
  if (minor === '' || Number(minor) > 99) return BAD_REQUEST;
  const protocol = text.slice(protocolStart, at);
  const lineEnd = at;
  take(/ +/y);
  if (!more()) return null;
  if (text[at] === '\r') at++;
  if (!more()) return null;
  if (text[at++] !== '\n') return BAD_REQUEST;
  return done(Number(minor), protocol, lineEnd);
}

export interface HeaderLine {
  /** Null at the blank line. */
  readonly header: Header | null;
  /** Made of letters, digits and hyphens (and underscores where they are allowed)? */
  readonly valid: boolean;
  readonly text: string;
  readonly next: number;
}

/** The usual header line. Spaces around a value go; a tab is part of it. */
const HEADER = /([A-Za-z0-9-]+): *([^\x00\r\n]*)\r?\n/y;

/** One line of a head at `at`, or null when more is needed. Upstreams' answers are read by the same rules. */
export function headerLine(text: string, at: number, rules: HeadRules): HeaderLine | { problem: string } | null {
  HEADER.lastIndex = at;
  const match = HEADER.exec(text);
  if (match) {
    const [whole, name = '', value = ''] = match;
    return { header: { name, key: name.toLowerCase(), value: trimEnd(value) }, valid: true, text: '', next: at + whole.length };
  }
  return oddHeaderLine(text, at, rules);
}

const trimEnd = (value: string): string => (value.endsWith(' ') ? value.replace(/ +$/, '') : value);

function oddHeaderLine(text: string, at: number, rules: HeadRules): HeaderLine | { problem: string } | null {
  const problem = (where: number): { problem: string } | null => {
    if (where >= text.length) return null;
    const code = text.charCodeAt(where).toString(16).padStart(2, '0');
    return { problem: `client sent invalid header line: "${text.slice(at, where)}\\x${code}..."` };
  };
  /** The line's end: any number of CRs and an LF. */
  const finish = (end: number, header: Header | null): HeaderLine | { problem: string } | null => {
    let next = end;
    while (text[next] === '\r') next++;
    if (next >= text.length) return null;
    if (text[next] !== '\n') return problem(end);
    const allowed = rules.underscores ? /^[a-z0-9_-]*$/ : /^[a-z0-9-]*$/;
    return { header, valid: header === null || allowed.test(header.key), text: text.slice(at, end), next: next + 1 };
  };
  if (at >= text.length) return null;
  // A blank line ends the head: here one CR at the most.
  if (text[at] === '\n') return finish(at, null);
  if (text[at] === '\r') {
    if (at + 1 >= text.length) return null;
    return text[at + 1] === '\n' ? finish(at, null) : problem(at);
  }
  const name = /[^\x00-\x20\x7f:]*/y;
  name.lastIndex = at;
  const found = name.exec(text)?.[0] ?? '';
  const after = at + found.length;
  if (after >= text.length) return null;
  if (found === '') return problem(after);
  const key = found.toLowerCase();
  if (text[after] === '\r' || text[after] === '\n') return finish(after, { name: found, key, value: '' });
  if (text[after] !== ':') return problem(after);
  const value = /[^\x00\r\n]*/y;
  value.lastIndex = after + 1;
  const rest = value.exec(text)?.[0] ?? '';
  const end = after + 1 + rest.length;
  if (end >= text.length) return null;
  if (text[end] === '\0') return problem(end);
  return finish(end, { name: found, key, value: trimEnd(rest.replace(/^ +/, '')) });
}
