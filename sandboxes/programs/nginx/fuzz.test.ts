/**
 * Bad input: 100,000 mutations of configurations and of requests, the same ones in every run. Nothing may crash, hang or
 * end in anything but nginx's own errors.
 */
import { expect, test } from 'vitest';
import { SystemError } from '../../host/host.ts';
import { mutate, numbers } from '../fuzzing.ts';
import { byteText } from '../http/bytes.ts';
import { BadChunk, Body, CutShort, Reader } from '../http/reader.ts';
import { CONFIG_CASES } from './cases/configs.ts';
import { REQUESTS } from './cases/requests.ts';
import { check } from './checks.ts';
import { ConfigError } from './config/error.ts';
import { loadConfig } from './config/load.ts';
import { DEFAULT_LIMITS } from './config/model.ts';
import type { Source } from './config/source.ts';
import { parseRequestHead } from './head.ts';
import { parseTarget } from './uri.ts';

test('30,000 configurations', async () => {
  const next = numbers(1);
  const tokens = [
    '{',
    '}',
    ';',
    '"',
    "'",
    '\\',
    '$',
    '${',
    '#',
    '\n',
    '~',
    '(',
    '@',
    '=',
    'location ',
    'if (',
    'server {',
    'include x;',
    'unix:',
    '127.0.0.1:',
    '/',
  ];
  const texts = CONFIG_CASES.map((one) => one.conf).filter((text) => text.length < 2000);
  const pick = (): string => texts[next(texts.length)] ?? '';
  let main = '';
  const source: Source = {
    read: async (path) => {
      if (path === '/etc/nginx/nginx.conf') return main;
      throw new SystemError('ENOENT', path);
    },
    expand: async () => [],
    knows: async () => true,
  };
  let taken = 0;
  for (let i = 0; i < 30_000; i++) {
    main = mutate(pick(), pick(), tokens, next);
    try {
      await loadConfig('/etc/nginx/nginx.conf', '', source);
      taken++;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw new Error(`${String(error)} for ${JSON.stringify(main)}`, { cause: error });
    }
  }
  // Both outcomes happen, or the mutations are no good.
  expect(taken).toBeGreaterThan(300);
  expect(taken).toBeLessThan(29_000);
}, 60_000);

test('70,000 request heads, whole and cut in two', () => {
  const next = numbers(2);
  const tokens = [
    '\r\n',
    '\n',
    '\r',
    '\0',
    ' ',
    ':',
    '%',
    '%2',
    '%00',
    '/../',
    '//',
    '?',
    '#',
    'Host: a\r\n',
    'Content-Length: 5\r\n',
    'Transfer-Encoding: chunked\r\n',
    'HTTP/1.1',
    '\t',
    '\xff',
  ];
  const texts = REQUESTS.exchanges.map((one) => one.send).filter((text) => text.length < 2000);
  const pick = (): string => texts[next(texts.length)] ?? '';
  const seen = { good: 0, bad: 0, more: 0 };
  for (let i = 0; i < 70_000; i++) {
    const text = mutate(pick(), pick(), tokens, next);
    const result = parseRequestHead(text, DEFAULT_LIMITS);
    seen[result.kind]++;
    if (result.kind !== 'good') continue;
    const { head, end } = result.read;
    check(head);
    const target = parseTarget(head.target);
    // Whatever was asked for, the path begins with a slash and never climbs.
    if (target === null || !target.uri.startsWith('/') || /\/\.\.(\/|$)/.test(target.uri)) {
      throw new Error(`bad path ${JSON.stringify(target)} for ${JSON.stringify(text)}`);
    }
    // A head cut short is never taken for a whole one of another kind.
    const cut = parseRequestHead(text.slice(0, next(end)), DEFAULT_LIMITS);
    if (cut.kind === 'bad') throw new Error(`cut short, it is refused: ${JSON.stringify(text)}: ${cut.problem.log}`);
  }
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(1000);
});

test('5,000 chunked bodies', async () => {
  const next = numbers(3);
  const plain = '5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nT: u\r\n\r\n';
  for (let i = 0; i < 5_000; i++) {
    const bytes = Uint8Array.from(mutate(plain, plain, ['\r\n', '0', 'ffffffffffffff', ';', '\n'], next), (ch) => ch.charCodeAt(0) & 255);
    let at = 0;
    const read = async (): Promise<Uint8Array | null> => {
      if (at >= bytes.length) return null;
      const piece = bytes.subarray(at, at + 1 + next(7));
      at += piece.length;
      return piece;
    };
    const body = new Body(new Reader({ read } as unknown as ConstructorParameters<typeof Reader>[0]), 'chunked');
    try {
      expect(byteText(await body.all()).length).toBeLessThanOrEqual(bytes.length);
    } catch (error) {
      if (!(error instanceof BadChunk) && !(error instanceof CutShort)) throw error;
    }
  }
});
