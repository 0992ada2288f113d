/**
 * A configuration as the server uses it. While files are read, each `http`, `server` and `location` collects only what
 * it says itself (`own`); when the http block ends, `finish` lays the levels over each other into `settings`.
 */
import type { Template } from '../variables.ts';
import type { Place } from './error.ts';

export type LogLevel = 'debug' | 'info' | 'notice' | 'warn' | 'error' | 'crit' | 'alert' | 'emerg';

export interface ErrorLog {
  /** A path, or null for standard error. */
  readonly path: string | null;
  readonly level: LogLevel;
}

export interface AccessLog {
  readonly path: string;
  readonly format: Template;
}

export interface Param {
  readonly name: string;
  readonly value: Template;
  readonly ifNotEmpty: boolean;
}

/** Where `uwsgi_pass` goes: how it is connected to, and its name in logs (`unix:/run/shop/shop.sock`). */
export interface Upstream {
  readonly address: { readonly port: number; readonly ip: string } | { readonly path: string };
  readonly name: string;
}

export interface Return {
  readonly code: number;
  readonly text: Template | null;
}

export interface TryFiles {
  /** A path that ends in a slash looks for a directory; the slash is left out here. */
  readonly files: readonly { readonly path: Template; readonly directory: boolean }[];
  /** The last resort: a status, a named location or a URI. */
  readonly last: { readonly code: number } | { readonly named: string } | { readonly uri: Template };
}

/** What inner levels take over from outer ones. */
export interface Settings {
  root: Template;
  /** Is `root` an alias: the part of the URI that the location matched is replaced? */
  alias: boolean;
  index: readonly string[];
  types: ReadonlyMap<string, string>;
  defaultType: string;
  maxBody: number;
  keepaliveTimeout: number;
  keepaliveRequests: number;
  serverTokens: boolean;
  accessLogs: readonly AccessLog[];
  errorLogs: readonly ErrorLog[];
  uwsgiParams: readonly Param[];
  uwsgiReadTimeout: number;
  uwsgiConnectTimeout: number;
  uwsgiBuffering: boolean;
}

/** What holds for one level alone. */
export interface Handlers {
  return?: Return;
  uwsgiPass?: Upstream;
  tryFiles?: TryFiles;
}

export type LocationKind = 'server' | 'exact' | 'prefix' | 'noregex' | 'regex' | 'named';

export interface Location {
  readonly kind: LocationKind;
  /** As written, for the trace: `= /x`, `~ \.py$`, `/static/`; empty for a server's own level. */
  readonly label: string;
  /** Path prefix or name; the pattern's source for a regex. */
  readonly pattern: string;
  readonly regex: RegExp | null;
  readonly place: Place | null;
  readonly own: Partial<Settings>;
  readonly handlers: Handlers;
  readonly children: Location[];
  /** Set when the http block ends. */
  settings: Settings;
}

export interface Listen {
  readonly ip: string;
  readonly port: number;
  readonly isDefault: boolean;
  readonly backlog: number;
}

export interface Server {
  readonly listens: Listen[];
  /** In file order; the first is $server_name. */
  names: string[];
  readonly nameRegexes: Map<string, RegExp>;
  readonly location: Location;
}

/** A socket to listen on and the servers behind each address of that port. */
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
  readonly logFormats: Map<string, Template>;
  /** What the http block says for all its servers. */
  http: Partial<Settings> | null;
  /** Warnings on the way. */
  readonly warnings: string[];
  /** Every file read, by path, as byte text: workers are given these, as fork() would. */
  readonly files: Map<string, string>;
  /** Variables used by templates so far, to be checked when the http block ends. */
  readonly variables: Set<string>;
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
    logFormats: new Map(),
    http: null,
    warnings: [],
    files: new Map(),
    variables: new Set(),
    seen: new Set(),
  };
}
