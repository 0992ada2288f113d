/**
 * Which server of a group gets a request: nginx's smooth weighted round robin and what stands on top of it. A worker has
 * one of these for each group; like workers without a shared zone, it knows only its own requests.
 */
import type { Group, PeerConfig } from '../config/upstream-model.ts';
import type { Request } from '../request.ts';
import { crc32 } from './crc32.ts';

/** A server and what this worker knows about it. Times in whole seconds, as nginx counts them. */
export interface Peer {
  readonly config: PeerConfig;
  current: number;
  effective: number;
  conns: number;
  fails: number;
  accessed: number;
  checked: number;
}

/** After so many misses a hash gives way to round robin. */
const MOST_MISSES = 20;
/** Points on the ring for each unit of weight. */
const POINTS = 160;

export class Balancer {
  readonly group: Group;
  readonly primary: readonly Peer[];
  readonly backup: readonly Peer[];
  readonly #clock: () => number;
  #ring: readonly { readonly hash: number; readonly name: string }[] | null = null;

  /** `clock` gives milliseconds. */
  constructor(group: Group, clock: () => number) {
    this.group = group;
    this.#clock = clock;
    const make = (config: PeerConfig): Peer => ({
      config,
      current: 0,
      effective: config.weight,
      conns: 0,
      fails: 0,
      accessed: 0,
      checked: 0,
    });
    this.primary = group.peers.filter((peer) => !peer.backup).map(make);
    this.backup = group.peers.filter((peer) => peer.backup).map(make);
  }

  /** The only server there is: it is never put aside. */
  get single(): boolean {
    return this.primary.length === 1 && this.backup.length === 0;
  }

  get now(): number {
    return Math.floor(this.#clock() / 1000);
  }

  /** Points of a consistent hash, by crc32 of host, port and the point before. */
  get ring(): readonly { readonly hash: number; readonly name: string }[] {
    this.#ring ??= makeRing(this.primary);
    return this.#ring;
  }

  start(request: Request): Attempts {
    return new Attempts(this, request);
  }
}

/** May this server be asked now? */
function isFit(peer: Peer, now: number): boolean {
  const { down, maxFails, maxConns, failTimeout } = peer.config;
  if (down || (maxConns > 0 && peer.conns >= maxConns)) return false;
  return !(maxFails > 0 && peer.fails >= maxFails && now - peer.checked <= failTimeout / 1000);
}

/** One request's way through the servers of a group. */
export class Attempts {
  readonly #balancer: Balancer;
  readonly #request: Request;
  readonly #tried = new Set<Peer>();
  /** How many servers may still be asked. */
  left: number;
  #onBackup = false;
  #misses = 0;
  #hash = 0;
  #rehash = 0;

  constructor(balancer: Balancer, request: Request) {
    this.#balancer = balancer;
    this.#request = request;
    this.left = [...balancer.primary, ...balancer.backup].filter((peer) => !peer.config.down).length;
  }

  /** The next server to ask, or null when no one is left. */
  next(): Peer | null {
    const { single, primary, now } = this.#balancer;
    if (single) {
      const [only] = primary;
      if (!only || only.config.down || (only.config.maxConns > 0 && only.conns >= only.config.maxConns)) return null;
      only.conns++;
      return only;
    }
    const peer = this.#choose(now);
    if (peer === null) return null;
    this.#tried.add(peer);
    if (now - peer.checked > peer.config.failTimeout / 1000) peer.checked = now;
    peer.conns++;
    return peer;
  }

  /** A server is done with. Says whether its failure has just put it aside. */
  free(peer: Peer, failed: boolean): boolean {
    peer.conns--;
    if (this.#balancer.single) {
      this.left = 0;
      return false;
    }
    this.left = Math.max(0, this.left - 1);
    if (!failed) {
      if (peer.accessed < peer.checked) peer.fails = 0;
      return false;
    }
    const { maxFails, weight } = peer.config;
    peer.fails++;
    peer.accessed = this.#balancer.now;
    peer.checked = peer.accessed;
    if (maxFails === 0) return false;
    peer.effective = Math.max(0, peer.effective - Math.floor(weight / maxFails));
    return peer.fails >= maxFails;
  }

  #choose(now: number): Peer | null {
    const { primary, backup, group } = this.#balancer;
    if (!this.#onBackup) {
      const peer = this.#byMethod(now) ?? (group.method.kind === 'least_conn' ? null : this.#roundRobin(primary, now));
      if (peer) return peer;
      if (backup.length === 0) return null;
      this.#onBackup = true;
    }
    return group.method.kind === 'least_conn' ? this.#leastConn(backup, now) : this.#roundRobin(backup, now);
  }

  #byMethod(now: number): Peer | null {
    const { primary, group } = this.#balancer;
    const { method } = group;
    switch (method.kind) {
      case 'round-robin':
        return null;
      case 'least_conn':
        return this.#leastConn(primary, now);
      case 'ip_hash':
        return this.#byAddress(now);
      case 'hash':
        return method.consistent ? this.#onRing(method.key(this.#request), now) : this.#byKey(method.key(this.#request), now);
      case 'random':
        return this.#byChance(method.two, now);
    }
  }

  #free(peer: Peer, now: number): boolean {
    return !this.#tried.has(peer) && isFit(peer, now);
  }

  /** Every server gains its weight; the one with the most goes and pays the sum. */
  #roundRobin(peers: readonly Peer[], now: number): Peer | null {
    return this.#weighed(peers.filter((peer) => this.#free(peer, now)));
  }

  #weighed(peers: readonly Peer[], first: Peer | null = null): Peer | null {
    let best = first;
    let total = 0;
    for (const peer of peers) {
      peer.current += peer.effective;
      total += peer.effective;
      if (peer.effective < peer.config.weight) peer.effective++;
      if (best === null || peer.current > best.current) best = peer;
    }
    if (best) best.current -= total;
    return best;
  }

  #leastConn(peers: readonly Peer[], now: number): Peer | null {
    const fit = peers.filter((peer) => this.#free(peer, now));
    let best: Peer | null = null;
    for (const peer of fit) {
      if (best === null || peer.conns * best.config.weight < best.conns * peer.config.weight) best = peer;
    }
    if (best === null) return null;
    const least = best;
    const equal = fit.filter((peer) => peer.conns * least.config.weight === least.conns * peer.config.weight);
    return equal.length > 1 ? this.#weighed(equal, least) : least;
  }

  /** The server under a number, by weight. */
  #at(number: number): Peer | null {
    const { primary } = this.#balancer;
    let left = number % primary.reduce((sum, peer) => sum + peer.config.weight, 0);
    for (const peer of primary) {
      if (left < peer.config.weight) return peer;
      left -= peer.config.weight;
    }
    return null;
  }

  #byAddress(now: number): Peer | null {
    const parts = this.#request.client.connection.peer.split('.').slice(0, 3).map(Number);
    if (this.#misses === 0) this.#hash = 89;
    return this.#byHash(now, () => {
      for (const part of parts) this.#hash = (this.#hash * 113 + part) % 6271;
    });
  }

  #byKey(key: string, now: number): Peer | null {
    if (key === '') return null;
    return this.#byHash(now, () => {
      const again = this.#rehash > 0 ? String(this.#rehash) : '';
      this.#hash += (crc32(again + key) >>> 16) & 0x7fff;
      this.#rehash++;
    });
  }

  /** The first peer that is free of those that one hash after the other names. */
  #byHash(now: number, next: () => void): Peer | null {
    for (; this.#misses <= MOST_MISSES; this.#misses++) {
      next();
      const peer = this.#at(this.#hash);
      if (peer && this.#free(peer, now)) return peer;
    }
    return null;
  }

  #onRing(key: string, now: number): Peer | null {
    if (key === '') return null;
    const { ring, primary } = this.#balancer;
    if (this.#rehash++ === 0) {
      const hash = crc32(key);
      this.#hash = Math.max(
        0,
        ring.findIndex((point) => point.hash >= hash),
      );
    }
    while (this.#misses <= MOST_MISSES) {
      const name = ring[this.#hash % ring.length]?.name;
      const peer = this.#weighed(primary.filter((one) => one.config.name === name && this.#free(one, now)));
      if (peer) return peer;
      this.#hash++;
      this.#misses++;
    }
    return null;
  }

  #byChance(two: boolean, now: number): Peer | null {
    const { primary } = this.#balancer;
    const total = primary.reduce((sum, peer) => sum + peer.config.weight, 0);
    let other: Peer | null = null;
    while (this.#misses <= MOST_MISSES) {
      const peer = this.#at(Math.floor(Math.random() * total));
      if (peer && peer !== other && this.#free(peer, now)) {
        if (!two) return peer;
        if (other) return peer.conns * other.config.weight < other.conns * peer.config.weight ? peer : other;
        other = peer;
      } else this.#misses++;
    }
    return null;
  }
}

function makeRing(peers: readonly Peer[]): { hash: number; name: string }[] {
  const points: { hash: number; name: string }[] = [];
  for (const { config } of peers) {
    const colon = config.name.startsWith('unix:') ? -1 : config.name.lastIndexOf(':');
    const host = colon < 0 ? config.name.replace(/^unix:/, '') : config.name.slice(0, colon);
    const base = `${host}\0${colon < 0 ? '' : config.name.slice(colon + 1)}`;
    let before = 0;
    for (let i = 0; i < config.weight * POINTS; i++) {
      const bytes = String.fromCharCode(before & 255, (before >>> 8) & 255, (before >>> 16) & 255, before >>> 24);
      before = crc32(base + bytes);
      points.push({ hash: before, name: config.name });
    }
  }
  points.sort((a, b) => a.hash - b.hash);
  return points.filter((point, i) => i === 0 || points[i - 1]?.hash !== point.hash);
}
