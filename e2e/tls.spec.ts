/**
 * TLS where there is no `crypto.subtle`: in the engine's real frame of opaque origin, openssl makes a certificate, nginx
 * serves with it, and curl and openssl's client shake hands with it.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { buildForBrowser } from '../scripts/build-conformance.ts';
import { bundle } from '../scripts/engine/bundle.ts';
import type { EngineFrame } from '../src/runtime/engine-frame.ts';

const PAGE = 'https://tls.example/';
const FILES = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n',
  '/etc/group': 'root:x:0:\nadm:x:4:\nwww-data:x:33:\n',
  '/var/log/nginx/': '',
  '/run/': '',
  '/tls/': '',
  '/etc/nginx/nginx.conf':
    'user www-data;\nevents {}\nhttp { server { listen 443 ssl; ssl_protocols TLSv1.3; ssl_certificate /tls/c; ssl_certificate_key /tls/k; return 200 "$scheme $ssl_protocol\\n"; } }\n',
};
const SCRIPT = [
  'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /tls/k -out /tls/c -subj /CN=localhost',
  'nginx',
  'curl -s --cacert /tls/c https://localhost/',
  'curl -sS https://localhost/',
  'openssl s_client -connect localhost:443 -CAfile /tls/c',
].join('; ');

test('a certificate, a server and its clients in the frame', async ({ page }) => {
  const files = await buildForBrowser();
  const made = async (entry: string): Promise<string> => (await bundle(entry, { format: 'es', platform: 'browser' })) ?? '';
  const [kernel, plain] = [await made('sandboxes/host/worker/kernel.ts'), await made('sandboxes/host/worker/plain-process.ts')];
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>TLS</title>' }));
  await page.route('**/engine-frame.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: readFileSync(files.engineFrame, 'utf8') }),
  );
  await page.goto(PAGE);
  const output = await page.evaluate(
    async ([frame, kernel, plain, tree, script]) => {
      const address = '/engine-frame.js';
      const engine = ((await import(address)) as { EngineFrame: typeof EngineFrame }).EngineFrame;
      let text = '';
      const { promise: exited, resolve } = Promise.withResolvers<void>();
      let shell = 0;
      const sandbox = await engine.open(frame, { kernel, plain, python: '' }, (notice) => {
        if (notice.op === 'output') text += new TextDecoder().decode(notice.data);
        if (notice.op === 'exited' && notice.pid === shell) resolve();
      });
      await sandbox.call('mount', [tree]);
      shell = await sandbox.call('spawn', ['sh', ['-c', script], '/', null]);
      await sandbox.call('endInput', [shell]);
      await exited;
      sandbox.close();
      return text;
    },
    [readFileSync(files.frame, 'utf8'), kernel, plain, FILES, SCRIPT] as const,
  );
  expect(output).toContain('https TLSv1.3\n');
  expect(output).toContain('curl: (60) SSL certificate problem: self-signed certificate\n');
  expect(output).toContain('New, TLSv1.3, Cipher is TLS_CHACHA20_POLY1305_SHA256\n');
  expect(output).toContain('Verify return code: 0 (ok)\n');
});
