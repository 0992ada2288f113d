// The development server, as a process: its headers page by page.
import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headersFor, ISOLATED } from '../../src/headers.ts';
import { at, root } from './paths.ts';
import { freePort } from './static-server.ts';

let server: ChildProcess;
let site = '';

beforeAll(async () => {
  const port = await freePort();
  const args = [at('scripts/run.mjs'), 'astro', 'dev', '--host', '127.0.0.1', '--port', String(port), '--ignore-lock'];
  // With what Vitest sets, the server answers 404 to every page.
  const { NODE_ENV: _, VITEST: __, MODE: ___, ...env } = process.env;
  server = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk;
      if (said.includes(`:${port}`)) resolve();
    };
    server.stdout?.on('data', hear);
    server.stderr?.on('data', hear);
    server.on('exit', () => reject(new Error(said)));
  });
  site = `http://127.0.0.1:${port}`;
}, 60_000);

afterAll(async () => {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill();
  await ended;
});

describe('headers of the development server', () => {
  test.each([
    ['/', 200],
    ['/lessons/', 200],
    ['/lessons/which-worker/', 200],
    ['/lessons/which-worker/task.json', 200],
    ['/favicon.svg', 200],
    ['/service-worker.js', 200],
    ['/no/such/page/', 404],
  ])('%s', async (path, status) => {
    const response = await fetch(site + path);
    expect(response.status).toBe(status);
    // How long something is kept is the development server's own affair.
    const { 'Cache-Control': _, ...headers } = headersFor(path);
    for (const [name, value] of Object.entries(headers)) expect(response.headers.get(name), name).toBe(value);
    const isolated = ISOLATED.some((folder) => path.startsWith(folder));
    expect(response.headers.has('Cross-Origin-Embedder-Policy')).toBe(isolated);
    expect(response.headers.has('Cross-Origin-Opener-Policy')).toBe(isolated);
  });

  test('what a built site has left as service worker goes', async () => {
    const response = await fetch(`${site}/service-worker.js`);
    expect(response.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toContain('registration.unregister()');
  });
});
