/** The HTTP library against byte streams cut at every place. */
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../host/host.ts';
import { bytesOf, byteText } from './bytes.ts';
import { Deadlines } from './deadlines.ts';
import { BadHead, header, parseRequest, parseResponse } from './head.ts';
import { BadChunk, Body, CutShort, HeadTooLarge, Reader } from './reader.ts';

/** A connection that delivers these pieces and then ends. */
function connection(...pieces: string[]): Connection {
  const left = pieces.filter((piece) => piece !== '').map(bytesOf);
  return {
    id: 'test',
    address: { port: 80 },
    peer: '127.0.0.1',
    read: async () => left.shift() ?? null,
    write: async () => undefined,
    end: () => undefined,
    close: () => undefined,
    onPeerClosed: () => undefined,
  };
}

const LIMITS = { line: 64, total: 256 };
const REQUEST = 'POST /a?b HTTP/1.1\r\nHost: x\r\nX-Long:  two words \r\n\r\n';

describe('heads', () => {
  test('whole, wherever the bytes are cut', async () => {
    for (let cut = 0; cut <= REQUEST.length; cut++) {
      const reader = new Reader(connection(REQUEST.slice(0, cut), `${REQUEST.slice(cut)}rest`));
      expect(await reader.head(LIMITS)).toBe(REQUEST);
      expect(byteText((await reader.some()) ?? new Uint8Array(0))).toBe('rest');
    }
  });

  test('bare line feeds and empty lines before', async () => {
    const reader = new Reader(connection('\r\n\nGET / HTTP/1.0\n\nGET'));
    expect(await reader.head(LIMITS)).toBe('GET / HTTP/1.0\n\n');
  });

  test('none, cut short, too large', async () => {
    expect(await new Reader(connection()).head(LIMITS)).toBeNull();
    await expect(new Reader(connection('GET / HT')).head(LIMITS)).rejects.toMatchObject({ text: 'GET / HT' });
    await expect(new Reader(connection(`GET /${'x'.repeat(80)}`)).head(LIMITS)).rejects.toMatchObject({ part: 'first line' });
    await expect(new Reader(connection(`GET / HTTP/1.1\r\nA: ${'x'.repeat(80)}\r\n\r\n`)).head(LIMITS)).rejects.toMatchObject({
      part: 'header',
    });
    const many = `GET / HTTP/1.1\r\n${'A: 12345678\r\n'.repeat(30)}`;
    await expect(new Reader(connection(many)).head(LIMITS)).rejects.toBeInstanceOf(HeadTooLarge);
  });

  test('parsed', () => {
    const head = parseRequest(REQUEST);
    expect(head).toMatchObject({ method: 'POST', target: '/a?b', protocol: 'HTTP/1.1', minor: 1 });
    expect(header(head.headers, 'x-long')).toBe('two words');
    expect(parseResponse('HTTP/1.0 404 Not Here\r\nA: b\r\n\r\n')).toMatchObject({ status: 404, reason: 'Not Here', minor: 0 });
    expect(() => parseResponse('no\r\n\r\n')).toThrow(BadHead);
    expect(() => parseRequest('GET / HTTP/1.1\r\nno colon\r\n\r\n')).toThrow('no\\x20...');
  });
});

describe('bodies', () => {
  const all = async (framing: number | 'chunked' | 'close', ...pieces: string[]): Promise<string> => {
    return byteText(await new Body(new Reader(connection(...pieces)), framing).all());
  };

  test('by length, by chunks, by the end', async () => {
    expect(await all(5, 'he', 'llo', 'x')).toBe('hello');
    expect(await all('close', 'he', 'llo')).toBe('hello');
    const chunks = '5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nTrailer: x\r\n\r\n';
    for (let cut = 1; cut < chunks.length; cut++) expect(await all('chunked', chunks.slice(0, cut), chunks.slice(cut))).toBe('hello world');
  });

  test('the next message begins right after', async () => {
    const reader = new Reader(connection('3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n'));
    expect(byteText(await new Body(reader, 'chunked').all())).toBe('abc');
    expect(await reader.head(LIMITS)).toBe('GET / HTTP/1.1\r\n\r\n');
  });

  test('broken', async () => {
    await expect(all(5, 'he')).rejects.toBeInstanceOf(CutShort);
    await expect(all('chunked', '5\r\nhe')).rejects.toBeInstanceOf(CutShort);
    await expect(all('chunked', 'zz\r\n')).rejects.toBeInstanceOf(BadChunk);
  });
});

test('deadlines: each at its time, cancelled ones never, and one sleep for many', async () => {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const host = { now: () => now, sleep: (ms: number) => new Promise<void>((wake) => sleepers.push({ at: now + ms, wake })) };
  const advance = async (to: number): Promise<void> => {
    for (let next = due(to); next; next = due(to)) {
      now = next.at;
      next.wake();
      await new Promise((resolve) => setTimeout(resolve));
    }
    now = to;
  };
  const due = (to: number): { at: number; wake: () => void } | undefined => {
    sleepers.sort((a, b) => a.at - b.at);
    return sleepers[0] && sleepers[0].at <= to ? sleepers.shift() : undefined;
  };
  const deadlines = new Deadlines(host);
  const passed: string[] = [];
  for (let i = 0; i < 100; i++) deadlines.cancel(deadlines.set(60_000, () => passed.push('cancelled')));
  expect(sleepers.length).toBe(1);
  deadlines.set(100, () => passed.push('100'));
  deadlines.set(50, () => passed.push('50'));
  await advance(60);
  expect(passed).toEqual(['50']);
  await advance(99);
  deadlines.set(500, () => passed.push('599'));
  await advance(200);
  expect(passed).toEqual(['50', '100']);
  await advance(100_000);
  expect(passed).toEqual(['50', '100', '599']);
});
