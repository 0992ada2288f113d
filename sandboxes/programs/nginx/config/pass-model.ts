/** What `uwsgi_*` and `proxy_*` directives say: the two families have nearly the same members. Times in milliseconds. */
import type { Template } from '../variables.ts';

export interface Param {
  readonly name: string;
  readonly value: Template;
  readonly ifNotEmpty: boolean;
}

/** When the next server may be tried, as in uwsgi_next_upstream. */
export type NextCase =
  | 'error'
  | 'timeout'
  | 'invalid_header'
  | 'non_idempotent'
  | 'off'
  | 'http_500'
  | 'http_502'
  | 'http_503'
  | 'http_504'
  | 'http_403'
  | 'http_404'
  | 'http_429';

/** `proxy_redirect`: what a Location from upstream begins with (or looks like), and what stands there then. */
export interface Redirect {
  readonly from: Template | RegExp;
  readonly to: Template;
}

export interface PassSettings {
  /** uwsgi_param lines, or proxy_set_header lines. */
  readonly params: readonly Param[];
  readonly connectTimeout: number;
  readonly sendTimeout: number;
  readonly readTimeout: number;
  readonly buffering: boolean;
  readonly requestBuffering: boolean;
  readonly bufferSize: number;
  readonly buffers: { readonly count: number; readonly size: number };
  readonly busySize: number | null;
  readonly next: ReadonlySet<NextCase>;
  readonly nextTries: number;
  readonly nextTimeout: number;
  /** Names of headers, in lower case. */
  readonly hide: readonly string[];
  readonly pass: readonly string[];
  readonly ignore: ReadonlySet<string>;
  readonly intercept: boolean;
  readonly ignoreAbort: boolean;
  readonly passHeaders: boolean;
  readonly passBody: boolean;
  readonly modifier1: number;
  readonly modifier2: number;
  readonly method: Template | null;
  readonly body: Template | null;
  /** 0 or 1 of HTTP/1.x. */
  readonly minor: number;
  /** Null is the default, made from proxy_pass itself. */
  readonly redirects: readonly Redirect[] | null;
}

export const PASS_DEFAULTS: PassSettings = {
  params: [],
  connectTimeout: 60_000,
  sendTimeout: 60_000,
  readTimeout: 60_000,
  buffering: true,
  requestBuffering: true,
  bufferSize: 4096,
  buffers: { count: 8, size: 4096 },
  busySize: null,
  next: new Set<NextCase>(['error', 'timeout']),
  nextTries: 0,
  nextTimeout: 0,
  hide: [],
  pass: [],
  ignore: new Set(),
  intercept: false,
  ignoreAbort: false,
  passHeaders: true,
  passBody: true,
  modifier1: 0,
  modifier2: 0,
  method: null,
  body: null,
  minor: 0,
  redirects: null,
};
