/**
 * What hostile Python in a lesson can reach: nothing of the page, the site or the network. The attacker's app comes in as a
 * shared link's would: as a file of the lesson. (attack-engine.spec.ts goes a layer deeper, with JavaScript in the process.)
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';

const APP = readFileSync(join(import.meta.dirname, 'attack/app.py'), 'utf8');

interface Outcome {
  readonly got?: string;
  readonly refused?: string;
}

let page: Page;
let results: Readonly<Record<string, Outcome>>;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser, baseURL }) => {
  page = await browser.newPage();
  await page.context().addCookies([{ name: 'secret', value: 'of-the-page', url: baseURL ?? '' }]);
  await page.addInitScript(
    (drafts) => {
      if (window !== window.top) return;
      localStorage.setItem('ftr:files:which-worker', drafts);
      localStorage.setItem('secret', 'of the page');
    },
    JSON.stringify({ '/srv/shop/app/wsgi.py': APP }),
  );
  await page.goto('/lessons/which-worker/');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Restart servers' })).toBeEnabled({ timeout: 40_000 });
  await page.getByRole('textbox', { name: /address/i }).fill(`/?${new URL(page.url()).origin}`);
  await page.getByRole('textbox', { name: /address/i }).press('Enter');
  const body = page.getByRole('tabpanel').locator('ol > li').first().getByLabel('Body');
  await expect(body).toContainText('{', { timeout: 20_000 });
  results = JSON.parse((await body.textContent()) ?? '') as typeof results;
});

test.afterAll(() => page.close());

const NAMES = [
  ...['document', 'window', 'self', 'globalThis', 'parent', 'opener', 'top', 'localStorage', 'indexedDB', 'caches'],
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'Worker', 'MessagePort', 'BroadcastChannel', 'importScripts', 'navigator'],
];
const ATTEMPTS = [
  ...NAMES.map((name) => `js.${name}`),
  ...['a function made of text', 'run_js', 'open_url', 'urllib', 'an answer through a socket', 'a subprocess'],
];

for (const attempt of ATTEMPTS) {
  test(`Python does not reach ${attempt}`, () => {
    expect(results[attempt]?.refused).toMatch(/^\w+/);
    expect(results[attempt]).not.toHaveProperty('got');
  });
}

test('nothing else was tried than what is listed here', () => {
  expect(Object.keys(results).sort()).toEqual([...ATTEMPTS].sort());
});

test('the page kept what is its own', async () => {
  expect(await page.evaluate(() => [localStorage.getItem('secret'), document.cookie])).toEqual(['of the page', 'secret=of-the-page']);
});
