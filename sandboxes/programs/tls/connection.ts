/** A connection whose bytes are sealed on the way: for its users a connection like any other. */
import type { Address, Connection } from '../../host/host.ts';
import { TlsError } from './alerts.ts';
import { HANDSHAKE, message } from './messages.ts';
import type { Group, Suite } from './primitives.ts';
import { CONTENT, MOST } from './record.ts';
import type { RecordStream } from './stream.ts';
import { number } from './wire.ts';

/** What both ends have agreed on. */
export interface Agreed {
  readonly suite: Pick<Suite, 'name'>;
  readonly group: Group['name'];
  /** By ALPN, or null. */
  readonly protocol: string | null;
  /** The name that the client asked for (SNI), or null. */
  readonly serverName: string | null;
  /** The server's certificates as DER, its own first. */
  readonly chain: readonly Uint8Array[];
}

const encoder = new TextEncoder();

export class TlsConnection implements Connection {
  readonly agreed: Agreed;
  readonly #stream: RecordStream;
  readonly #onFault: (error: unknown) => unknown;
  #ended = false;
  #peerEnded = false;

  /** `onFault` may put another error in the place of what went wrong while reading (TlsError, Truncated, SystemError), or null for an end. */
  constructor(stream: RecordStream, agreed: Agreed, onFault: (error: unknown) => unknown = (error) => error) {
    this.#stream = stream;
    this.agreed = agreed;
    this.#onFault = onFault;
    stream.finished();
    const { suite, group, protocol, serverName } = agreed;
    stream.event('tls.ready', { conn: stream.id, side: stream.side, cipher: suite.name, group, protocol, serverName });
  }

  get id(): string {
    return this.#stream.connection.id;
  }

  get address(): Address {
    return this.#stream.connection.address;
  }

  get peer(): string {
    return this.#stream.connection.peer;
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#peerEnded) return null;
    try {
      for (;;) {
        const { type, content } = await this.#stream.next();
        if (type === CONTENT.applicationData) {
          if (content.length > 0) return content;
        } else if (type === CONTENT.handshake) {
          this.#stream.addMessages(content);
          await this.#afterHandshake();
        } else throw new TlsError('unexpected_message', `a record of type ${type}`);
      }
    } catch (error) {
      if (error instanceof TlsError && error.by === 'peer' && (error.alert === 'close_notify' || error.alert === 'user_canceled')) {
        this.#peerEnded = true;
        return null;
      }
      if (error instanceof TlsError) {
        this.#stream.event('tls.failed', { conn: this.id, side: this.#stream.side, alert: error.alert, by: error.by });
        if (error.by === 'self') this.#stream.alert(error.alert);
        this.#ended = true;
      }
      const put = this.#onFault(error);
      if (put !== null) throw put;
      this.#peerEnded = true;
      return null;
    }
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    const data = typeof bytes === 'string' ? encoder.encode(bytes) : bytes;
    for (let from = 0; from < data.length; from += MOST) await this.#stream.write(data.subarray(from, from + MOST));
  }

  end(): void {
    this.#sayClose();
    this.#stream.connection.end();
  }

  close(): void {
    this.#sayClose();
    this.#stream.connection.close();
  }

  onPeerClosed(callback: () => void): void {
    this.#stream.connection.onPeerClosed(callback);
  }

  #sayClose(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stream.alert('close_notify');
  }

  /** Messages that may come later: tickets, which this TLS does not use, and new keys. */
  async #afterHandshake(): Promise<void> {
    for (let next = this.#stream.takeMessage(); next !== null; next = this.#stream.takeMessage()) {
      if (next.type === HANDSHAKE.NewSessionTicket && this.#stream.side === 'client') continue;
      if (next.type !== HANDSHAKE.KeyUpdate) throw new TlsError('unexpected_message', `message ${next.type} after the handshake`);
      const [asked] = next.body;
      if (next.body.length !== 1 || asked === undefined) throw new TlsError('decode_error', 'a KeyUpdate that is none');
      if (asked > 1) throw new TlsError('illegal_parameter', 'a KeyUpdate that is none');
      this.#stream.updateReading();
      if (asked === 1 && !this.#ended) await this.#stream.updateWriting(message('KeyUpdate', number(0, 1)));
    }
  }

  /** Go on with new keys, and ask the peer to do so too. */
  async updateKeys(): Promise<void> {
    await this.#stream.updateWriting(message('KeyUpdate', number(1, 1)));
  }
}
