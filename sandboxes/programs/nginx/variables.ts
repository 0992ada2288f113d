/**
 * nginx's variables and templates: text with `$name` in it, compiled once into functions of the request. All values
 * are byte text.
 */
import { type Header, header } from '../http/head.ts';
import { dateHttp, dateLog } from './dates.ts';
import { escapeForLog, escapeJson } from './log-escape.ts';
import type { Request, UpstreamState } from './request.ts';
import { escapeArgs } from './uri.ts';

/** The value of a template for a request. */
export type Template = (request: Request) => string;
/** The value of a variable; null when it is not there, which a log shows as a dash. */
export type Variable = (request: Request) => string | null;

const orNull = (text: string): string | null => text || null;

const VARIABLES: Readonly<Record<string, Variable>> = {
  args: (r) => orNull(r.args),
  query_string: (r) => orNull(r.args),
  is_args: (r) => (r.args ? '?' : ''),
  request_method: (r) => orNull(r.method),
  request_uri: (r) => orNull(r.rawUri),
  request: (r) => orNull(r.line),
  request_body: (r) => (r.body ? r.bodyText() : null),
  uri: (r) => (r.method ? r.uri : null),
  document_uri: (r) => (r.method ? r.uri : null),
  document_root: (r) => r.settings.root(r),
  realpath_root: (r) => r.settings.root(r),
  request_filename: (r) => r.filename(),
  content_type: (r) => header(r.head.headers, 'content-type'),
  content_length: (r) => (r.chunkedBody ? String(r.bodyLength) : header(r.head.headers, 'content-length')),
  server_protocol: (r) => orNull(r.head.protocol),
  scheme: (r) => r.scheme,
  https: (r) => (r.client.tls ? 'on' : ''),
  ssl_protocol: (r) => r.client.tls && 'TLSv1.3',
  ssl_cipher: (r) => r.client.tls?.suite.name ?? null,
  ssl_curve: (r) => CURVES[r.client.tls?.group ?? ''] ?? null,
  ssl_server_name: (r) => r.client.tls?.serverName ?? null,
  host: (r) => r.hostOrServer,
  hostname: () => 'localhost',
  server_name: (r) => r.serverName,
  server_addr: (r) => r.serverAddress,
  server_port: (r) => String(r.serverPort),
  remote_addr: (r) => r.client.connection.peer,
  binary_remote_addr: (r) => String.fromCharCode(...r.client.connection.peer.split('.').map(Number)),
  remote_port: (r) => String(r.client.remotePort),
  remote_user: (r) => remoteUser(header(r.head.headers, 'authorization')),
  connection: (r) => String(r.client.number),
  connection_requests: (r) => String(r.n),
  connection_time: (r) => seconds(r.client.elapsed()),
  connections_active: (r) => String(r.client.worker.active),
  pipe: (r) => (r.pipelined ? 'p' : '.'),
  request_completion: (r) => (r.complete ? 'OK' : ''),
  request_id: (r) => r.id,
  status: (r) => String(r.errorStatus || r.status).padStart(3, '0'),
  body_bytes_sent: (r) => String(r.bodySent),
  bytes_sent: (r) => String(r.bytesSent),
  request_length: (r) => String(r.length + r.bodyLength),
  request_time: (r) => seconds(r.elapsed()),
  msec: (r) => seconds(r.client.host.date()),
  time_local: (r) => dateLog(r.client.host.date()),
  time_iso8601: (r) => `${new Date(r.client.host.date()).toISOString().slice(0, 19)}+00:00`,
  date_gmt: (r) => dateHttp(r.client.host.date()),
  date_local: (r) => dateHttp(r.client.host.date()),
  pid: (r) => String(r.client.host.pid),
  nginx_version: () => '1.22.1',
  limit_rate: () => '0',
  gzip_ratio: (r) => (r.gzipRatio === null ? null : r.gzipRatio.toFixed(2)),
  proxy_host: (r) => r.proxyHost?.host ?? null,
  proxy_port: (r) => r.proxyHost?.port ?? null,
  proxy_add_x_forwarded_for: (r) => {
    const before = lines(r, 'x-forwarded-for', ', ');
    return before === null ? r.client.connection.peer : `${before}, ${r.client.connection.peer}`;
  },
  upstream_addr: (r) => each(r, (state) => state.name),
  upstream_status: (r) => each(r, (state) => (state.status === 0 ? '-' : String(state.status))),
  upstream_connect_time: (r) => each(r, (state) => optional(state.connectTime)),
  upstream_header_time: (r) => each(r, (state) => optional(state.headerTime)),
  upstream_response_time: (r) => each(r, (state) => optional(state.responseTime)),
  upstream_response_length: (r) => each(r, (state) => String(state.length)),
  upstream_bytes_received: (r) => each(r, (state) => String(state.received)),
  upstream_bytes_sent: (r) => each(r, (state) => String(state.sent)),
};

/** Groups as OpenSSL calls them. */
const CURVES: Readonly<Record<string, string>> = { x25519: 'X25519', secp256r1: 'prime256v1' };

/** Variables that `set` may change; every other name of nginx's own is taken. */
export const CHANGEABLE: ReadonlySet<string> = new Set(['args', 'limit_rate']);

/** Milliseconds as nginx logs times. */
const seconds = (ms: number): string => (Math.floor(ms) / 1000).toFixed(3);
const optional = (ms: number | null): string => (ms === null ? '-' : seconds(ms));

/** One value for each server that was tried, as logs show them. */
function each(request: Request, show: (state: UpstreamState) => string): string | null {
  const { upstreams } = request;
  if (upstreams.length === 0) return null;
  return upstreams.map((state, i) => (i === 0 ? '' : state.newGroup ? ' : ' : ', ') + show(state)).join('');
}

function lines(request: Request, key: string, separator: string): string | null {
  const values = request.head.headers.filter((line) => line.key === key).map((line) => line.value);
  return values.length === 0 ? null : values.join(separator);
}

function remoteUser(authorization: string | null): string | null {
  const match = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? '');
  if (!match?.[1] || match[1].length % 4 === 1) return null;
  const text = atob(match[1].replace(/=+$/, ''));
  return text.includes(':') ? text.slice(0, text.indexOf(':')) : null;
}

/** A header by a variable's name, where an underscore stands for a hyphen or for itself. */
function named(headers: readonly Header[], name: string): string | null {
  const dashed = name.replaceAll('_', '-');
  const value = header(headers, dashed);
  if (value !== null || dashed === name) return value;
  return headers.find((line) => line.key.replaceAll('-', '_') === name)?.value ?? null;
}

function requestHeader(name: string): Variable {
  if (name === 'cookie') return (r) => lines(r, name, '; ');
  if (name === 'x_forwarded_for') return (r) => lines(r, 'x-forwarded-for', ', ');
  return (r) => named(r.head.headers, name);
}

const valuesOf = (headers: readonly Header[], key: string): string[] =>
  headers.filter((line) => line.key === key).map((line) => line.value);

/** Variables whose names begin alike. */
const FAMILIES: readonly (readonly [string, (rest: string) => Variable])[] = [
  ['http_', requestHeader],
  ['sent_http_', (rest) => (r) => r.sent(rest.replaceAll('_', '-'))],
  ['upstream_http_', (rest) => (r) => (r.upstreamHead ? named(r.upstreamHead, rest) : null)],
  ['upstream_cookie_', (rest) => (r) => cookie(valuesOf(r.upstreamHead ?? [], 'set-cookie'), rest)],
  ['arg_', (rest) => (r) => argument(r.args, rest)],
  ['cookie_', (rest) => (r) => cookie(valuesOf(r.head.headers, 'cookie'), rest)],
];

function argument(args: string, name: string): string | null {
  for (const pair of args.split('&')) {
    if (pair.length > name.length && pair.charAt(name.length) === '=' && pair.slice(0, name.length).toLowerCase() === name.toLowerCase()) {
      return pair.slice(name.length + 1);
    }
  }
  return null;
}

function cookie(values: readonly string[], name: string): string | null {
  for (const value of values) {
    for (const pair of value.split(/[;,] */)) {
      const equals = pair.indexOf('=');
      if (equals > 0 && pair.slice(0, equals).trimEnd().toLowerCase() === name.toLowerCase()) return pair.slice(equals + 1).trimStart();
    }
  }
  return null;
}

/** The function behind `$name` when nginx itself has such a variable, or null. */
export function builtin(name: string): Variable | null {
  const known = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  if (known) return known;
  const family = FAMILIES.find(([start]) => name.startsWith(start) && name.length > start.length);
  return family ? family[1](name.slice(family[0].length)) : null;
}

/** The function behind `$name`: nginx's own, or one that the configuration makes. */
export const variable = (name: string): Variable => builtin(name) ?? ((r) => r.variable(name));

/** Text that is no template, in nginx's words. */
export class BadTemplate extends Error {}

interface Part {
  readonly text: string;
  readonly value: Variable | null;
}

/** What a pattern found; `escaped` where the client had escapes too. */
function capture(n: number, escaped: boolean): Variable {
  if (!escaped) return (r) => r.captures?.[n] ?? '';
  return (r) => (r.quoted || r.plus ? escapeArgs(r.captures?.[n] ?? '') : (r.captures?.[n] ?? ''));
}

/** Take a text apart at its variables; `used` collects their names for a later check. Throws BadTemplate. */
export function parts(text: string, used: Set<string>, escaped = false): Part[] {
  const found: Part[] = [];
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
    if (dollar > at) found.push({ text: text.slice(at, dollar), value: null });
    const match = /\$(?:([1-9])|\{(\w*)(\}?)|(\w+))/y;
    match.lastIndex = dollar;
    const variableText = match.exec(text);
    if (!variableText) throw new BadTemplate('invalid variable name');
    const [whole, digit, braced, closing, plain] = variableText;
    at = dollar + whole.length;
    if (braced !== undefined && closing === '') {
      throw new BadTemplate(
        braced === '' && at === text.length ? 'invalid variable name' : `the closing bracket in "${braced}" variable is missing`,
      );
    }
    const name = braced ?? plain ?? '';
    if (digit !== undefined) found.push({ text: whole, value: capture(Number(digit), escaped) });
    else if (name === '') throw new BadTemplate('invalid variable name');
    else {
      used.add(name.toLowerCase());
      found.push({ text: whole, value: variable(name.toLowerCase()) });
    }
  }
  if (at < text.length) found.push({ text: text.slice(at), value: null });
  return found;
}

/**
 * Compile text with variables. In a log what is absent is a dash, and what could break a line or its quotes is escaped.
 * Throws BadTemplate.
 */
export function template(text: string, used: Set<string>, kind: 'value' | 'args' | 'log' | 'json' | 'none' = 'value'): Template {
  if (!text.includes('$')) return () => text;
  const show: Record<typeof kind, (value: string | null) => string> = {
    value: (value) => value ?? '',
    args: (value) => value ?? '',
    none: (value) => value ?? '',
    log: (value) => (value === null ? '-' : escapeForLog(value)),
    json: (value) => (value === null ? '' : escapeJson(value)),
  };
  const write = show[kind];
  const compiled: Template[] = parts(text, used, kind === 'args').map(({ text: plain, value }) =>
    value ? (r) => write(value(r)) : () => plain,
  );
  const [only] = compiled;
  if (compiled.length === 1 && only) return only;
  return (request) => {
    let whole = '';
    for (const part of compiled) whole += part(request);
    return whole;
  };
}
