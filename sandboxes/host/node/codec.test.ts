import { describe, expect, it } from 'vitest';
import { Decoder, encode } from './codec.ts';

const values = [
  null,
  'grüße',
  [1, { a: [true, null] }],
  { op: 'reply', value: new Uint8Array([1, 2, 3]), more: [new Uint8Array(0), 'x', new Uint8Array([255])] },
  new Uint8Array(70_000).fill(7),
];

describe('codec', () => {
  it('gives back what it was given, bytes as bytes', () => {
    for (const value of values) expect(new Decoder().push(encode(value))).toEqual([value]);
  });

  it('puts frames together from chunks of any size', () => {
    const stream = Buffer.concat(values.map(encode));
    for (const size of [1, 3, 7, 8, 9, 1000, 65_536, stream.length]) {
      const decoder = new Decoder();
      const got: unknown[] = [];
      for (let at = 0; at < stream.length; at += size) got.push(...decoder.push(stream.subarray(at, at + size)));
      expect(got).toEqual(values);
    }
  });

  it('gives nothing before a frame is complete', () => {
    const frame = encode({ n: 1 });
    const decoder = new Decoder();
    expect(decoder.push(frame.subarray(0, frame.length - 1))).toEqual([]);
    expect(decoder.push(frame.subarray(frame.length - 1))).toEqual([{ n: 1 }]);
  });

  it('takes a Buffer for bytes, and a view for its own part only', () => {
    const view = new Uint8Array([9, 1, 2, 9]).subarray(1, 3);
    expect(new Decoder().push(encode([Buffer.from('hi'), view]))).toEqual([[new Uint8Array([104, 105]), new Uint8Array([1, 2])]]);
  });

  it('gives bytes that share no memory with their neighbours', () => {
    const [value] = new Decoder().push(encode([new Uint8Array([1]), new Uint8Array([2])])) as Uint8Array[][];
    expect(value?.[0]?.buffer.byteLength).toBe(1);
  });
});
