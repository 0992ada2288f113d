/** Held to bytes recorded between nginx 1.22.1 and uWSGI 2.0.21. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeHeader, decodePacket, encodePacket, ProtocolError } from './protocol.ts';

interface Capture {
  readonly name: string;
  readonly hex: string;
  readonly header: string;
  readonly vars: [string, string][];
  readonly body: string;
}

const captures = JSON.parse(readFileSync(new URL('fixtures/wire.json', import.meta.url), 'utf8')) as Capture[];
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const text = (data: Uint8Array): string => Buffer.from(data).toString('latin1');

test.each(captures)('$name', ({ hex, header, vars, body }) => {
  const recorded = bytes(hex);
  const packet = decodePacket(recorded);
  expect(packet.pairs).toEqual(vars);
  expect(decodeHeader(recorded)).toEqual({ modifier1: 0, size: packet.size, modifier2: 0 });
  const encoded = encodePacket(vars);
  expect(Buffer.from(encoded.subarray(0, 4)).toString('hex')).toBe(header);
  expect(text(encoded) + body).toBe(text(recorded));
});

test('modifiers stand around the size', () => {
  expect([...encodePacket([['A', 'b']], 5, 7)]).toEqual([5, 6, 0, 7, 1, 0, 65, 1, 0, 98]);
});

test('values are byte text: one character a byte', () => {
  expect([...encodePacket([['A', '\xe9\0']])].slice(-2)).toEqual([0xe9, 0]);
  expect(decodePacket(encodePacket([['A', '\xe9\0']])).pairs).toEqual([['A', '\xe9\0']]);
});

test('what is too large to be said is refused', () => {
  expect(() => encodePacket([['A', 'x'.repeat(65_535)]])).toThrow(ProtocolError);
});

test('a header needs four bytes; lengths must stay inside the packet', () => {
  expect(decodeHeader(new Uint8Array([0, 1, 0]))).toBeNull();
  expect(() => decodePacket(bytes('007f00000e00'))).toThrow(ProtocolError);
  expect(() => decodePacket(bytes('000a0000ff006162636465666768'))).toThrow(ProtocolError);
});
