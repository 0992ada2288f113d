/** On fixtures/sealed.ndjson: one kept TLS connection to nginx with five requests over it, and one that nobody took. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { type ByteHop, bytesOf, hasBytes } from './bytes.ts';
import { TraceLog } from './log.ts';
import { decodePacket } from './packet.ts';
import { indexOf } from './trace-index.ts';

const log = TraceLog.parse(readFileSync(new URL('./fixtures/sealed.ndjson', import.meta.url), 'utf8'));
const keyOf = (number: number, from = log): string => indexOf(from).requests.list.find((one) => one.number === number)?.key ?? '';
const hops = (number: number, from = log): readonly ByteHop[] => bytesOf(from, keyOf(number, from));
const hop = (number: number, kind: ByteHop['kind'], from = log): ByteHop => {
  const found = hops(number, from).find((one) => one.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
};
const kinds = (number: number): string[] => hops(number).map(({ kind }) => kind);
/** The log without what `drop` says. */
const without = (drop: (event: TraceEvent) => boolean): TraceLog => new TraceLog(log.events.filter((event) => !drop(event)));
const bare = (event: TraceEvent): TraceEvent => {
  const { data: _, ...rest } = event as TraceEvent & { data?: string };
  return rest as TraceEvent;
};

test('every hop of a request that Python answers, in order of time', () => {
  expect(kinds(1)).toEqual(['request', 'ask', 'environ', 'reply', 'answer']);
  const times = hops(1).flatMap(({ t, until }) => [t, until ?? Number.NaN]);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(new Set(hops(1).map(({ pid }) => pid))).toHaveProperty('size', 2);
});

test('the request as it was sent and as it went sealed', () => {
  const { bytes, records } = hop(1, 'request');
  expect(bytes?.text).toMatch(/^GET \/count HTTP\/1\.1\r\nHost: localhost\r\n[^]*\r\n\r\n$/);
  expect(bytes).toMatchObject({ total: bytes?.text.length, lost: null });
  expect(records?.text.slice(0, 3)).toBe('\x17\x03\x03');
  expect(records?.text).not.toContain('GET');
  // a record's head, the type in it and the tag
  expect(records?.total).toBe((bytes?.total ?? 0) + 5 + 1 + 16);
});

test('requests on one kept connection have each their own bytes', () => {
  expect(new Set([1, 2, 3, 4, 5].map((number) => keyOf(number).split('/')[0]))).toHaveProperty('size', 1);
  expect(hop(2, 'request').bytes?.text).toMatch(/^GET \/static\/about\.html HTTP\/1\.1\r\n/);
  expect(hop(2, 'answer').bytes?.text).toMatch(/<\/html>\n$/);
  expect(hop(3, 'request').bytes?.text).toMatch(/^POST [^]*\r\n\r\na=1&b=\xc3\xa9$/);
  expect(hop(5, 'answer').bytes?.text).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
});

test('the packet and the environ that Python got say the same', () => {
  const { environ } = hop(3, 'environ');
  const packet = decodePacket(hop(3, 'ask').bytes?.text ?? '');
  for (const { name, value } of packet?.variables ?? []) expect(environ).toHaveProperty([name], value);
  expect(environ).toMatchObject({ 'wsgi.url_scheme': 'https', 'wsgi.version': '(1, 0)', 'wsgi.multiprocess': 'True' });
  expect(environ?.['wsgi.input']).toMatch(/^<_io.BytesIO object at /);
});

test('a static file goes no further than nginx', () => {
  expect(kinds(2)).toEqual(['request', 'file', 'answer']);
  expect(hop(2, 'file').note).toBe('/srv/shop/static/about.html');
});

test('of a long answer the beginning is kept', () => {
  const { bytes } = hop(4, 'answer');
  expect(bytes?.lost).toBe('long');
  expect(bytes?.text).toHaveLength(4096);
  expect(bytes?.total).toBeGreaterThan(20_000);
});

test('a worker that dies says nothing, and nginx answers instead', () => {
  expect(kinds(5)).toEqual(['request', 'ask', 'environ', 'failure', 'answer']);
  expect(hop(5, 'failure').note).toContain('prematurely closed connection');
});

test('a connection that nobody took', () => {
  expect(hops(6)).toMatchObject([{ kind: 'lost', from: 'visitor', bytes: null, note: expect.stringContaining('refused to connect') }]);
});

test('what was not kept is counted', () => {
  const busy = new TraceLog(log.events.filter((event) => event.type !== 'wsgi.environ').map(bare));
  expect(hop(1, 'ask', busy).bytes).toMatchObject({ text: '', lost: 'busy', total: hop(1, 'ask').bytes?.total });
  expect(hop(1, 'environ', busy).environ).toBeNull();
  expect([hasBytes(busy), hasBytes(log)]).toEqual([false, true]);
});

test('a request under way shows how far it has come', () => {
  const { t } = hop(1, 'reply');
  const half = without((event) => event.t >= t);
  expect(hops(1, half).map(({ kind }) => kind)).toEqual(['request', 'ask', 'environ']);
  expect(hops(1, half).at(-1)?.until).toBeNull();
});

test('an unknown request has none', () => {
  expect(bytesOf(log, 'nobody/1')).toEqual([]);
});
