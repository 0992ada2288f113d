/** What the dialog says and shows, without the dialog: on a real run behind TLS. */
import { readFileSync } from 'node:fs';
import { createHighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import { describe, expect, test } from 'vitest';
import { codeTheme } from '../../../styles/code-themes.mjs';
import { type ByteHop, bytesOf } from '../../../trace/bytes.ts';
import { TraceLog } from '../../../trace/log.ts';
import type { RequestTrace } from '../../../trace/requests.ts';
import { indexOf } from '../../../trace/trace-index.ts';
import { formsOf, missing } from './forms.ts';
import { html, http } from './grammars.ts';
import { hexDump } from './hex.ts';
import { readMessage } from './message.ts';
import { spansOf } from './spans.ts';
import { cargoOf, endOf, noteOf, routeOf, titleOf } from './words.ts';

const log = TraceLog.parse(readFileSync(new URL('../../../trace/fixtures/sealed.ndjson', import.meta.url), 'utf8'));
const index = indexOf(log);
const request = (number: number): RequestTrace => index.requests.list[number - 1] as RequestTrace;
const hop = (number: number, kind: ByteHop['kind']): ByteHop =>
  bytesOf(log, request(number).key).find((one) => one.kind === kind) as ByteHop;
const workerOf = (pid: number | null): number | null => (pid === null ? null : (index.processes.byPid.get(pid)?.worker ?? null));
const labels = (number: number, kind: ByteHop['kind']): string[] => formsOf(hop(number, kind)).map(({ label }) => label);

describe('forms', () => {
  test('sealed: opened, its bytes, and the records on the wire', () => {
    expect(labels(1, 'request')).toEqual(['HTTP, opened', 'Bytes, opened', 'On the wire: TLS records']);
    expect(formsOf(hop(1, 'request')).at(-1)?.copy).toMatch(/^0000 {2}17 03 03 00 /);
  });

  test('the inner hop is plain', () => {
    expect(labels(1, 'ask')).toEqual(['Variables', 'Bytes']);
    expect(labels(1, 'reply')).toEqual(['HTTP', 'Bytes']);
    expect(labels(1, 'environ')).toEqual(['As Python sees it']);
    expect(labels(2, 'file')).toEqual([]);
  });

  test('what Copy takes', () => {
    expect(formsOf(hop(1, 'ask'))[0]?.copy).toMatch(/^QUERY_STRING=\nREQUEST_METHOD=GET\n/);
    expect(formsOf(hop(2, 'answer'))[0]?.copy).toMatch(/^HTTP\/1\.1 200 OK\nServer: [^]*\n\n<!doctype html>\n/);
  });

  test('a body that is no text is shown as bytes', () => {
    const [form] = formsOf(hop(4, 'answer'));
    expect(form).toMatchObject({ kind: 'http', message: { binary: true } });
    expect(form?.copy).toMatch(/\n\n0000 {2}00 1f 3e 5d /);
  });

  test('what is missing is counted, with the reason', () => {
    expect(missing({ text: 'abc', total: 3, lost: null })).toBe('');
    expect(missing({ text: 'x'.repeat(4096), total: 20_241, lost: 'long' })).toMatch(/^The first 4,096 bytes of 20,241 bytes\./);
    expect(missing({ text: '', total: 119, lost: 'busy' })).toMatch(/^119 bytes went by and were not kept: /);
  });
});

describe('words', () => {
  test('the title', () => {
    expect(titleOf(request(1), 3, 'python')).toBe('Request 1 · GET /count · 200 · worker 3');
    expect(titleOf(request(1), 3, 'iis')).toBe('Request 1 · GET /count · 200 · w3wp 3');
    expect(titleOf(request(2), null, 'python')).toBe('Request 2 · GET /static/about.html · 200');
    expect(titleOf(request(6), null, 'python')).toMatch(/· no answer$/);
    expect(titleOf({ ...request(1), status: null }, null, 'python')).toMatch(/· under way$/);
  });

  test('hops', () => {
    const ask = hop(1, 'ask');
    expect(cargoOf(ask)).toBe('uwsgi packet');
    expect(routeOf(ask, workerOf, 'python')).toBe(`nginx → worker ${workerOf(ask.pid)}`);
    expect(routeOf(ask, workerOf, 'iis')).toBe(`HTTP.sys → w3wp ${workerOf(ask.pid)}`);
    expect(cargoOf(hop(1, 'request'))).toBe('HTTPS request');
  });

  test('where there are no bytes', () => {
    expect(noteOf(hop(2, 'file'), request(2), 'python')?.heading).toBe('No Python needed');
    expect(noteOf(hop(6, 'lost'), request(6), 'python')?.heading).toBe('It was never sent');
    expect(noteOf(hop(5, 'failure'), request(5), 'python')?.heading).toBe('No answer from behind');
    expect(noteOf(hop(1, 'reply'), request(1), 'python')).toBeNull();
  });

  test('what became of the worker', () => {
    const failure = hop(5, 'failure');
    const process = index.processes.byPid.get(failure.pid ?? 0);
    expect(endOf(failure, process, 'python')).toMatch(/^What became of worker \d \(pid \d+\): it ended with code 1\.$/);
    expect(endOf(failure, process && { ...process, exitAt: Number.POSITIVE_INFINITY }, 'python')).toMatch(/still at work/);
    expect(endOf(hop(1, 'reply'), process, 'python')).toBe('');
  });
});

describe('where the time went', () => {
  test('the spans are the whole time, in order', () => {
    const { start, end } = request(1);
    const spans = spansOf(request(1), log.end);
    expect(spans.map(({ holder }) => holder)).toEqual(['way', 'gate', 'line', 'worker', 'gate', 'way']);
    expect(spans.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(end - start, 6);
  });

  test('under way, the last one goes on', () => {
    const upTo = request(1).hops.findIndex(({ stage }) => stage === 'room') + 1;
    const half = { ...request(1), hops: request(1).hops.slice(0, upTo) };
    const last = half.hops.at(-1)?.t ?? 0;
    const [before, after] = [last + 100, last + 5100].map((now) => spansOf(half, now).at(-1)?.ms ?? 0);
    expect((after ?? 0) - (before ?? 0)).toBeCloseTo(5000, 6);
  });
});

test('hex', () => {
  expect(hexDump('GET /\r\n\xff', 4)).toBe('0000  47 45 54 20  GET \n0004  2f 0d 0a ff  /...');
  expect(hexDump('abcde', 4)).toBe('0000  61 62 63 64  abcd\n0004  65           e');
});

test('messages', () => {
  expect(readMessage('\x17\x03\x03')).toBeNull();
  expect(readMessage('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"a":"\xc3\xa9"}')).toEqual({
    head: 'HTTP/1.1 200 OK\nContent-Type: application/json',
    ...{ body: '{"a":"é"}', binary: false, language: 'json' },
  });
  expect(readMessage('GET / HTTP/1.1\r\n\r\ncut \xc3')?.binary, 'only the last character is cut').toBe(false);
  expect(readMessage('GET / HTTP/1.1\r\n\r\n\xc3 (')?.binary).toBe(true);
});

test('colours, all of them tokens of the site', async () => {
  const highlighter = await createHighlighterCore({ themes: [codeTheme], langs: [http, html], engine: createJavaScriptRegexEngine() });
  const colours = (text: string, lang: string): Record<string, string | undefined> =>
    Object.fromEntries(
      highlighter
        .codeToTokens(text, { lang, theme: codeTheme.name })
        .tokens.flatMap((line) => line.map(({ content, color }) => [content.trim(), color])),
    );
  expect(colours('GET /slow HTTP/1.1\nHost: localhost', 'http')).toMatchObject({
    ...{ GET: 'var(--status-redirect)', '/slow': 'var(--status-ok)', 'HTTP/1.1': 'var(--ink-soft)' },
    ...{ Host: 'var(--status-redirect)', localhost: 'var(--ink)' },
  });
  expect(colours('HTTP/1.1 502 Bad Gateway', 'http')).toMatchObject({ 502: 'var(--status-server-error)' });
  expect(colours('<p class="a">x</p>', 'html')).toMatchObject({
    '<p': 'var(--status-redirect)',
    '"a"': 'var(--status-ok)',
    x: 'var(--ink)',
  });
});
