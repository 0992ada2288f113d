/**
 * Directives that are checked as nginx checks them and then have no effect here, because what they tune the sandbox does
 * not have.
 */
import type { Call } from './parser.ts';
import { parseNumber, parseSize } from './values.ts';

export interface NoEffect {
  /** Why it has none, in a sentence for the reference. */
  readonly why: string;
  /** What nginx checks beyond its general rules. */
  readonly check?: (call: Call) => void;
}

const LIMITS = 'Belongs to the operating system; the sandbox has no such limits.';
const SOCKETS = 'Tunes sockets of the operating system; the sandbox has its own.';
const HASHES = 'Sizes a table inside the real nginx.';
const MEMORY = 'Sizes memory inside the real nginx.';
const FILES = 'Tunes how files are read or written; the sandbox keeps them in memory.';
const EVENTS = 'Tunes how workers wait for events; here the sandbox does that.';
const TLS = "Tunes what this nginx's TLS does not have: its own ciphers only, no sessions.";
/** Eight pages of memory. */
const SMALLEST_ZONE = 8 * 4096;

const all = (why: string, ...names: string[]): [string, NoEffect][] => names.map((name) => [name, { why }]);

/** As worker_connections: a number with nginx's own sentence for a bad one. */
function connections({ parser, scope, args, name }: Call): void {
  if (scope.seen.has(name)) throw parser.error(`"${name}" directive is duplicate`);
  scope.seen.add(name);
  if (!/^\d+$/.test(args[0] ?? '')) throw parser.error(`invalid number "${args[0]}"`);
}

function priority({ parser, args, name }: Call): void {
  if (!/^-?\d+$/.test(args[0] ?? '')) throw parser.error(`"${name}" directive invalid number`);
}

function zone({ parser, args }: Call): void {
  const [name = '', size] = args;
  if (name === '') throw parser.error(`invalid zone name "${name}"`);
  if (size === undefined) return;
  const bytes = parseSize(size);
  if (!bytes) throw parser.error(`invalid zone size "${size}"`);
  if (bytes < SMALLEST_ZONE) throw parser.error(`zone "${name}" is too small`);
}

function keepalive({ parser, scope, args, name }: Call): void {
  if (scope.seen.has(name)) throw parser.error(`"${name}" directive is duplicate`);
  scope.seen.add(name);
  if (!parseNumber(args[0] ?? '')) throw parser.error(`invalid value "${args[0]}" in "${name}" directive`);
}

function satisfy({ parser, args }: Call): void {
  if (!/^(all|any)$/.test(args[0] ?? '')) throw parser.error(`invalid value "${args[0]}"`);
}

export const NO_EFFECT: Readonly<Record<string, NoEffect>> = Object.fromEntries([
  ...all(LIMITS, 'worker_rlimit_nofile', 'worker_rlimit_core'),
  ['worker_priority', { why: LIMITS, check: priority }],
  ...all('Binds workers to cores; a tab cannot.', 'worker_cpu_affinity'),
  ...all('The sandbox loads no modules; the directives of a module are unknown or refused.', 'load_module'),
  ...all('Speeds up patterns in the real nginx.', 'pcre_jit'),
  ...all(EVENTS, 'multi_accept', 'accept_mutex', 'accept_mutex_delay', 'use'),
  ['zone', { why: 'Each worker keeps its own count here, as workers without a zone do.', check: zone }],
  ['keepalive', { why: 'Every request to a server behind has a connection of its own here.', check: keepalive }],
  ['satisfy', { why: 'Matters only beside auth_basic and auth_request, which are refused.', check: satisfy }],
  ['worker_connections', { why: EVENTS, check: connections }],
  ...all(SOCKETS, 'sendfile', 'tcp_nopush', 'tcp_nodelay', 'sendfile_max_chunk', 'reset_timedout_connection'),
  ...all(SOCKETS, 'uwsgi_socket_keepalive', 'proxy_socket_keepalive'),
  ...all(HASHES, 'types_hash_max_size', 'types_hash_bucket_size', 'server_names_hash_bucket_size', 'server_names_hash_max_size'),
  ...all(HASHES, 'variables_hash_max_size', 'variables_hash_bucket_size', 'map_hash_max_size', 'map_hash_bucket_size'),
  ...all(HASHES, 'proxy_headers_hash_max_size', 'proxy_headers_hash_bucket_size'),
  ...all(MEMORY, 'client_body_buffer_size', 'output_buffers', 'postpone_output', 'gzip_buffers', 'gzip_comp_level'),
  ...all(FILES, 'open_file_cache', 'open_file_cache_valid', 'open_file_cache_min_uses', 'open_file_cache_errors', 'directio', 'aio'),
  ...all(FILES, 'client_body_temp_path', 'uwsgi_temp_path', 'proxy_temp_path', 'uwsgi_max_temp_file_size', 'proxy_max_temp_file_size'),
  ...all(FILES, 'uwsgi_temp_file_write_size', 'proxy_temp_file_write_size', 'fastcgi_temp_path', 'scgi_temp_path'),
  ...all('Writes more about rewriting to the error log in the real nginx.', 'rewrite_log'),
  ...all('Works around old versions of Internet Explorer.', 'msie_padding', 'msie_refresh'),
  ...all('The sandbox always takes the rest of a request before it closes.', 'lingering_close'),
  ...all(TLS, 'ssl_prefer_server_ciphers', 'ssl_session_cache', 'ssl_session_timeout', 'ssl_session_tickets', 'ssl_ciphers'),
]);
