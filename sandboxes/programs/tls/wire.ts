/** TLS's way of writing numbers and vectors (RFC 8446, 3). */
import { concat } from '../http/bytes.ts';
import { TlsError } from './alerts.ts';

/** A big-endian number of `length` bytes. */
export function number(value: number, length: 1 | 2 | 3): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = value >>> (8 * (length - 1 - i));
  return bytes;
}

/** The parts behind their length in bytes. */
export function vector(lengthBytes: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat([number(length, lengthBytes), ...parts]);
}

/** Reads such bytes; what is too short or too long is a decode_error. */
export class Parser {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  bytes(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new TlsError('decode_error', 'a message is too short');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  number(length: 1 | 2 | 3): number {
    return this.bytes(length).reduce((value, byte) => value * 256 + byte, 0);
  }

  vector(lengthBytes: 1 | 2 | 3): Parser {
    return new Parser(this.bytes(this.number(lengthBytes)));
  }

  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }

  /** Numbers of two bytes to the end. */
  numbers(): number[] {
    const all: number[] = [];
    while (!this.done) all.push(this.number(2));
    return all;
  }

  end(): void {
    if (!this.done) throw new TlsError('decode_error', 'a message is too long');
  }
}

export const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
