// The real nginx, where it is installed, takes docs/hosting/nginx.conf and sends what src/headers.ts says.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headersFor } from '../../src/headers.ts';
import { nginxConfig } from './hosting.ts';
import { nginxVersion, temporaryPaths } from './real-server.ts';
import { freePort } from './static-server.ts';

const installed = nginxVersion() !== null;

const FILES = {
  'index.html': '<h1>start</h1>',
  '404.html': '<h1>not here</h1>',
  'lessons/iis/index.html': '<h1>a lesson</h1>',
  'assets/a.abc.js': 'export {};'.repeat(200),
  'engine/p.abc.wasm': '\0asm',
  'assets/recording.abc.ndjson': '{}',
};

describe.skipIf(!installed)('the real nginx', () => {
  let folder: string;
  let site: string;
  let server: ChildProcess;
  let arguments_: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nginx-'));
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, 'dist', name)), { recursive: true });
      writeFileSync(join(folder, 'dist', name), text);
    }
    writeFileSync(join(folder, 'dist/assets/a.abc.js.gz'), gzipSync(FILES['assets/a.abc.js']));
    const port = await freePort();
    const block = nginxConfig().replace('listen 80;', `listen 127.0.0.1:${port};`).replace('/var/www/follow-the-request', `${folder}/dist`);
    const conf = `pid ${folder}/pid; daemon off; master_process off; events {} http { access_log off; ${temporaryPaths(folder)} ${block} }`;
    writeFileSync(join(folder, 'nginx.conf'), conf);
    arguments_ = ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log'), '-p', folder];
    site = `http://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    if (server?.exitCode === null) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test('accepts the configuration', () => {
    const { status, stderr } = spawnSync('nginx', ['-t', ...arguments_], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.stringContaining('test is successful')]);
  });

  test('sends the headers, the types and the compressed files', async () => {
    server = spawn('nginx', arguments_, { stdio: 'ignore' });
    const get = (path: string): Promise<Response> => fetch(site + path, { redirect: 'manual' });
    await expect
      .poll(() =>
        get('/').then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    const types: Readonly<Record<string, string>> = {
      '/': 'text/html; charset=utf-8',
      '/lessons/iis/': 'text/html; charset=utf-8',
      '/assets/a.abc.js': 'text/javascript; charset=utf-8',
      '/engine/p.abc.wasm': 'application/wasm',
      '/assets/recording.abc.ndjson': 'application/x-ndjson; charset=utf-8',
    };
    for (const [path, type] of Object.entries(types)) {
      const { headers } = await get(path);
      expect(headers.get('content-type'), path).toBe(type);
      for (const [name, value] of Object.entries(headersFor(path))) expect(headers.get(name), `${path} ${name}`).toBe(value);
      expect(headers.has('cross-origin-opener-policy'), path).toBe(path.startsWith('/lessons/'));
    }
    expect((await get('/assets/a.abc.js')).headers.get('content-encoding')).toBe('gzip');
    const missing = await get('/assets/gone.js');
    expect([missing.status, await missing.text(), missing.headers.get('cache-control')]).toEqual([404, FILES['404.html'], 'no-cache']);
    expect([(await get('/lessons/iis')).status, (await get('/lessons/iis')).headers.get('location')]).toEqual([301, '/lessons/iis/']);
  });
});
