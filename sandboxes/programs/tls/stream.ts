/** Records and handshake messages over a connection of the sandbox: what both ends' handshakes are made of. */
import { MOST_OF_A_TURN } from '../../host/events.ts';
import type { Connection, Host } from '../../host/host.ts';
import { byteText, concat } from '../http/bytes.ts';
import { ALERTS, type AlertName, alertName, TlsError, Truncated } from './alerts.ts';
import { HANDSHAKE, type HandshakeName } from './messages.ts';
import { HASH, type Suite, sha256 } from './primitives.ts';
import { CONTENT, firstRecord, Keys, MOST, type Opened, plainRecord, type RawRecord } from './record.ts';
import { equal } from './wire.ts';

/** What TLS needs of its process. */
export type TlsHost = Pick<Host, 'event' | 'random' | 'mayKeep'>;
export type Side = 'client' | 'server';

const NOTHING = new Uint8Array(0);
/** No message of a handshake is longer here. */
const MOST_MESSAGE = 2 ** 16;

export interface Message {
  readonly type: number;
  readonly body: Uint8Array;
  /** With type and length. */
  readonly whole: Uint8Array;
}

/** All handshake messages so far: both ends sign and seal the hash of them. */
export class Transcript {
  #all: Uint8Array[] = [];

  add(message: Uint8Array): void {
    this.#all.push(message);
  }

  hash(): Uint8Array {
    return sha256(concat(this.#all));
  }

  /** After a HelloRetryRequest the first message, ClientHello, counts by its hash only (RFC 8446, 4.4.1). */
  retry(): void {
    const [first = NOTHING, ...others] = this.#all;
    this.#all = [concat([Uint8Array.of(HANDSHAKE.MessageHash, 0, 0, HASH), sha256(first)]), ...others];
  }
}

export class RecordStream {
  readonly connection: Connection;
  readonly side: Side;
  readonly transcript = new Transcript();
  readonly #host: TlsHost;
  #buffer: Uint8Array = NOTHING;
  /** Bytes of handshake messages that have come and are not used. */
  #messages: Uint8Array = NOTHING;
  #reading: Keys | null = null;
  #writing: Keys | null = null;
  #shaking = true;
  #keeps: number = MOST_OF_A_TURN;
  readonly #outgoing: Uint8Array[] = [];

  constructor(connection: Connection, host: TlsHost, side: Side) {
    this.connection = connection;
    this.#host = host;
    this.side = side;
  }

  get id(): string {
    return this.connection.id;
  }

  get event(): TlsHost['event'] {
    return this.#host.event.bind(this.#host);
  }

  random(length: number): Uint8Array {
    return this.#host.random(length);
  }

  /** What comes from now on is sealed with these keys. Throws when a message of before lies over the change. */
  readWith(suite: Suite, secret: Uint8Array): void {
    if (this.#messages.length > 0) throw new TlsError('unexpected_message', 'a message lies over a change of keys');
    this.#reading = new Keys(suite, secret);
  }

  writeWith(suite: Suite, secret: Uint8Array): void {
    this.#writing = new Keys(suite, secret);
  }

  /** The handshake is over: change_cipher_spec has no place any more. */
  finished(): void {
    this.#shaking = false;
  }

  /** The next record, opened. Throws Truncated at the end of the connection, and the peer's alert as a TlsError. */
  async next(): Promise<Opened> {
    for (;;) {
      const raw = await this.#raw();
      if (raw.type === CONTENT.changeCipherSpec) {
        // Of no meaning: it is there for boxes on the way that expect TLS 1.2 (RFC 8446, D.4).
        if (this.#shaking && equal(raw.content, Uint8Array.of(1))) continue;
        throw new TlsError('unexpected_message', 'change_cipher_spec');
      }
      // Before it knows the keys a peer can only send its alerts in plain.
      const plain = this.#reading === null || (this.#shaking && raw.type === CONTENT.alert);
      if (!plain && raw.type !== CONTENT.applicationData) throw new TlsError('unexpected_message', 'a record that is not sealed');
      const record = plain || this.#reading === null ? raw : this.#reading.open(raw);
      if (record.type === CONTENT.applicationData) this.#keeps = MOST_OF_A_TURN;
      if (record.type !== CONTENT.alert) return record;
      const alert = record.content.length === 2 ? alertName(record.content[1] ?? 0) : null;
      if (alert === null) throw new TlsError('decode_error', 'an alert that is none');
      throw new TlsError(alert, 'said by the other end', 'peer');
    }
  }

  /** The next handshake message, which has to be `name`; it is added to the transcript. */
  async expect(name: HandshakeName): Promise<Uint8Array> {
    const { type, body, whole } = await this.#message();
    this.transcript.add(whole);
    if (type !== HANDSHAKE[name]) throw new TlsError('unexpected_message', `message ${type} instead of ${name}`);
    return body;
  }

  async #message(): Promise<Message> {
    for (;;) {
      const whole = this.takeMessage();
      if (whole) return whole;
      const record = await this.next();
      if (record.type !== CONTENT.handshake) throw new TlsError('unexpected_message', 'data in the middle of a handshake');
      this.addMessages(record.content);
    }
  }

  /** Bytes of handshake messages have come. */
  addMessages(bytes: Uint8Array): void {
    if (bytes.length === 0) throw new TlsError('unexpected_message', 'an empty handshake record');
    this.#messages = concat([this.#messages, bytes].filter((part) => part.length > 0));
  }

  /** The first whole message of what has come, or null. */
  takeMessage(): Message | null {
    const bytes = this.#messages;
    if (bytes.length < 4) return null;
    const [type = 0, high = 0, middle = 0, low = 0] = bytes;
    const end = 4 + high * 65536 + middle * 256 + low;
    if (end > MOST_MESSAGE) throw new TlsError('illegal_parameter', `a message of ${end} bytes`);
    if (bytes.length < end) return null;
    this.#messages = bytes.subarray(end);
    return { type, body: bytes.subarray(4, end), whole: bytes.subarray(0, end) };
  }

  /** Put a handshake message into the next `flush`, sealed with the keys of now; it is added to the transcript. */
  put(message: Uint8Array): void {
    this.transcript.add(message);
    this.#outgoing.push(...this.#cut(CONTENT.handshake, message));
    const sealed = this.#writing !== null;
    this.event('tls.handshake', { conn: this.id, side: this.side, message: nameOf(message[0] ?? 0), bytes: message.length, sealed });
  }

  /** Put the change_cipher_spec there that boxes on the way expect. */
  putChangeCipherSpec(): void {
    this.#outgoing.push(plainRecord(CONTENT.changeCipherSpec, Uint8Array.of(1)));
  }

  async flush(): Promise<void> {
    await this.connection.write(concat(this.#outgoing.splice(0)));
  }

  /** Seal and send a piece of data, MOST bytes at most. */
  async write(content: Uint8Array): Promise<void> {
    for (const record of this.#cut(CONTENT.applicationData, content)) {
      const head = hex(record.subarray(5, 5 + SHOWN));
      this.event('tls.record', { conn: this.id, plain: content.length, bytes: record.length, head, ...this.#kept(content) });
      await this.connection.write(record);
    }
  }

  /** The first plain bytes for the trace: of what one end says before the other one speaks again so much as of plain connections. */
  #kept(content: Uint8Array): { data?: string } {
    const kept = Math.min(content.length, this.#keeps);
    if (kept === 0 || !this.#host.mayKeep(kept)) {
      this.#keeps = 0;
      return {};
    }
    this.#keeps -= kept;
    return { data: byteText(content.subarray(0, kept)) };
  }

  /** KeyUpdate was asked for: say so with the old keys, and take the next ones. */
  async updateWriting(message: Uint8Array): Promise<void> {
    const records = concat(this.#cut(CONTENT.handshake, message));
    this.#writing?.update();
    await this.connection.write(records);
  }

  /** The peer has gone on to its next keys. */
  updateReading(): void {
    if (this.#messages.length > 0) throw new TlsError('unexpected_message', 'a message lies over a change of keys');
    this.#reading?.update();
  }

  /** Tell the peer why this is the end, or that it is (close_notify). It may be gone: nobody waits for it. */
  alert(name: AlertName): void {
    const content = Uint8Array.of(name === 'close_notify' || name === 'user_canceled' ? 1 : 2, ALERTS[name]);
    void this.connection.write(concat(this.#cut(CONTENT.alert, content))).catch(() => undefined);
  }

  #cut(type: number, content: Uint8Array): Uint8Array[] {
    const records: Uint8Array[] = [];
    for (let from = 0; from < content.length; from += MOST) {
      const part = content.subarray(from, from + MOST);
      records.push(this.#writing?.seal(type, part) ?? plainRecord(type, part));
    }
    return records;
  }

  async #raw(): Promise<RawRecord> {
    for (;;) {
      const record = firstRecord(this.#buffer);
      if (record) {
        this.#buffer = this.#buffer.subarray(record.header.length + record.content.length);
        return record;
      }
      const more = await this.connection.read();
      if (more === null) throw new Truncated();
      this.#buffer = this.#buffer.length === 0 ? more : concat([this.#buffer, more]);
    }
  }
}

/** Bytes of a sealed record that the trace always shows. */
const SHOWN = 16;

const hex = (bytes: Uint8Array): string => Array.from(byteText(bytes), (ch) => ch.charCodeAt(0).toString(16).padStart(2, '0')).join('');

function nameOf(type: number): HandshakeName {
  const found = (Object.keys(HANDSHAKE) as HandshakeName[]).find((name) => HANDSHAKE[name] === type);
  if (!found) throw new Error(`no handshake message ${type}`);
  return found;
}

/** Carry out a handshake; a mistake is told to the peer and to the trace, and nothing more is written. Closing is the caller's. Rethrows. */
export async function guarded<T>(stream: RecordStream, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TlsError) {
      stream.event('tls.failed', { conn: stream.id, side: stream.side, alert: error.alert, by: error.by });
      if (error.by === 'self') stream.alert(error.alert);
      stream.connection.end();
    }
    throw error;
  }
}
