/** What holds where a configuration says nothing. */
import type { Gzip, Settings } from './model.ts';
import { PREFIX } from './model.ts';
import { PASS_DEFAULTS } from './pass-model.ts';

export const GZIP_DEFAULTS: Gzip = {
  on: false,
  types: new Set(['text/html']),
  minLength: 20,
  minor: 1,
  vary: false,
  proxied: ['off'],
  disable: [],
};

export const DEFAULTS: Settings = {
  root: () => `${PREFIX}html`,
  alias: 0,
  index: [() => 'index.html'],
  types: new Map([
    ['html', 'text/html'],
    ['gif', 'image/gif'],
    ['jpg', 'image/jpeg'],
  ]),
  defaultType: 'text/plain',
  charset: null,
  maxBody: 1024 ** 2,
  bodyTimeout: 60_000,
  sendTimeout: 60_000,
  keepaliveTimeout: 75_000,
  keepaliveHeader: null,
  keepaliveRequests: 1000,
  keepaliveTime: 3_600_000,
  lingeringTimeout: 5_000,
  serverTokens: 'on',
  accessLogs: [],
  errorLogs: [],
  logNotFound: true,
  errorPages: new Map(),
  recursiveErrorPages: false,
  internal: false,
  access: [],
  etag: true,
  ifModifiedSince: 'exact',
  maxRanges: Number.POSITIVE_INFINITY,
  headers: [],
  expires: null,
  autoindex: false,
  autoindexExactSize: true,
  absoluteRedirect: true,
  portInRedirect: true,
  serverNameInRedirect: false,
  chunked: true,
  gzip: GZIP_DEFAULTS,
  gzipStatic: 'off',
  warnUninitialized: true,
  uwsgi: PASS_DEFAULTS,
  proxy: PASS_DEFAULTS,
};
