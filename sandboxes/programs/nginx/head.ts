/**
 * Request heads as nginx reads them: the same bytes are taken, the same refused, with the same words. What arrives in
 * pieces is looked at again from its start with every piece, so that a bad head is answered before its end has come.
 */
import type { Header, RequestHead } from '../http/head.ts';
import type { Limits } from './config/model.ts';
import { parseTarget, type Target } from './uri.ts';

/** What was understood of a head: the request line, and the header lines up to some point. */
export interface HeadSoFar {
  readonly head: RequestHead;
  /** The request line as sent. */
  readonly line: string;
  /** Host of an absolute target, or null. */
  readonly host: string | null;
  readonly target: Target | null;
  /** Header lines that were dropped, for the log. */
  readonly dropped: readonly string[];
  /** Bytes that belong to the request. */
  readonly length: number;
  /** Where it ends in the text, behind empty lines that may stand before it. */
  readonly end: number;
}

/** Why a head is refused: what goes to the client and to the error log. */
export interface Problem {
  /** 0: no answer at all. */
  readonly status: number;
  /** nginx's own sentence on the page, for some kinds of 400. */
  readonly detail: string;
  readonly log: string;
  /** The status in the access log, where there is no answer. */
  readonly logged?: number;
}

export type HeadRules = Pick<Limits, 'ignoreInvalidHeaders' | 'underscores' | 'mergeSlashes'>;

/** `problem` for a head that is refused, `more` for one that is not there yet. */
export type HeadResult =
  | { readonly kind: 'good'; readonly read: HeadSoFar }
  | { readonly kind: 'bad'; readonly read: HeadSoFar; readonly problem: Problem }
  | { readonly kind: 'more'; readonly read: HeadSoFar };

/** The usual request line; everything else goes the slow way. */
const LINE = /([A-Z_-]+) (\/[^\x00-\x20\x7f]*) HTTP\/1\.([01])\r?\n/y;
const NOTHING: RequestHead = { method: '', target: '', protocol: '', minor: 0, headers: [] };
const IN_LINE = ' while reading client request line';
const IN_HEADERS = ' while reading client request headers';

interface Line {
  readonly head: RequestHead;
  readonly text: string;
  readonly host: string | null;
  readonly next: number;
}

/** Headers that may come once. */
const UNIQUE = new Set([
  ...['host', 'if-modified-since', 'if-unmodified-since', 'if-match', 'if-none-match', 'content-length', 'content-range'],
  ...['if-range', 'transfer-encoding', 'expect', 'authorization'],
]);

export const firstLine = (text: string, start = 0): string => /[^\r\n]*/.exec(text.slice(start))?.[0] ?? '';
const refuse = (log: string, status = 400): Problem => ({ status, detail: '', log });

/** Read a head at the start of `text`. */
export function parseRequestHead(text: string, rules: HeadRules): HeadResult {
  let start = 0;
  while (text[start] === '\r' || text[start] === '\n') start++;
  const line = fastLine(text, start) ?? slowLine(text, start);
  if (line === null || 'problem' in line) {
    const old = line?.problem === BAD_09.problem ? -1 : 0;
    const read = { ...EMPTY, head: { ...NOTHING, minor: old }, line: firstLine(text, start), end: start };
    return line === null ? { kind: 'more', read } : { kind: 'bad', read, problem: refuse(line.problem + IN_LINE, line.status) };
  }
  const target = parseTarget(line.head.target, rules.mergeSlashes);
  const read = { head: line.head, line: line.text, host: line.host, target, dropped: [], length: line.next - start, end: line.next };
  if (target === null) return { kind: 'bad', read, problem: refuse(`client sent invalid request${IN_LINE}`) };
  if (line.host !== null && hostName(line.host) === null) {
    return { kind: 'bad', read: { ...read, host: null }, problem: refuse(`client sent invalid host in request line${IN_LINE}`) };
  }
  return line.head.minor < 0 ? { kind: 'good', read } : readHeaders(text, start, read, rules);
}

const EMPTY: HeadSoFar = { head: NOTHING, line: '', host: null, target: null, dropped: [], length: 0, end: 0 };

function readHeaders(text: string, start: number, line: HeadSoFar, rules: HeadRules): HeadResult {
  const headers: Header[] = [];
  const dropped: string[] = [];
  const head = { ...line.head, headers };
  for (let at = line.end; ; ) {
    const read = headerLine(text, at, rules);
    const upTo = (end: number): HeadSoFar => ({ ...line, head, dropped, length: end - start, end });
    if (read === null) return { kind: 'more', read: upTo(at) };
    if ('problem' in read) return { kind: 'bad', read: upTo(at), problem: refuse(read.problem + IN_HEADERS) };
    at = read.next;
    const { header } = read;
    if (header === null) return { kind: 'good', read: upTo(at) };
    if (!read.valid && rules.ignoreInvalidHeaders) dropped.push(read.text);
    else {
      const problem = UNIQUE.has(header.key) ? checkUnique(headers, header) : null;
      headers.push(header);
      if (problem) return { kind: 'bad', read: upTo(at), problem };
    }
  }
}

function checkUnique(headers: readonly Header[], line: Header): Problem | null {
  const before = headers.find((other) => other.key === line.key);
  if (before) {
    const what = line.key === 'host' ? 'duplicate host header' : 'duplicate header line';
    return refuse(`client sent ${what}: "${line.name}: ${line.value}", previous value: "${before.name}: ${before.value}"${IN_HEADERS}`);
  }
  return line.key === 'host' && hostName(line.value) === null ? refuse(`client sent invalid host header${IN_HEADERS}`) : null;
}

/** A Host header as a name: lower case, without port and final dot; null when it is none. */
export function hostName(value: string): string | null {
  if (/[\x00-\x20\x7f/]|\.\./.test(value)) return null;
  const end = value.startsWith('[') ? value.indexOf(']') + 1 : value.indexOf(':');
  const name = (end > 0 || value.startsWith(':') ? value.slice(0, Math.max(0, end)) : value).replace(/\.$/, '');
  return name === '' ? null : name.toLowerCase();
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
    if (host.startsWith('[') && !host.endsWith(']')) return BAD_REQUEST;
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
  const done = (minor: number, protocol: string): Line => {
    return { head: { method, target, protocol, minor, headers: [] }, text: firstLine(text, start), host, next: at };
  };
  if (/[\r\n]/.test(text.charAt(at))) {
    if (text[at] === '\r' && text[at + 1] === undefined) return null;
    if (text[at] === '\r' && text[at + 1] !== '\n') return BAD_REQUEST;
    at += text[at] === '\r' ? 2 : 1;
    return method === 'GET' ? done(-1, '') : BAD_09;
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
  if (minor === '' || Number(minor) > 999) return BAD_REQUEST;
  const protocol = text.slice(protocolStart, at);
  take(/ +/y);
  if (!more()) return null;
  if (text[at] === '\r') at++;
  if (!more()) return null;
  if (text[at++] !== '\n') return BAD_REQUEST;
  return done(Number(minor), protocol);
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
export function headerLine(text: string, at: number, rules: Pick<HeadRules, 'underscores'>): HeaderLine | { problem: string } | null {
  HEADER.lastIndex = at;
  const match = HEADER.exec(text);
  if (match) {
    const [whole, name = '', value = ''] = match;
    return { header: { name, key: name.toLowerCase(), value: trimEnd(value) }, valid: true, text: '', next: at + whole.length };
  }
  return oddHeaderLine(text, at, rules);
}

const trimEnd = (value: string): string => (value.endsWith(' ') ? value.replace(/ +$/, '') : value);

function oddHeaderLine(text: string, at: number, rules: Pick<HeadRules, 'underscores'>): HeaderLine | { problem: string } | null {
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
