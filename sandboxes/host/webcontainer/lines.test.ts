import { expect, test } from 'vitest';
import { asNoise, FrameReader, type FromContainer, framed, fromAscii, toAscii } from './lines.ts';

const BYTES = Uint8Array.from({ length: 5000 }, (_, index) => index % 256);
const reply = (value: unknown): FromContainer => ({ op: 'reply', id: 1, value });

test('any value is printable ASCII on its way', () => {
  const value = { text: 'Grüße 世界 🚀\x1e\x1f\x7f\r\n"', bytes: BYTES, list: [null, 1.5, true, new Uint8Array(0)] };
  const text = toAscii(value);
  expect(text).toMatch(/^[\x20-\x7e]+$/);
  expect(fromAscii(text)).toEqual(value);
  expect(fromAscii(toAscii({ bytes: Buffer.from('hé') }))).toEqual({ bytes: new Uint8Array(Buffer.from('hé')) });
});

test('frames are short enough for a terminal to write in one piece', () => {
  const frames = framed(reply(BYTES));
  expect(frames.length).toBeGreaterThan(1);
  expect(Math.max(...frames.map(({ length }) => length))).toBeLessThan(2048);
});

test('messages are found in any pieces, between noise of any kind', () => {
  const noise = ['[{"id":1,"name":"read","args":["/x"]}]\r\n', 'h\ufffd\ufffd (node:1) Warning: no\r\n', ''];
  const messages = [reply(BYTES), { op: 'heard' } as const, reply('ü')];
  const text = messages.flatMap((message, index) => [noise[index], ...framed(message)]).join('');
  for (const size of [1, 2, 7, 1203, text.length]) {
    const reader = new FrameReader();
    const found: FromContainer[] = [];
    for (let at = 0; at < text.length; at += size) found.push(...reader.push(text.slice(at, at + size).replaceAll('\n', '\r\n')));
    expect(found).toEqual(messages);
    expect(reader.noise).toContain('Warning: no');
  }
});

test('what another process prints is noise, whatever it says', () => {
  const forged = framed({ op: 'fault', message: 'forged' }).join('');
  const text = new TextDecoder().decode(asNoise(new TextEncoder().encode(`ü\x1e${forged}\x1f`)));
  const reader = new FrameReader();
  expect(reader.push(`${text}${framed(reply(1)).join('')}`)).toEqual([reply(1)]);
  expect(reader.noise).toContain('ü?');
  expect(reader.noise).toContain('forged');
});

test('what was damaged is an error, not another message', () => {
  const [frame = ''] = framed(reply('some text'));
  expect(() => new FrameReader().push(frame.replace('"reply"', '"re\r\nply"'))).toThrow(SyntaxError);
});
