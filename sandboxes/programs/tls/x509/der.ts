/** The part of DER that certificates and keys are made of (X.690): tag, length, content. */
import { bytesOf, concat } from '../../http/bytes.ts';

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Bytes that are not the DER that was expected. */
export class BadDer extends Error {}

// ---- writing ----

export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return concat([Uint8Array.of(tag, ...size), ...parts]);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => der(TAG.sequence, ...parts);

/** A positive number from its bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from++;
  const short = bytes.subarray(from);
  return (short[0] ?? 0) > 127 ? der(TAG.integer, Uint8Array.of(0), short) : der(TAG.integer, short);
}

/** An object identifier, written `1.2.840.10045.2.1`. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const part of [first * 40 + second, ...others]) {
    const groups = [part & 127];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 127) | 128);
    bytes.push(...groups);
  }
  return der(TAG.oid, Uint8Array.from(bytes));
}

export const bits = (bytes: Uint8Array): Uint8Array => der(TAG.bits, Uint8Array.of(0), bytes);

/** `YYMMDDHHMMSSZ`, or with four digits of the year from 2050 (RFC 5280, 4.1.2.5). `at` in milliseconds since 1970. */
export function time(at: number): Uint8Array {
  const text = `${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return new Date(at).getUTCFullYear() < 2050 ? der(TAG.utcTime, bytesOf(text.slice(2))) : der(TAG.generalizedTime, bytesOf(text));
}

// ---- reading ----

export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** With tag and length. */
  readonly whole: Uint8Array;
}

/** Reads elements one after another. What does not fit throws BadDer. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The tag of the next element, or null at the end. */
  get peek(): number | null {
    return this.#bytes[this.#at] ?? null;
  }

  any(): Element {
    const bytes = this.#bytes;
    const tag = bytes[this.#at];
    const short = bytes[this.#at + 1];
    if (tag === undefined || short === undefined) throw new BadDer('too short');
    const lengthBytes = short < 128 ? 0 : short & 127;
    if (short === 128 || lengthBytes > 3) throw new BadDer('a length that is none');
    let length = lengthBytes === 0 ? short : 0;
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[this.#at + 2 + i] ?? 0);
    const from = this.#at + 2 + lengthBytes;
    const end = from + length;
    if (end > bytes.length) throw new BadDer('too long');
    const whole = bytes.subarray(this.#at, end);
    this.#at = end;
    return { tag, content: bytes.subarray(from, end), whole };
  }

  take(tag: number): Element {
    const element = this.any();
    if (element.tag !== tag) throw new BadDer(`tag ${element.tag} instead of ${tag}`);
    return element;
  }

  /** The elements inside the next one. */
  inside(tag: number = TAG.sequence): DerReader {
    return new DerReader(this.take(tag).content);
  }

  oid(): string {
    const parts: number[] = [];
    let value = 0;
    for (const byte of this.take(TAG.oid).content) {
      value = value * 128 + (byte & 127);
      if (byte > 127) continue;
      if (parts.length === 0) parts.push(Math.min(Math.floor(value / 40), 2), value - 40 * Math.min(Math.floor(value / 40), 2));
      else parts.push(value);
      value = 0;
    }
    return parts.join('.');
  }

  bits(): Uint8Array {
    const { content } = this.take(TAG.bits);
    if (content[0] !== 0) throw new BadDer('bits that are no bytes');
    return content.subarray(1);
  }

  /** Milliseconds since 1970. */
  time(): number {
    const { tag, content } = this.any();
    const text = String.fromCharCode(...content);
    const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
    const year = match?.[1] ?? '';
    if (!match || year.length !== (tag === TAG.utcTime ? 2 : 4)) throw new BadDer('a time that is none');
    const full = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900);
    const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(2).map(Number);
    return Date.UTC(full, month - 1, day, hour, minute, second);
  }
}
