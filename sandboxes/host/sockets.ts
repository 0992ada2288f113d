/**
 * Ports, Unix sockets and their listen queues. A connection waits in the queue of a listening socket until a process that
 * holds the socket asks for it: nobody dispatches. Behaviour as recorded from Linux (reference: real servers, B and G):
 * among several idle processes the choice is irregular; one more than the backlog may wait; a full Unix-socket queue
 * refuses at once with EAGAIN, a full TCP queue makes the client's kernel try again after 1, 2, 3, 4, 5, 7, 11 … seconds.
 */
import { type Address, type SocketInfo, SystemError } from './host.ts';
import type { SocketFile, Tree, User } from './tree.ts';
import type { Accepted, LinkMessage } from './wire.ts';

/** A connection in a queue. `taken` and `dropped` tell the client's process. */
export interface Waiting {
  readonly conn: string;
  readonly pid: number;
  /** What the client wrote already. */
  readonly first: Uint8Array | null;
  readonly taken: (pid: number) => void;
  readonly dropped: () => void;
  /** The client has exited; these are its last words. */
  left: readonly LinkMessage[] | null;
}

interface Acceptor {
  readonly pid: number;
  readonly inTurn: boolean;
  readonly resolve: (accepted: Accepted | null) => void;
}

export interface ListenSocket {
  readonly id: number;
  readonly address: Address;
  readonly backlog: number;
  readonly file: SocketFile | null;
  queue: Waiting[];
  readonly holders: Set<number>;
  acceptors: Acceptor[];
}

/** What happened, for the trace. */
export interface SocketEvents {
  listening(pid: number, socket: ListenSocket): void;
  closed(pid: number, socket: ListenSocket): void;
  queued(pid: number, conn: string, socket: ListenSocket): void;
  accepted(pid: number, client: number, conn: string, socket: ListenSocket): void;
}

/** As nginx and ss print it: `0.0.0.0:80`, `unix:/run/shop.sock`. */
export function addressText(address: Address): string {
  return 'path' in address ? `unix:${address.path}` : `${address.ip ?? '0.0.0.0'}:${address.port}`;
}

const LOCAL = /^(0\.0\.0\.0|127\.\d+\.\d+\.\d+)$/;
/** The broadcast address: Linux lets a server listen there, where nobody reaches it. */
const NOWHERE = '255.255.255.255';
const FIRST_EPHEMERAL = 32768;
/** A full TCP queue: the wait before the next try, and how many waits are as long before each doubles (tcp_syn_linear_timeouts). */
const RETRY_MS = 1000;
const EQUAL_RETRIES = 4;
const FIRST_FD = 3;

export class Sockets {
  #tree: Tree;
  #events: SocketEvents;
  #isAlive: (pid: number) => boolean;
  #sockets = new Map<number, ListenSocket>();
  /** Those of processes that are stopped. */
  #suspended = new Map<number, { readonly id: number; readonly acceptor: Acceptor }[]>();
  #nextId = 1;
  #nextPort = FIRST_EPHEMERAL;

  constructor(tree: Tree, events: SocketEvents, isAlive: (pid: number) => boolean) {
    this.#tree = tree;
    this.#events = events;
    this.#isAlive = isAlive;
  }

  listen(pid: number, user: User, address: Address, backlog: number, mode: number | null): ListenSocket {
    let bound = address;
    let file: SocketFile | null = null;
    if ('path' in address) file = this.#tree.makeSocket(address.path, user, mode ?? 0o755);
    else bound = this.#bindPort(address, user);
    const socket: ListenSocket = { id: this.#nextId++, address: bound, backlog, file, queue: [], holders: new Set([pid]), acceptors: [] };
    this.#sockets.set(socket.id, socket);
    this.#events.listening(pid, socket);
    return socket;
  }

  #bindPort(address: { port: number; ip?: string }, user: User): Address {
    const ip = address.ip ?? '0.0.0.0';
    if (!LOCAL.test(ip) && ip !== NOWHERE) throw new SystemError('EADDRNOTAVAIL', 'bind()');
    if (address.port !== 0 && address.port < 1024 && user.uid !== 0) throw new SystemError('EACCES', 'bind()');
    let { port } = address;
    if (port === 0) {
      while (this.#onPort(this.#nextPort, '0.0.0.0')) this.#nextPort++;
      port = this.#nextPort;
    }
    if (this.#onPort(port, ip)) throw new SystemError('EADDRINUSE', 'bind()');
    return { port, ip };
  }

  #onPort(port: number, ip: string): ListenSocket | undefined {
    for (const socket of this.#sockets.values()) {
      if ('path' in socket.address || socket.address.port !== port) continue;
      if (ip === '0.0.0.0' || socket.address.ip === '0.0.0.0' || socket.address.ip === ip) return socket;
    }
    return undefined;
  }

  list(): SocketInfo[] {
    const all = [...this.#sockets.values()];
    return all.map(({ id, address, backlog, queue, holders }) => ({
      id,
      address,
      waiting: queue.length,
      backlog,
      holders: [...holders]
        .sort((a, b) => a - b)
        .map((pid) => ({ pid, fd: FIRST_FD + all.filter((other) => other.id < id && other.holders.has(pid)).length })),
    }));
  }

  /** A child inherits the socket. */
  share(id: number, pid: number): ListenSocket {
    const socket = this.#held(id);
    socket.holders.add(pid);
    return socket;
  }

  /** The socket, if `pid` holds it. */
  get(id: number, pid: number): ListenSocket | undefined {
    const socket = this.#sockets.get(id);
    return socket?.holders.has(pid) ? socket : undefined;
  }

  /** `pid` lets go; the last one closes the socket and everyone in its queue is dropped. */
  release(id: number, pid: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined || !socket.holders.delete(pid)) return;
    for (const acceptor of socket.acceptors) if (acceptor.pid === pid) acceptor.resolve(null);
    socket.acceptors = socket.acceptors.filter((acceptor) => acceptor.pid !== pid);
    if (socket.holders.size > 0) return;
    this.#sockets.delete(id);
    for (const waiting of socket.queue) waiting.dropped();
    this.#events.closed(pid, socket);
  }

  /**
   * A process ended: it lets go of all its sockets and leaves every queue it stood in. Where it has left words behind, its
   * connection stays in the queue, as on Linux: the server will take it and read them.
   */
  forget(pid: number, held: readonly LinkMessage[]): void {
    this.#suspended.delete(pid);
    for (const socket of [...this.#sockets.values()]) {
      for (const waiting of socket.queue.filter((one) => one.pid === pid)) {
        waiting.left = held.filter((message) => message.conn === waiting.conn);
      }
      socket.queue = socket.queue.filter((waiting) => waiting.left === null || waiting.left.length > 0);
      this.release(socket.id, pid);
    }
  }

  /** The process `pid` has time for a connection: `resolve` is called with the next one. Null: it closed the socket. */
  accept(id: number, pid: number, inTurn: boolean, resolve: (accepted: Accepted | null) => void): void {
    const socket = this.#held(id);
    const next = socket.queue.shift();
    if (next === undefined) socket.acceptors.push({ pid, inTurn, resolve });
    else this.#hand(socket, next, { pid, inTurn, resolve });
  }

  /** `pid` was stopped: it takes no connection. */
  suspend(pid: number): void {
    const suspended = [...this.#sockets.values()].flatMap(({ id, acceptors }) =>
      acceptors.filter((acceptor) => acceptor.pid === pid).map((acceptor) => ({ id, acceptor })),
    );
    for (const socket of this.#sockets.values()) socket.acceptors = socket.acceptors.filter((acceptor) => acceptor.pid !== pid);
    this.#suspended.set(pid, suspended);
  }

  /** `pid` goes on: it waits again for what it waited for. */
  resume(pid: number): void {
    const suspended = this.#suspended.get(pid) ?? [];
    this.#suspended.delete(pid);
    for (const { id, acceptor } of suspended) this.accept(id, pid, acceptor.inTurn, acceptor.resolve);
  }

  /** Put a connection in the queue at `address`. Calls `settled` once: with null when it stands there, or with the error. */
  connect(user: User, address: Address, timeout: number | null, waiting: Waiting, settled: (error: SystemError | null) => void): void {
    const began = Date.now();
    const attempt = (tries: number): void => {
      if (!this.#isAlive(waiting.pid)) return;
      let socket: ListenSocket;
      try {
        socket = this.#target(user, address);
      } catch (error) {
        settled(error as SystemError);
        return;
      }
      if (socket.queue.length <= socket.backlog || socket.acceptors.length > 0) {
        settled(null);
        this.#enqueue(socket, waiting);
        return;
      }
      if ('path' in address) {
        settled(new SystemError('EAGAIN', 'connect()'));
        return;
      }
      const wait = RETRY_MS * 2 ** Math.max(0, tries - EQUAL_RETRIES);
      if (timeout !== null && Date.now() - began + wait > timeout) {
        setTimeout(() => settled(new SystemError('ETIMEDOUT', 'connect()')), Math.max(0, timeout - (Date.now() - began)));
      } else setTimeout(() => attempt(tries + 1), wait);
    };
    attempt(0);
  }

  #enqueue(socket: ListenSocket, waiting: Waiting): void {
    socket.queue.push(waiting);
    this.#events.queued(waiting.pid, waiting.conn, socket);
    if (socket.acceptors.length === 0) return;
    // All idle processes wake; which one is first is the scheduler's whim. Here: chance.
    const first = socket.acceptors[0]?.inTurn ? 0 : Math.floor(Math.random() * socket.acceptors.length);
    const [winner] = socket.acceptors.splice(first, 1);
    const next = socket.queue.shift();
    if (winner !== undefined && next !== undefined) this.#hand(socket, next, winner);
  }

  #hand(socket: ListenSocket, waiting: Waiting, acceptor: Acceptor): void {
    this.#events.accepted(acceptor.pid, waiting.pid, waiting.conn, socket);
    waiting.taken(acceptor.pid);
    const { conn, pid, first, left } = waiting;
    acceptor.resolve({ conn, address: socket.address, pid, first, left });
  }

  #target(user: User, address: Address): ListenSocket {
    if ('path' in address) {
      const file = this.#tree.socketAt(address.path, user);
      for (const socket of this.#sockets.values()) if (file !== null && socket.file === file) return socket;
      throw new SystemError('ECONNREFUSED', 'connect()');
    }
    const socket = LOCAL.test(address.ip ?? '127.0.0.1') ? this.#onPort(address.port, address.ip ?? '127.0.0.1') : undefined;
    if (socket === undefined) throw new SystemError('ECONNREFUSED', 'connect()');
    return socket;
  }

  #held(id: number): ListenSocket {
    const socket = this.#sockets.get(id);
    if (socket === undefined) throw new SystemError('EINVAL', 'not a listening socket');
    return socket;
  }
}
