/** Where `uwsgi_pass` and `proxy_pass` go: single addresses and `upstream` groups. */
import type { Template } from '../variables.ts';
import type { Place } from './error.ts';

export type PeerAddress = { readonly port: number; readonly ip: string } | { readonly path: string };

/** One `server` of a group, or the only one behind a plain address. Times in milliseconds. */
export interface PeerConfig {
  readonly address: PeerAddress;
  /** As in logs: `127.0.0.1:3031`, `unix:/run/shop/shop.sock`. */
  readonly name: string;
  readonly weight: number;
  readonly maxConns: number;
  readonly maxFails: number;
  readonly failTimeout: number;
  readonly backup: boolean;
  readonly down: boolean;
}

export type Method =
  | { readonly kind: 'round-robin' | 'least_conn' | 'ip_hash' }
  | { readonly kind: 'hash'; readonly key: Template; readonly consistent: boolean }
  | { readonly kind: 'random'; readonly two: boolean };

/** A group of servers. A plain address is a group of one, made by the directive that names it. */
export interface Group {
  readonly name: string;
  readonly place: Place | null;
  /** Written as an `upstream` block. */
  readonly explicit: boolean;
  peers: PeerConfig[];
  method: Method;
}

/** What a pass directive says. */
export interface Target {
  /** Null when the address has variables in it. */
  readonly group: Group | null;
  readonly address: Template | null;
  /** proxy_pass: the URI after the address, which replaces what the location matched; null when there is none. */
  readonly uri: Template | null;
  readonly uriIsFixed: boolean;
  /** Host header by default: the address as written. */
  readonly host: string;
}
