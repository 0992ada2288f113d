import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TraceLog } from './log.ts';
import { decodePacket } from './packet.ts';

/** What nginx wrote to the worker's socket, as the trace of a real run has it. */
const log = TraceLog.parse(readFileSync(new URL('./fixtures/sealed.ndjson', import.meta.url), 'utf8'));
const packets = log.events.flatMap((event) => (event.type === 'conn.data' && event.data?.startsWith('\0') ? [event.data] : []));
const [count = '', post = ''] = packets;

test('head and variables of a real packet, and where each stands', () => {
  const packet = decodePacket(count);
  expect(packet).toMatchObject({ modifier1: 0, modifier2: 0, size: count.length - 4, end: count.length, whole: true });
  const values = Object.fromEntries(packet?.variables.map(({ name, value }) => [name, value]) ?? []);
  expect(values).toMatchObject({ REQUEST_METHOD: 'GET', REQUEST_URI: '/count', HTTPS: 'on', CONTENT_LENGTH: '' });
  for (const { at, end, name, value } of packet?.variables ?? []) {
    expect(count.slice(at + 2, at + 2 + name.length)).toBe(name);
    expect(count.slice(end - value.length, end)).toBe(value);
  }
  // without gaps from head to end
  const edges = [packet?.head, ...(packet?.variables ?? [])];
  expect(edges.slice(1).map((one) => one?.at)).toEqual(edges.slice(0, -1).map((one) => one?.end));
});

test('behind the variables is the body', () => {
  expect(post.slice(decodePacket(post)?.end)).toBe('a=1&b=\xc3\xa9');
});

test('of a packet that was cut short, the variables that are whole', () => {
  const cut = decodePacket(count.slice(0, 41));
  expect(cut?.whole).toBe(false);
  expect(cut?.variables.map(({ name }) => name)).toEqual(['QUERY_STRING', 'REQUEST_METHOD']);
});

test.each([
  ['too short', '\0\x01'],
  ['a variable that goes beyond the size', '\0\x05\0\0\x09\0abc'],
  ['HTTP', 'GET / HTTP/1.1\r\n\r\n'.padEnd(40_000, 'x')],
])('no packet: %s', (_, bytes) => {
  expect(decodePacket(bytes)).toBeNull();
});
