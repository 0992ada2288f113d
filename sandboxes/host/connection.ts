/**
 * One end of a byte stream between two processes: window-based back-pressure, half-close and reset, over messages.
 * The rules are those a Linux program sees: data that arrived is read before an error is; a close with unread data
 * resets the peer; writing to a closed end is EPIPE.
 */

import { MOST_OF_A_TURN } from './events.ts';
import { type Address, type Connection, SystemError } from './host.ts';
import { compact, type LinkMessage, type Side } from './wire.ts';

/** Bytes that may be under way before write() waits, and how many are read before room is given back. */
const WINDOW = 256 * 1024;
const ACK_EVERY = 64 * 1024;

const encoder = new TextEncoder();

/** What a connection needs of its process. */
export interface ConnectionOwner {
  /**
   * Send to the peer; false when there is no peer yet (still queued): the connection keeps the message. `later`: nobody
   * waits for it.
   */
  send(end: ConnectionEnd, message: LinkMessage, later: boolean): boolean;
  /** Both ends have said their last word: forget the connection. */
  release(end: ConnectionEnd): void;
  wrote(end: ConnectionEnd, bytes: Uint8Array): void;
  closed(end: ConnectionEnd, reset: boolean): void;
}

export class ConnectionEnd implements Connection {
  readonly id: string;
  readonly address: Address;
  readonly side: Side;
  /** The process at the other end; null while the connection waits in a queue. */
  peerPid: number | null;
  /** So many bytes more the trace may keep of this end's words before the other end speaks again. */
  keeps = MOST_OF_A_TURN;

  #owner: ConnectionOwner;
  #inbox: Uint8Array[] = [];
  #unread = 0;
  #consumed = 0;
  #underWay = 0;
  #held: LinkMessage[] = [];
  #reader: { resolve: (bytes: Uint8Array | null) => void; reject: (error: Error) => void } | null = null;
  #writers: (() => void)[] = [];
  #peerClosedCallback: (() => void) | null = null;
  #ended = false;
  #closed = false;
  #peerEnded = false;
  #peerClosed = false;
  #wasReset = false;

  constructor(owner: ConnectionOwner, id: string, address: Address, side: Side, peerPid: number | null) {
    this.#owner = owner;
    this.id = id;
    this.address = address;
    this.side = side;
    this.peerPid = peerPid;
  }

  get peer(): string {
    return 'path' in this.address ? 'unix:' : '127.0.0.1';
  }

  read(): Promise<Uint8Array | null> {
    const chunk = this.#inbox.shift();
    if (chunk !== undefined) {
      this.#unread -= chunk.length;
      this.#acknowledge(chunk.length);
      return Promise.resolve(chunk);
    }
    if (this.#closed) return Promise.reject(new SystemError('EINVAL', 'read() on a closed connection'));
    if (this.#wasReset) return Promise.reject(new SystemError('ECONNRESET', 'read()'));
    if (this.#peerEnded) return Promise.resolve(null);
    if (this.#reader !== null) return Promise.reject(new SystemError('EINVAL', 'a read is already waiting'));
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  write(bytes: Uint8Array | string): Promise<void> {
    if (this.#wasReset) return Promise.reject(new SystemError('ECONNRESET', 'write()'));
    if (this.#ended || this.#closed || this.#peerClosed) return Promise.reject(new SystemError('EPIPE', 'write()'));
    const data = typeof bytes === 'string' ? encoder.encode(bytes) : compact(bytes);
    if (data.length === 0) return Promise.resolve();
    this.#underWay += data.length;
    this.#owner.wrote(this, data);
    this.#send({ data });
    return this.#underWay < WINDOW ? Promise.resolve() : this.#room();
  }

  /** These bytes went with the connection request itself. */
  wroteFirst(bytes: Uint8Array): void {
    this.#underWay += bytes.length;
    this.#owner.wrote(this, bytes);
  }

  end(): void {
    if (this.#ended || this.#closed) return;
    this.#ended = true;
    if (!this.#peerClosed) this.#send({ state: 'end' });
  }

  close({ unread = false }: { unread?: boolean } = {}): void {
    if (this.#closed) return;
    const reset = unread || this.#unread > 0;
    this.#closed = true;
    this.#ended = true;
    this.#inbox = [];
    this.#owner.closed(this, reset);
    // Said even to a peer that closed before: each end forgets the connection when it has said and heard the last word.
    this.#send({ state: reset ? 'reset' : 'close' }, this.#peerClosed);
    this.#reader?.resolve(null);
    this.#reader = null;
    this.#wakeWriters();
    if (this.#peerClosed) this.#owner.release(this);
  }

  onPeerClosed(callback: () => void): void {
    if (this.#peerClosed) callback();
    else this.#peerClosedCallback = callback;
  }

  /** The kernel says who took this connection: what was written meanwhile goes out. */
  taken(pid: number): void {
    this.peerPid = pid;
    for (const message of this.held()) this.#owner.send(this, message, false);
  }

  /** What was written while nobody had taken the connection; the caller passes it on. */
  held(): LinkMessage[] {
    return this.#held.splice(0);
  }

  /** A message from the other end. */
  receive(message: LinkMessage): void {
    if (message.ack !== undefined) {
      this.#underWay -= message.ack;
      if (this.#underWay < WINDOW) this.#wakeWriters();
    }
    if (message.data !== undefined && !this.#closed && !this.#peerEnded) this.#take(message.data);
    if (message.state === 'end') this.#endOfData();
    if (message.state === 'close') this.peerIsGone(false);
    if (message.state === 'reset') this.peerIsGone(true);
  }

  /** The other end is closed (or its process died). */
  peerIsGone(reset: boolean): void {
    if (this.#peerClosed) return;
    this.#peerClosed = true;
    this.#wasReset = reset;
    if (reset && this.#reader !== null) {
      this.#reader.reject(new SystemError('ECONNRESET', 'read()'));
      this.#reader = null;
    }
    this.#endOfData();
    this.#wakeWriters();
    if (this.#closed) this.#owner.release(this);
    const callback = this.#peerClosedCallback;
    this.#peerClosedCallback = null;
    callback?.();
  }

  #take(data: Uint8Array): void {
    this.keeps = MOST_OF_A_TURN;
    if (this.#reader !== null) {
      const { resolve } = this.#reader;
      this.#reader = null;
      this.#acknowledge(data.length);
      resolve(data);
    } else {
      this.#inbox.push(data);
      this.#unread += data.length;
    }
  }

  #endOfData(): void {
    this.#peerEnded = true;
    this.#reader?.resolve(null);
    this.#reader = null;
  }

  #acknowledge(bytes: number): void {
    this.#consumed += bytes;
    if (this.#consumed < ACK_EVERY || this.#peerClosed) return;
    this.#send({ ack: this.#consumed });
    this.#consumed = 0;
  }

  #send(part: Omit<LinkMessage, 'conn' | 'to'>, later = false): void {
    const message: LinkMessage = { conn: this.id, to: this.side === 'client' ? 'server' : 'client', ...part };
    if (!this.#owner.send(this, message, later)) this.#held.push(message);
  }

  async #room(): Promise<void> {
    await new Promise<void>((resolve) => this.#writers.push(resolve));
    if (this.#wasReset) throw new SystemError('ECONNRESET', 'write()');
    if (this.#peerClosed) throw new SystemError('EPIPE', 'write()');
  }

  #wakeWriters(): void {
    for (const wake of this.#writers.splice(0)) wake();
  }
}
