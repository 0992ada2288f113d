// The headers of every page and of the files that a sandboxed or cross-site frame loads.
import { expect, test } from '@playwright/test';
import { ISOLATED } from '../src/headers.ts';
import { builtFiles, builtPages } from './pages.ts';

for (const path of builtPages()) {
  test(`headers of ${path}`, async ({ request }) => {
    const response = await request.get(path);
    const headers = response.headers();
    expect(response.status()).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
    });
    const isolated = ISOLATED.some((folder) => path.startsWith(folder));
    expect(headers['cross-origin-opener-policy']).toBe(isolated ? 'same-origin' : undefined);
    expect(headers['cross-origin-embedder-policy']).toBe(isolated ? 'require-corp' : undefined);
    // Any page may stand in a frame of a course.
    expect(headers['x-frame-options']).toBeUndefined();
    const html = await response.text();
    const policy = /http-equiv="content-security-policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
    expect(scripts).toContain("'self'");
    expect(scripts).not.toMatch(/'unsafe-(inline|eval)'|https?:|\*/);
    expect(policy).not.toContain('frame-ancestors');
    // only a lesson and the playground may open the second engine, and the page for what is not there, where its previews arrive
    expect(policy.includes('https://stackblitz.com'), policy).toBe(/^\/(lessons\/[^/]+|playground)\/$/.test(path) || path === '/404.html');
  });
}

test('every built file that pages and scripts name was built', async ({ request }) => {
  const files = builtFiles();
  const missing: string[] = [];
  for (const path of files.filter((file) => /\.(html|js|css)$/.test(file))) {
    const text = await (await request.get(path)).text();
    const named = text.match(/\b(?:assets|engine|fonts)\/[\w.@-]+\.\w+/g) ?? [];
    missing.push(...named.filter((name) => !files.includes(`/${name}`)).map((name) => `${path} names ${name}`));
  }
  expect(missing).toEqual([]);
});

test('files with a hash in their name are kept for ever and may be read from anywhere', async ({ request }) => {
  const named = builtFiles().filter((path) => /^\/(engine|assets)\/.*(?<!\.br|\.gz)$/.test(path));
  const kinds = new Map(named.map((path) => [path.slice(path.lastIndexOf('.')), path]));
  const types: Readonly<Record<string, string>> = {
    '.js': 'text/javascript; charset=utf-8',
    '.wasm': 'application/wasm',
    '.zip': 'application/zip',
  };
  for (const [extension, type] of Object.entries(types)) {
    const response = await request.head(kinds.get(extension) ?? `no ${extension} file was built`);
    expect(response.status(), extension).toBe(200);
    expect(response.headers()).toMatchObject({
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    });
  }
});

test('a page that is not there is a 404 with a way back', async ({ page }) => {
  const response = await page.goto('/no/such/page/');
  expect(response?.status()).toBe(404);
  await expect(page.locator('a[href="/"]').first()).toBeVisible();
});
