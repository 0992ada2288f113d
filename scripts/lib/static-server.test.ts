import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compress } from '../compress.ts';
import { createStaticServer, listen } from './static-server.ts';

const outside = mkdtempSync(join(tmpdir(), 'static-'));
const folder = join(outside, 'site');
const script = `console.log('${'hello '.repeat(500)}');`;
const server = createStaticServer(folder);
let port = 0;

/** A request as it is written on the wire: fetch would tidy the path. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }>((resolve, reject) => {
    const sent = request({ port, path, headers, method, host: '127.0.0.1' }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    sent.on('error', reject).end();
  });
}

beforeAll(async () => {
  const files: Record<string, string> = {
    'index.html': '<p>home</p>',
    '404.html': '<p>no such page</p>',
    'lessons/one/index.html': '<p>lesson</p>',
    'embed/one/index.html': '<p>embed</p>',
    'engine/process.abc.mjs': script,
    'engine/python.abc.wasm': 'wasm',
    'recording.ndjson': '{}',
    'a b.txt': 'space',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  mkdirSync(join(outside, 'site-two'));
  writeFileSync(join(outside, 'site-two/secret.txt'), 'secret');
  await compress(folder);
  port = await listen(server, 0);
});

afterAll(() => server.close());

describe('what is found', () => {
  test.each([
    ['/', 200, 'text/html; charset=utf-8', 'home'],
    ['/?x=1', 200, 'text/html; charset=utf-8', 'home'],
    ['/lessons/one/', 200, 'text/html; charset=utf-8', 'lesson'],
    ['/engine/python.abc.wasm', 200, 'application/wasm', 'wasm'],
    ['/engine/process.abc.mjs', 200, 'text/javascript; charset=utf-8', 'hello'],
    ['/recording.ndjson', 200, 'application/x-ndjson; charset=utf-8', '{}'],
    ['/a%20b.txt', 200, 'text/plain; charset=utf-8', 'space'],
    ['/nothing', 404, 'text/html; charset=utf-8', 'no such page'],
    ['/recording.ndjson/', 404, 'text/html; charset=utf-8', 'no such page'],
    ['/lessons/', 404, 'text/html; charset=utf-8', 'no such page'],
    ['/%E0%A4%A', 400, 'text/plain; charset=utf-8', 'not valid'],
    [`/${'x'.repeat(300)}`, 400, 'text/plain; charset=utf-8', 'not valid'],
    ['//', 200, 'text/html; charset=utf-8', 'home'],
  ])('%s is %i', async (path, status, type, text) => {
    const answer = await get(path);
    expect([answer.status, answer.headers['content-type']]).toEqual([status, type]);
    expect(answer.body.toString()).toContain(text);
  });

  test('a folder without its slash is sent there, with its query, on this host', async () => {
    expect((await get('/lessons/one?a=b')).headers.location).toBe('/lessons/one/?a=b');
    expect((await get('//lessons/one')).headers.location).toBe('/lessons/one/');
  });

  test('only GET and HEAD are taken', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(405);
    const head = await get('/', {}, 'HEAD');
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '11', 0]);
  });
});

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/lessons/../../secret.txt',
  '/..%5csecret.txt',
  '/../site-two/secret.txt',
  '/%00',
])('%s does not leave the folder', async (path) => {
  const answer = await get(path);
  expect(answer.status).toBe(404);
  expect(answer.body.toString()).not.toContain('secret');
});

describe('compression', () => {
  const path = '/engine/process.abc.mjs';

  test.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip, br;q=0', 'gzip', gunzipSync],
  ])('%s gets %s', async (accept, encoding, decompress) => {
    const answer = await get(path, { 'Accept-Encoding': accept });
    expect([answer.headers['content-encoding'], answer.headers.vary]).toEqual([encoding, 'Accept-Encoding']);
    expect(answer.headers['content-length']).toBe(String(answer.body.length));
    expect(answer.body.length).toBeLessThan(script.length / 10);
    expect(decompress(answer.body).toString()).toBe(script);
  });

  test('a client that asks for nothing gets the file itself; a small file is never compressed', async () => {
    expect((await get(path)).body.toString()).toBe(readFileSync(join(folder, path), 'utf8'));
    expect((await get('/', { 'Accept-Encoding': 'br' })).headers['content-encoding']).toBeUndefined();
  });

  test('a known version is not sent again, and each encoding has its own', async () => {
    const plain = (await get(path)).headers.etag;
    const br = (await get(path, { 'Accept-Encoding': 'br' })).headers.etag;
    expect(plain).not.toBe(br);
    const again = await get(path, { 'If-None-Match': `"other", W/${plain}` });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, plain]);
    expect((await get(path, { 'If-None-Match': String(br) })).status).toBe(200);
  });
});

describe('headers', () => {
  test('files with a hash in their name are kept for ever, pages are asked for again', async () => {
    expect((await get('/engine/python.abc.wasm')).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await get('/')).headers['cache-control']).toBe('no-cache');
    expect((await get('/engine/none')).headers['cache-control']).toBe('no-cache');
  });

  test.each(['/', '/engine/process.abc.mjs', '/nothing', '/lessons/one'])('%s can be used from a sandboxed frame', async (path) => {
    const { headers } = await get(path);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test('lessons are isolated; home and embeds are not', async () => {
    const isolation = async (path: string) => {
      const { headers } = await get(path);
      return [headers['cross-origin-opener-policy'], headers['cross-origin-embedder-policy']];
    };
    expect(await isolation('/lessons/one/')).toEqual(['same-origin', 'require-corp']);
    expect(await isolation('/')).toEqual([undefined, undefined]);
    expect(await isolation('/embed/one/')).toEqual([undefined, undefined]);
  });
});

test('a taken port is an error, or the next one is used', async () => {
  const second = createStaticServer(folder);
  await expect(listen(second, port)).rejects.toThrow('EADDRINUSE');
  expect(await listen(second, port, { next: true })).toBeGreaterThan(port);
  second.close();
});
