/**
 * Flask in the browser: the page fetches the lesson's wheels from the site itself, with progress, and four workers of uwsgi run the
 * shop behind nginx. Skipped where the build could fetch no wheels.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { bundle } from '../scripts/engine/bundle.ts';
import { at } from '../scripts/lib/paths.ts';
import { treeFiles } from '../scripts/lib/sandbox.ts';
import { SHOP, VENV, venvFolder } from '../scripts/lib/venv.ts';
import type { PublishedWheel, WheelManifest } from '../src/runtime/wheels.ts';
import type { ShopPage } from './frameworks/page.ts';

const SITE = 'https://site.example';
const WORKERS = 4;
const manifest = JSON.parse(readFileSync(at('src/runtime/generated/wheels.json'), 'utf8')) as WheelManifest<PublishedWheel>;

declare global {
  var shop: ShopPage;
}

const skipped = manifest.missing === null ? '' : ` (skipped, this build has no wheels: ${manifest.missing})`;

test(`Flask runs in four workers, from wheels that the site serves${skipped}`, async ({ page }) => {
  // biome-ignore lint/suspicious/noSkippedTests: a build without wheels has nothing to test here
  test.skip(manifest.missing !== null);
  test.setTimeout(180_000);
  const own = readFileSync(at('sandboxes/server/srv/shop/uwsgi.ini'), 'utf8');
  const ini = own.replace('module = wsgi:application', `module = shop_flask:app\nvirtualenv = ${VENV}`);
  const files = {
    ...Object.assign({}, ...[at('sandboxes/server'), SHOP, await venvFolder('flask')].map(treeFiles)),
    '/srv/shop/uwsgi.ini': Buffer.from(ini),
  } as Record<string, Uint8Array>;
  const encoded = JSON.stringify(
    Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')])),
  );
  const script = (await bundle('e2e/frameworks/page.ts', { format: 'es', platform: 'browser' })) ?? '';
  const asked: string[] = [];
  await page.context().route('**/*', (route) => {
    const url = new URL(route.request().url());
    asked.push(url.href);
    if (url.origin !== SITE) return route.abort();
    if (url.pathname === '/page.mjs') return route.fulfill({ contentType: 'text/javascript', body: script });
    if (url.pathname === '/files.json') return route.fulfill({ contentType: 'application/json', body: encoded });
    if (url.pathname.startsWith('/engine/')) return route.fulfill({ path: at('public', url.pathname) });
    return route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><title>Shop</title><script type="module" src="/page.mjs"></script>',
    });
  });
  await page.goto(SITE);
  await page.waitForFunction(() => 'shop' in globalThis);
  await page.evaluate(() => shop.open('/files.json', ['flask']));

  const wheels = manifest.wheels.filter(({ set }) => set === 'flask');
  // Those of the set and no others, each as the manifest says.
  const fetched = asked.filter((url) => url.endsWith('.zip') && !url.includes('stdlib')).sort();
  expect(fetched).toEqual(wheels.map(({ address }) => SITE + address).sort());
  for (const { file, sha256 } of wheels) expect(await page.evaluate((path) => shop.sha256(path), `/srv/wheelhouse/${file}`)).toBe(sha256);
  const texts = (await page.evaluate(() => shop.progress())).filter(({ text }) => text.includes(' of ')).map(({ text }) => text);
  const [, got, all] = /: ([\d.]+) of ([\d.]+) MB$/.exec(texts.at(-1) ?? '') ?? [];
  expect(got).toBe(all);

  await page.evaluate(() => shop.spawn('uwsgi', ['--ini', '/srv/shop/uwsgi.ini']));
  await page.evaluate(() => shop.spawn('nginx', ['-g', 'daemon off;']));
  await expect.poll(() => page.evaluate(() => shop.count('uwsgi.ready')), { timeout: 90_000 }).toBe(WORKERS);
  const ask = (path: string, form?: string): Promise<{ status: number; text: string }> =>
    page.evaluate(([path, form]) => shop.ask(path, form), [path, form] as const);
  expect(await ask('/')).toMatchObject({ status: 200, text: expect.stringMatching(/Hello from worker [1-4] \(pid \d+\), Flask/) });
  expect(await ask('/products/')).toMatchObject({ status: 200, text: expect.stringContaining('<li>Tea &amp; a cup: 12 euros</li>') });
  expect(await ask('/orders/', 'product=2&quantity=2')).toMatchObject({
    status: 200,
    text: expect.stringContaining('2 x Notebook: 10 euros'),
  });
  expect(await ask('/error')).toMatchObject({ status: 500, text: expect.stringContaining('<h1>Internal Server Error</h1>') });
  expect((await ask('/')).status).toBe(200);
  expect(await page.evaluate(() => shop.count('uwsgi.respawn'))).toBe(0);
  expect(asked.filter((url) => !url.startsWith(SITE))).toEqual([]);
});
