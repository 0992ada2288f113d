/**
 * A configuration as the server uses it. While files are read, each `http`, `server` and `location` collects only what
 * it says itself (`own`); when the http block ends, `finish` lays the levels over each other into `settings`.
 */
import type { Identity } from '../../tls/server.ts';
import type { Template } from '../variables.ts';
import type { Place } from './error.ts';
import type { PassSettings } from './pass-model.ts';
import type { Rule } from './rules.ts';
import type { Group, Target } from './upstream-model.ts';

export type LogLevel = 'debug' | 'info' | 'notice' | 'warn' | 'error' | 'crit' | 'alert' | 'emerg';

export interface ErrorLog {
  /** A path, or null for standard error. */
  readonly path: string | null;
  readonly level: LogLevel;
}

export interface AccessLog {
  readonly path: string;
  readonly format: Template;
  /** `if=`: nothing is logged where this gives '' or '0'. */
  readonly condition: Template | null;
}

export interface TryFiles {
  /** A path that ends in a slash looks for a directory; the slash is left out here. */
  readonly files: readonly { readonly path: Template; readonly directory: boolean }[];
  /** The last resort: a status, a named location or a URI. */
  readonly last: { readonly code: number } | { readonly named: string } | { readonly uri: Template };
}

/** `error_page`: where to go for a status, and the status then answered (null: the page's own, 0 of `=`: what comes). */
export interface ErrorPage {
  readonly target: Template;
  readonly overwrite: number | null;
}

export interface AddedHeader {
  readonly name: string;
  readonly value: Template;
  /** Also on answers that are errors. */
  readonly always: boolean;
}

/** `expires`: null for `off`. */
export type Expires =
  | null
  | { readonly kind: 'epoch' | 'max' }
  | { readonly kind: 'access' | 'modified' | 'daily'; readonly seconds: number };

/** One `allow` or `deny`. An IPv4 network as two 32-bit numbers, or null for all. */
export interface AccessRule {
  readonly allow: boolean;
  readonly network: { readonly address: number; readonly mask: number } | null;
}

export interface Gzip {
  readonly on: boolean;
  readonly types: ReadonlySet<string>;
  readonly minLength: number;
  readonly minor: number;
  readonly vary: boolean;
  readonly proxied: readonly string[];
  readonly disable: readonly RegExp[];
}

/** What inner levels take over from outer ones. */
export interface Settings {
  root: Template;
  /** Bytes of the URI that `root` stands for (`alias`); 0 for `root`, Infinity when it names the whole path. */
  alias: number;
  index: readonly Template[];
  types: ReadonlyMap<string, string>;
  defaultType: string;
  charset: string | null;
  maxBody: number;
  bodyTimeout: number;
  sendTimeout: number;
  keepaliveTimeout: number;
  /** Seconds told to the client in a Keep-Alive header, or null. */
  keepaliveHeader: number | null;
  keepaliveRequests: number;
  keepaliveTime: number;
  lingeringTimeout: number;
  lingeringTime: number;
  serverTokens: 'on' | 'off' | 'build';
  accessLogs: readonly AccessLog[];
  errorLogs: readonly ErrorLog[];
  logNotFound: boolean;
  errorPages: ReadonlyMap<number, ErrorPage>;
  recursiveErrorPages: boolean;
  internal: boolean;
  access: readonly AccessRule[];
  etag: boolean;
  ifModifiedSince: 'off' | 'exact' | 'before';
  maxRanges: number;
  headers: readonly AddedHeader[];
  expires: Expires;
  autoindex: boolean;
  autoindexExactSize: boolean;
  absoluteRedirect: boolean;
  portInRedirect: boolean;
  serverNameInRedirect: boolean;
  chunked: boolean;
  /** Files of `ssl_certificate` and `ssl_certificate_key`, as many of the one as of the other. */
  certificates: readonly string[];
  certificateKeys: readonly string[];
  gzip: Gzip;
  gzipStatic: 'on' | 'off' | 'always';
  warnUninitialized: boolean;
  uwsgi: PassSettings;
  proxy: PassSettings;
}

/** What one level says itself. */
export type Own = Partial<Omit<Settings, 'uwsgi' | 'proxy' | 'gzip'>> & {
  uwsgi?: Partial<PassSettings>;
  proxy?: Partial<PassSettings>;
  gzip?: Partial<Gzip>;
};

/** What makes the answer in a location; files when there is none. The last one written counts. */
export type Content =
  | { readonly kind: 'uwsgi'; readonly target: Target }
  | { readonly kind: 'proxy'; readonly target: Target }
  | { readonly kind: 'status' };

export type LocationKind = 'server' | 'exact' | 'prefix' | 'noregex' | 'regex' | 'named' | 'if' | 'limit_except';

export interface Location {
  readonly kind: LocationKind;
  /** As written, for the trace: `= /x`, `~ \.py$`, `/static/`; empty for a server's own level. */
  readonly label: string;
  /** Path prefix or name; the pattern's source for a regex. */
  readonly pattern: string;
  readonly regex: RegExp | null;
  readonly place: Place | null;
  readonly own: Own;
  /** Locations inside this one. */
  readonly children: Location[];
  /** `if` and `limit_except` blocks, which take over what this location says. */
  readonly variants: Location[];
  /** rewrite, set, if, return, break, in file order. */
  readonly rules: Rule[];
  content: Content | null;
  tryFiles: TryFiles | null;
  limitExcept: { readonly methods: ReadonlySet<string>; readonly location: Location } | null;
  /** Ends in a slash and is passed on: the same path without the slash is redirected here. */
  autoRedirect: boolean;
  /** Set when the http block ends. */
  settings: Settings;
}

export interface Listen {
  readonly ip: string;
  readonly port: number;
  readonly isDefault: boolean;
  readonly ssl: boolean;
}

export interface Server {
  readonly listens: Listen[];
  /** In file order; the first is $server_name. */
  names: string[];
  readonly nameRegexes: Map<string, RegExp>;
  readonly location: Location;
  readonly limits: Partial<Limits>;
  /** Who the server is in TLS; null without a certificate. Set when the http block ends. */
  identity: Identity | null;
}

/** How much of a request's head a server takes, and how long it waits for it; the default server's count. */
export interface Limits {
  readonly headerTimeout: number;
  readonly headerBuffer: number;
  readonly headerBuffers: { readonly count: number; readonly size: number };
  readonly mergeSlashes: boolean;
  readonly ignoreInvalidHeaders: boolean;
  readonly underscores: boolean;
}

export const DEFAULT_LIMITS: Limits = {
  headerTimeout: 60_000,
  headerBuffer: 1024,
  headerBuffers: { count: 4, size: 8192 },
  mergeSlashes: true,
  ignoreInvalidHeaders: true,
  underscores: false,
};

/** A socket to listen on, with the length of its queue. */
export interface Bind {
  readonly ip: string;
  readonly port: number;
  readonly backlog: number;
}

export interface Config {
  user: { readonly name: string; readonly group: string } | null;
  workers: number;
  pid: string;
  daemon: boolean;
  errorLogs: ErrorLog[];
  hasEvents: boolean;
  readonly servers: Server[];
  readonly groups: Map<string, Group>;
  readonly logFormats: Map<string, Template>;
  /** Options of each listening address, which may stand in one of its servers only. */
  readonly backlogs: Map<string, number>;
  limits: Partial<Limits>;
  /** What the http block says for all its servers. */
  http: Own | null;
  /** Every file read, by path, as byte text: workers are given these, as fork() would. */
  readonly files: Map<string, string>;
  /** Certificates and keys read, by path: workers, who may not read the files, are given these too. */
  readonly secrets: Map<string, string>;
  /** Variables used by templates so far, to be checked when the http block ends. */
  readonly variables: Set<string>;
  /** Variables that the configuration itself makes: `set`, `map`, named groups. */
  readonly defined: Map<string, Template | null>;
  /** Names given once: nginx refuses most directives twice on a level. */
  readonly seen: Set<string>;
}

export const DEFAULT_ERROR_LOG = '/var/log/nginx/error.log';
export const DEFAULT_ACCESS_LOG = '/var/log/nginx/access.log';
export const PREFIX = '/usr/share/nginx/';

export function emptyConfig(): Config {
  return {
    user: null,
    workers: 1,
    pid: '/run/nginx.pid',
    daemon: true,
    errorLogs: [],
    hasEvents: false,
    servers: [],
    groups: new Map(),
    logFormats: new Map(),
    backlogs: new Map(),
    limits: {},
    http: null,
    files: new Map(),
    secrets: new Map(),
    variables: new Set(),
    defined: new Map(),
    seen: new Set(),
  };
}
