/**
 * A process's connections: its listening sockets, its ends of streams, and the direct links to other processes over which
 * their bytes go. Who takes a connection is the kernel's business; who may speak about it is checked here.
 */
import { byteText } from '../programs/http/bytes.ts';
import { ConnectionEnd, type ConnectionOwner } from './connection.ts';
import type { EventData, EventType } from './events.ts';
import type { Address, Connection, Listener } from './host.ts';
import { Outbox } from './outbox.ts';
import { type CallArgs, type CallName, type CallResult, compact, type LinkMessage, type Outlet, wellFormed } from './wire.ts';

/** What the connections need of their process. */
export interface NetworkOwner {
  readonly pid: number;
  call<K extends CallName>(name: K, ...args: CallArgs<K>): Promise<CallResult<K>>;
  /** May the trace keep so many bytes more? Then they count. */
  mayKeep(bytes: number): boolean;
  say<T extends EventType>(type: T, data: EventData<T>): void;
  /** Runs callbacks of the program: what they throw ends the process. */
  protect(work: () => void): void;
  unlisten(listener: number): void;
}

interface Peer {
  readonly outbox: Outbox<LinkMessage>;
  /** It has sent its last message on the link. */
  bye: boolean;
  /** It has left, says the kernel. */
  left: boolean;
  /** It is no more: nothing that it still says counts. */
  gone: boolean;
}

export class GuestNetwork implements ConnectionOwner {
  #owner: NetworkOwner;
  #nextConnection = 1;
  #connections = new Map<string, ConnectionEnd>();
  /** Words about connections whose other end the kernel has not named yet. */
  #early = new Map<string, { pid: number; message: LinkMessage }[]>();
  #peers = new Map<number, Peer>();

  constructor(owner: NetworkOwner) {
    this.#owner = owner;
  }

  // ---- what the program does ----

  listener(id: number, address: Address, backlog: number): Listener & { readonly id: number } {
    return {
      id,
      address,
      backlog,
      accept: async (options) => {
        const accepted = await this.#owner.call('accept', id, options?.inTurn ?? false);
        if (accepted === null) return null;
        const end = this.#adopt(new ConnectionEnd(this, accepted.conn, accepted.address, 'server', accepted.pid));
        if (accepted.first !== null) end.receive({ conn: end.id, to: 'server', data: accepted.first });
        this.#hear(end);
        for (const message of accepted.left ?? []) end.receive(message);
        return end;
      },
      waiting: () => this.#owner.call('waiting', id),
      close: () => this.#owner.unlisten(id),
    };
  }

  async connect(address: Address, options: { timeout?: number; first?: Uint8Array }): Promise<Connection> {
    const id = `${this.#owner.pid}.${this.#nextConnection++}`;
    const end = this.#adopt(new ConnectionEnd(this, id, address, 'client', null));
    try {
      const first = options.first === undefined ? null : compact(options.first);
      if (first !== null) end.wroteFirst(first);
      const { peer } = await this.#owner.call('connect', id, address, options.timeout ?? null, first);
      if (peer !== null) this.taken(id, peer);
      return end;
    } catch (error) {
      this.release(end);
      throw error;
    }
  }

  /** The process leaves: closes everything and says good-bye to its peers. Gives what nobody had taken yet, and who they were. */
  leave(): { held: LinkMessage[]; byes: number[] } {
    const held: LinkMessage[] = [];
    for (const end of [...this.#connections.values()]) {
      end.close();
      held.push(...end.held());
    }
    for (const { outbox } of this.#peers.values()) outbox.push({ conn: '', to: 'server', state: 'bye' });
    this.flush();
    return { held, byes: [...this.#peers.keys()] };
  }

  flush(): void {
    for (const { outbox } of this.#peers.values()) outbox.flush();
  }

  // ---- what the kernel says ----

  /** The process `pid` took a connection of ours from the queue. */
  taken(conn: string, pid: number): void {
    const end = this.#connections.get(`${conn} client`);
    if (end === undefined) return;
    end.taken(pid);
    this.#hear(end);
  }

  /** Nobody will ever take it. */
  dropped(conn: string): void {
    this.#connections.get(`${conn} client`)?.peerIsGone(true);
  }

  /** What the process `pid`, which has exited, had still to say. */
  late(pid: number, messages: readonly LinkMessage[]): void {
    for (const message of messages) {
      const end = this.#connections.get(`${message.conn} ${message.to}`);
      if (end?.peerPid === pid) end.receive(message);
    }
  }

  /** The process `pid` is no more; after an orderly end its last words on the link may still be on their way. */
  peerLeft(pid: number, orderly: boolean): void {
    const peer = this.#peers.get(pid);
    if (peer === undefined) return;
    peer.left = true;
    if (!orderly || peer.bye) this.#drop(pid, peer);
  }

  // ---- what the peers say ----

  /** A direct link to another process was laid. */
  link(pid: number, outlet: Outlet<LinkMessage>): void {
    this.#peers.set(pid, { outbox: new Outbox(outlet), bye: false, left: false, gone: false });
  }

  receiveFrom(pid: number, messages: readonly LinkMessage[]): void {
    const peer = this.#peers.get(pid);
    if (peer === undefined || peer.gone) return;
    for (const message of wellFormed(messages)) {
      if (message.state === 'bye') {
        peer.bye = true;
        if (peer.left) this.#drop(pid, peer);
      } else this.#owner.protect(() => this.#hearFrom(pid, message));
    }
  }

  /**
   * A peer may only speak about connections that it is the other end of. It may be faster than the kernel's answer to our
   * accept() or connect(): then its words wait until the kernel has said who the peer is.
   */
  #hearFrom(pid: number, message: LinkMessage): void {
    const key = `${message.conn} ${message.to}`;
    const end = this.#connections.get(key);
    if (end?.peerPid === pid) end.receive(message);
    else if (end === undefined ? message.to === 'server' && message.conn.startsWith(`${pid}.`) : end.peerPid === null) {
      const early = this.#early.get(key);
      if (early === undefined) this.#early.set(key, [{ pid, message }]);
      else early.push({ pid, message });
    }
  }

  /** The kernel has said who the peer of this end is: now its early words count. */
  #hear(end: ConnectionEnd): void {
    const key = `${end.id} ${end.side}`;
    const early = this.#early.get(key);
    this.#early.delete(key);
    for (const { pid, message } of early ?? []) if (pid === end.peerPid) end.receive(message);
    if (end.peerPid !== null && this.#peers.get(end.peerPid)?.gone) end.peerIsGone(false);
  }

  #drop(pid: number, peer: Peer): void {
    if (peer.gone) return;
    peer.gone = true;
    for (const end of [...this.#connections.values()]) if (end.peerPid === pid) end.peerIsGone(false);
  }

  #adopt(end: ConnectionEnd): ConnectionEnd {
    this.#connections.set(`${end.id} ${end.side}`, end);
    return end;
  }

  // ---- what a connection needs ----

  send(end: ConnectionEnd, message: LinkMessage, later: boolean): boolean {
    const { pid, protect } = this.#owner;
    if (end.peerPid === null) return false;
    if (end.peerPid === pid) queueMicrotask(() => protect(() => this.#hearFrom(pid, message)));
    else if (later) this.#peers.get(end.peerPid)?.outbox.pushLater(message);
    else this.#peers.get(end.peerPid)?.outbox.push(message);
    return true;
  }

  release(end: ConnectionEnd): void {
    this.#connections.delete(`${end.id} ${end.side}`);
  }

  wrote(end: ConnectionEnd, bytes: Uint8Array): void {
    const kept = Math.min(bytes.length, end.keeps);
    if (kept > 0 && this.#owner.mayKeep(kept)) {
      end.keeps -= kept;
      this.#owner.say('conn.data', { conn: end.id, bytes: bytes.length, data: byteText(bytes.subarray(0, kept)) });
    } else {
      // What comes after a gap could not be put in its place.
      end.keeps = 0;
      this.#owner.say('conn.data', { conn: end.id, bytes: bytes.length });
    }
  }

  closed(end: ConnectionEnd, reset: boolean): void {
    this.#owner.say('conn.close', { conn: end.id, reset });
  }
}
