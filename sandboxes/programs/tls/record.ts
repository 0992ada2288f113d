/** Records: how TLS cuts, seals and opens what it carries (RFC 8446, 5). No input or output here. */
import { concat } from '../http/bytes.ts';
import { NotTls, TlsError } from './alerts.ts';
import { type Suite, TAG } from './primitives.ts';
import { nextSecret, trafficKeys } from './schedule.ts';
import { number } from './wire.ts';

export const CONTENT = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

/** The most plain bytes in a record. */
export const MOST = 2 ** 14;
const HEADER = 5;
/** Sealed records may be longer by padding, tag and type. */
const MOST_SEALED = MOST + 256;

export interface Opened {
  readonly type: number;
  readonly content: Uint8Array;
}

/** A record as it stands on the wire. */
export interface RawRecord extends Opened {
  /** The five bytes before the content, which sealing protects too. */
  readonly header: Uint8Array;
}

const header = (type: number, length: number): Uint8Array => concat([number(type, 1), number(0x0303, 2), number(length, 2)]);

export const plainRecord = (type: number, content: Uint8Array): Uint8Array => concat([header(type, content.length), content]);

/** The first whole record of what has come, or null when there is none yet. Throws record_overflow, unexpected_message. */
export function firstRecord(bytes: Uint8Array): RawRecord | null {
  if (bytes.length < HEADER) return null;
  const [type = 0, major = 0, , high = 0, low = 0] = bytes;
  const length = high * 256 + low;
  if (major !== 3) throw new NotTls();
  if (type < CONTENT.changeCipherSpec || type > CONTENT.applicationData)
    throw new TlsError('unexpected_message', `a record of type ${type}`);
  const most = type === CONTENT.applicationData ? MOST_SEALED : MOST;
  if (length > most) throw new TlsError('record_overflow', `a record of ${length} bytes`);
  if (bytes.length < HEADER + length) return null;
  return { type, header: bytes.subarray(0, HEADER), content: bytes.subarray(HEADER, HEADER + length) };
}

/** Keys of one direction and the number of the next record. */
export class Keys {
  readonly #suite: Suite;
  #secret: Uint8Array;
  #key: Uint8Array;
  #iv: Uint8Array;
  #count = 0;

  constructor(suite: Suite, secret: Uint8Array) {
    this.#suite = suite;
    this.#secret = secret;
    ({ key: this.#key, iv: this.#iv } = trafficKeys(suite, secret));
  }

  /** A sealed record. `content` has MOST bytes at most. */
  seal(type: number, content: Uint8Array): Uint8Array {
    const outer = header(CONTENT.applicationData, content.length + 1 + TAG);
    const inner = concat([content, number(type, 1)]);
    return concat([outer, this.#suite.seal(this.#key, this.#nonce(), outer, inner)]);
  }

  /** What was sealed in a record. Throws bad_record_mac, record_overflow, unexpected_message. */
  open(record: RawRecord): Opened {
    let inner: Uint8Array;
    try {
      inner = this.#suite.open(this.#key, this.#nonce(), record.header, record.content);
    } catch {
      throw new TlsError('bad_record_mac', 'a record was changed on its way');
    }
    let end = inner.length;
    while (end > 0 && inner[end - 1] === 0) end--;
    if (end === 0) throw new TlsError('unexpected_message', 'a record without a type');
    if (inner.length > MOST + 1) throw new TlsError('record_overflow', `a record of ${inner.length} bytes`);
    return { type: inner[end - 1] ?? 0, content: inner.subarray(0, end - 1) };
  }

  /** Go on with the next keys (KeyUpdate). */
  update(): void {
    this.#secret = nextSecret(this.#secret);
    ({ key: this.#key, iv: this.#iv } = trafficKeys(this.#suite, this.#secret));
    this.#count = 0;
  }

  /** The record's number, laid over the iv: no two records have the same. */
  #nonce(): Uint8Array {
    const nonce = Uint8Array.from(this.#iv);
    let left = this.#count++;
    for (let at = nonce.length - 1; left > 0; at--, left = Math.floor(left / 256)) nonce[at] = (nonce[at] ?? 0) ^ (left % 256);
    return nonce;
  }
}
