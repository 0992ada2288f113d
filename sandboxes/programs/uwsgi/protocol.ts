/**
 * The uwsgi wire protocol, as nginx and uWSGI speak it: a 4-byte header (modifier1, size of the variables as a
 * little-endian 16-bit number, modifier2), then for each variable its name and its value, each after its own
 * 16-bit length. The request body follows raw; the answer is plain HTTP. One request a connection.
 */

import { byteText, layText } from '../http/bytes.ts';

export const HEADER_SIZE = 4;

/** No packet can say more than this about itself: the size field has 16 bits. */
export const MAX_VARIABLES = 0xffff;

export interface PacketHeader {
  readonly modifier1: number;
  /** Bytes of variables that follow the header. */
  readonly size: number;
  readonly modifier2: number;
}

export interface Packet extends PacketHeader {
  /** In the order on the wire; a name may come twice, and then the last one wins in the environ. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
}

/** A packet that does not hold together: a length points past its end. */
export class ProtocolError extends Error {
  /** The length that does not fit. */
  readonly size: number;
  constructor(message: string, size: number) {
    super(message);
    this.size = size;
  }
}

/** Encode a request's variables, given as byte text. Throws ProtocolError when the whole does not fit the 16-bit lengths. */
export function encodePacket(pairs: readonly (readonly [string, string])[], modifier1 = 0, modifier2 = 0): Uint8Array {
  let size = 0;
  for (const [name, value] of pairs) size += 4 + name.length + value.length;
  if (size > MAX_VARIABLES) throw new ProtocolError(`uwsgi packet of ${size} bytes is larger than ${MAX_VARIABLES}`, size);
  const bytes = new Uint8Array(HEADER_SIZE + size);
  bytes.set([modifier1, size & 0xff, size >> 8, modifier2]);
  let at = HEADER_SIZE;
  const lay = (text: string): void => {
    bytes[at] = text.length & 0xff;
    bytes[at + 1] = text.length >> 8;
    layText(text, bytes, at + 2);
    at += 2 + text.length;
  };
  for (const [name, value] of pairs) {
    lay(name);
    lay(value);
  }
  return bytes;
}

/** Read the 4-byte header at the start of `bytes`, or null when fewer bytes have arrived. */
export function decodeHeader(bytes: Uint8Array): PacketHeader | null {
  const [modifier1, low, high, modifier2] = bytes;
  if (modifier1 === undefined || low === undefined || high === undefined || modifier2 === undefined) return null;
  return { modifier1, size: low | (high << 8), modifier2 };
}

/** Decode a whole packet (header and variables; what follows is ignored). Values are Latin-1 text, one character a byte, as WSGI has it. */
export function decodePacket(bytes: Uint8Array): Packet {
  const header = decodeHeader(bytes);
  const end = HEADER_SIZE + (header?.size ?? 0);
  if (!header || bytes.length < end) throw new ProtocolError('uwsgi packet is cut short', bytes.length);
  const text = byteText(bytes.subarray(0, end));
  const pairs: [string, string][] = [];
  let at = HEADER_SIZE;
  const next = (): string => {
    if (at + 2 > end) throw new ProtocolError('uwsgi length is cut short', end - at);
    const length = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8);
    const start = at + 2;
    at = start + length;
    if (at > end) throw new ProtocolError('uwsgi variable is cut short', length);
    return text.slice(start, at);
  };
  while (at < end) pairs.push([next(), next()]);
  return { ...header, pairs };
}
