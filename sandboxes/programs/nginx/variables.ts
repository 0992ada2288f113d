/**
 * nginx's variables and templates: text with `$name` in it, compiled once into functions of the request. All values
 * are byte text.
 */

import { header } from '../http/head.ts';
import { dateLog } from './dates.ts';
import type { Request } from './request.ts';

/** The value of a template for a request. */
export type Template = (request: Request) => string;

const VARIABLES: Readonly<Record<string, Template>> = {
  args: (r) => r.args,
  query_string: (r) => r.args,
  is_args: (r) => (r.args ? '?' : ''),
  request_method: (r) => r.head.method,
  request_uri: (r) => r.rawUri,
  request: (r) => r.line,
  uri: (r) => r.uri,
  document_uri: (r) => r.uri,
  document_root: (r) => r.settings.root(r),
  request_filename: (r) => r.filename(),
  content_type: (r) => header(r.head.headers, 'content-type') ?? '',
  content_length: (r) => (r.body ? String(r.body.length) : (header(r.head.headers, 'content-length') ?? '')),
  server_protocol: (r) => r.head.protocol,
  scheme: () => 'http',
  https: () => '',
  host: (r) => r.hostOrServer,
  server_name: (r) => r.server.names[0] ?? '',
  server_addr: () => '127.0.0.1',
  server_port: (r) => String(r.serverPort),
  remote_addr: (r) => r.client.connection.peer,
  remote_port: (r) => String(r.client.remotePort),
  remote_user: () => '',
  connection: (r) => String(r.client.number),
  connection_requests: (r) => String(r.n),
  status: (r) => String(r.status).padStart(3, '0'),
  body_bytes_sent: (r) => String(r.bodySent),
  bytes_sent: (r) => String(r.bytesSent),
  request_length: (r) => String(r.length),
  request_time: (r) => seconds(r.elapsed()),
  msec: (r) => seconds(r.client.host.date()),
  time_local: (r) => dateLog(r.client.host.date()),
  time_iso8601: (r) => `${new Date(r.client.host.date()).toISOString().slice(0, 19)}+00:00`,
  pid: (r) => String(r.client.host.pid),
  nginx_version: () => '1.22.1',
  upstream_addr: (r) => r.upstream?.name ?? '',
  upstream_status: (r) => (r.upstream ? String(r.upstream.status) : ''),
  upstream_connect_time: (r) => optional(r.upstream?.connectTime),
  upstream_header_time: (r) => optional(r.upstream?.headerTime),
  upstream_response_time: (r) => optional(r.upstream?.responseTime),
};

/** Milliseconds as nginx logs times. */
const seconds = (ms: number): string => (ms / 1000).toFixed(3);
const optional = (ms: number | null | undefined): string => (ms === null || ms === undefined ? '' : seconds(ms));

/** The function behind `$name`, or null when there is no such variable. */
export function variable(name: string): Template | null {
  const known = VARIABLES[name];
  if (known) return known;
  if (/^\d$/.test(name)) return (r) => r.captures?.[Number(name)] ?? '';
  if (name.startsWith('http_')) {
    const key = name.slice(5).replaceAll('_', '-');
    return (r) => header(r.head.headers, key) ?? '';
  }
  if (name.startsWith('arg_')) {
    const start = `${name.slice(4)}=`;
    return (r) =>
      r.args
        .split('&')
        .find((pair) => pair.toLowerCase().startsWith(start))
        ?.slice(start.length) ?? '';
  }
  if (name.startsWith('cookie_')) {
    const start = `${name.slice(7)}=`;
    return (r) =>
      (header(r.head.headers, 'cookie') ?? '')
        .split(/;\s*/)
        .find((pair) => pair.startsWith(start))
        ?.slice(start.length) ?? '';
  }
  return null;
}

/**
 * Compile text with variables; `used` collects their names for a later check. In a log an empty value is a dash, and
 * what could break a line or its quotes is escaped.
 */
export function template(text: string, used: Set<string>, kind: 'value' | 'log' = 'value'): Template {
  if (!text.includes('$')) return () => text;
  const parts: Template[] = [];
  let from = 0;
  for (const match of text.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)) {
    const name = match[1] ?? (/^\d/.test(match[2] ?? '') ? (match[2] ?? '').charAt(0) : (match[2] ?? ''));
    const before = text.slice(from, match.index);
    if (before) parts.push(() => before);
    used.add(name);
    const value = variable(name) ?? (() => '');
    parts.push(kind === 'log' ? (request) => escapeForLog(value(request)) : value);
    from = match.index + (match[1] === undefined ? 1 + name.length : match[0].length);
  }
  const rest = text.slice(from);
  if (rest) parts.push(() => rest);
  const [only] = parts;
  return parts.length === 1 && only ? only : (request) => parts.map((part) => part(request)).join('');
}

function escapeForLog(value: string): string {
  if (value === '') return '-';
  if (!/[\x00-\x1f"\\\x7f-\xff]/.test(value)) return value;
  return value.replace(/[\x00-\x1f"\\\x7f-\xff]/g, (ch) => `\\x${ch.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
