/** Which server and which location a request belongs to. Built once from the configuration; only looked into afterwards. */
import type { Address } from '../../host/host.ts';
import { type Config, DEFAULT_LIMITS, type Limits, type Location, type Server } from './config/model.ts';

/** A server found by its name; what a pattern found in it. */
export interface Named {
  readonly server: Server;
  readonly match: RegExpExecArray | null;
}

/** The servers behind one address and port. */
export class Virtual {
  readonly fallback: Server;
  /** Is the port for TLS? One `listen ... ssl` is enough. */
  readonly ssl: boolean;
  readonly #exact = new Map<string, Server>();
  /** `.example.com` (from `*.example.com`), longest first. */
  readonly #suffixes: [string, Server][] = [];
  /** `www.example.` (from `www.example.*`), longest first. */
  readonly #prefixes: [string, Server][] = [];
  readonly #regexes: [RegExp, Server][] = [];

  constructor(servers: readonly Server[], fallback: Server, ssl: boolean) {
    this.fallback = fallback;
    this.ssl = ssl;
    const first = (list: [string, Server][], name: string, server: Server): void => {
      if (!list.some(([other]) => other === name)) list.push([name, server]);
    };
    for (const server of servers) {
      for (const name of server.names) {
        const regex = server.nameRegexes.get(name);
        if (regex) this.#regexes.push([regex, server]);
        else if (name.startsWith('*.') && !name.slice(1).includes('*')) first(this.#suffixes, name.slice(1), server);
        else if (name.endsWith('.*') && !name.slice(0, -1).includes('*')) first(this.#prefixes, name.slice(0, -1), server);
        else if (name.startsWith('.')) {
          first(this.#suffixes, name, server);
          if (!this.#exact.has(name.slice(1))) this.#exact.set(name.slice(1), server);
        } else if (!this.#exact.has(name)) this.#exact.set(name, server);
      }
    }
    const longest = (a: [string, Server], b: [string, Server]): number => b[0].length - a[0].length;
    this.#suffixes.sort(longest);
    this.#prefixes.sort(longest);
  }

  /** Exact name, longest `*.` wildcard, longest `.*` wildcard, first regex, else `fallback`: the default server. */
  find(host: string, fallback: Server = this.fallback): Named {
    const server =
      this.#exact.get(host) ??
      this.#suffixes.find(([suffix]) => host.endsWith(suffix) && host.length > suffix.length)?.[1] ??
      this.#prefixes.find(([prefix]) => host.startsWith(prefix) && host.length > prefix.length)?.[1];
    if (server) return { server, match: null };
    if (host !== '') {
      for (const [regex, named] of this.#regexes) {
        const match = regex.exec(host);
        if (match) return { server: named, match };
      }
    }
    return { server: fallback, match: null };
  }
}

/** A location's children, sorted for looking up. */
interface Table {
  readonly exact: ReadonlyMap<string, Location>;
  /** Longest first. */
  readonly prefixes: readonly Location[];
  readonly regexes: readonly Location[];
  readonly named: ReadonlyMap<string, Location>;
  /** Locations that are redirected to, by their path without its last slash. */
  readonly redirects: ReadonlyMap<string, Location>;
}

export interface Found {
  readonly location: Location;
  readonly match: RegExpExecArray | null;
  /** An exact match or a regex: nothing further out can win over it. */
  readonly decided: boolean;
  /** The location is this path with a slash: that is where the client is sent. */
  readonly slashMissing?: boolean;
}

export class Router {
  readonly #virtual = new Map<string, Virtual>();
  readonly #tables = new Map<Location, Table>();
  readonly #limits = new Map<Server, Limits>();

  constructor(config: Config) {
    const groups = new Map<string, { servers: Server[]; fallback: Server; ssl: boolean }>();
    for (const server of config.servers) {
      for (const listen of server.listens) {
        const key = `${listen.ip}:${listen.port}`;
        const group = groups.get(key) ?? { servers: [], fallback: server, ssl: false };
        if (listen.isDefault) group.fallback = server;
        group.ssl ||= listen.ssl;
        group.servers.push(server);
        groups.set(key, group);
      }
      this.#limits.set(server, { ...DEFAULT_LIMITS, ...config.limits, ...server.limits });
      this.#index(server.location);
    }
    for (const [key, group] of groups) this.#virtual.set(key, new Virtual(group.servers, group.fallback, group.ssl));
  }

  /** The servers behind the address that was connected to; an unknown address falls to the wildcard. */
  virtual(address: Address): Virtual {
    const ip = 'port' in address ? (address.ip ?? '127.0.0.1') : '127.0.0.1';
    const port = 'port' in address ? address.port : 0;
    const virtual = this.#virtual.get(`${ip}:${port}`) ?? this.#virtual.get(`0.0.0.0:${port}`);
    if (!virtual) throw new Error(`no server for ${ip}:${port}`);
    return virtual;
  }

  /** How a server reads heads. */
  limits(server: Server): Limits {
    return this.#limits.get(server) ?? DEFAULT_LIMITS;
  }

  /**
   * nginx's rules: an exact match; else the longest prefix, which ends the search if it is `^~`; else the first regex
   * that matches; else that prefix. Inner locations are tried before the regexes beside their outer one.
   */
  location(server: Server, uri: string): Found {
    return this.#search(server.location, uri) ?? { location: server.location, match: null, decided: true };
  }

  named(server: Server, name: string): Location | null {
    return this.#tables.get(server.location)?.named.get(name) ?? null;
  }

  #search(outer: Location, uri: string): Found | null {
    const table = this.#tables.get(outer);
    if (!table) return null;
    const exact = table.exact.get(uri);
    if (exact) return { location: exact, match: null, decided: true };
    const prefix = table.prefixes.find((location) => uri.startsWith(location.pattern)) ?? null;
    const slashed = prefix?.pattern === uri ? null : table.redirects.get(uri);
    if (slashed) return { location: slashed, match: null, decided: true, slashMissing: true };
    const inner = prefix ? this.#search(prefix, uri) : null;
    if (inner?.decided) return inner;
    if (prefix?.kind !== 'noregex') {
      for (const location of table.regexes) {
        const match = location.regex?.exec(uri);
        if (!match) continue;
        const inside = this.#search(location, uri);
        return inside ? { ...inside, match: inside.match ?? match, decided: true } : { location, match, decided: true };
      }
    }
    return inner ?? (prefix ? { location: prefix, match: null, decided: false } : null);
  }

  #index(outer: Location): void {
    if (outer.children.length === 0) return;
    const of = (...kinds: string[]): Location[] => outer.children.filter((location) => kinds.includes(location.kind));
    const byPattern = (list: readonly Location[]): Map<string, Location> => new Map(list.map((location) => [location.pattern, location]));
    this.#tables.set(outer, {
      exact: byPattern(of('exact')),
      prefixes: of('prefix', 'noregex').sort((a, b) => b.pattern.length - a.pattern.length),
      regexes: of('regex'),
      named: byPattern(of('named')),
      redirects: new Map(
        of('exact', 'prefix', 'noregex')
          .filter((location) => location.autoRedirect)
          .map((location) => [location.pattern.slice(0, -1), location]),
      ),
    });
    for (const child of outer.children) this.#index(child);
  }
}
