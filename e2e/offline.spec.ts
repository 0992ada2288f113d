// The site without a network: after one visit, and in another profile from the download. And how a new version comes.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as anywhere, expect, type Page } from '@playwright/test';
import { dist } from '../scripts/lib/paths.ts';
import { createStaticServer, listen } from '../scripts/lib/static-server.ts';
import { neededBy, type OfflineList } from '../src/offline/list.ts';
import { LESSON, Lesson, test, UWSGI_INI } from './support.ts';

test.use({ serviceWorkers: 'allow', viewport: { width: 1280, height: 1000 } });
test.setTimeout(120_000);

let folder = dist;
let server: Server;
let site: string;

async function serve(): Promise<void> {
  server = createStaticServer(folder);
  site = `http://localhost:${await listen(server, 0)}`;
}
/** Nothing answers any more. */
function networkOff(): void {
  server.close();
  server.closeAllConnections();
}

test.beforeEach(async () => {
  folder = dist;
  await serve();
});
test.afterEach(() => {
  networkOff();
  if (folder !== dist) rmSync(folder, { recursive: true });
});

/** Is this file of the site kept? */
const isKept = (page: Page, address: string): Promise<boolean> =>
  page.evaluate(async (url) => (await caches.match(url)) !== undefined, site + address);
/** What the worker in this folder knows of its build. */
const listOf = (folder: string): OfflineList =>
  JSON.parse(/^const OFFLINE=(.*);$/m.exec(readFileSync(join(folder, 'service-worker.js'), 'utf8'))?.[1] ?? '');
const isControlled = (page: Page): Promise<boolean> => page.evaluate(() => navigator.serviceWorker.controller !== null);

test('a whole lesson with the network off, after one visit in which it was run', async ({ page }) => {
  await page.goto(site + LESSON);
  const lesson = new Lesson(page);
  await lesson.run();
  // what no tab has asked for yet is kept as well
  const needed = neededBy(listOf(dist), LESSON.slice(1), true).map((address) => `${site}/${address}`);
  const missing = (): Promise<number> =>
    page.evaluate(
      async (urls) => (await Promise.all(urls.map((url) => caches.match(url)))).filter((one) => one === undefined).length,
      needed,
    );
  await expect.poll(missing, { timeout: 60_000 }).toBe(0);
  networkOff();

  await page.reload();
  expect(await isControlled(page)).toBe(true);
  // on a host that sends the headers, a kept lesson is isolated as before
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await lesson.run();
  // learner code: no worker in between, and no way to what is kept
  const learner = page.frames().find((frame) => frame.url() === 'about:srcdoc');
  expect(
    await learner?.evaluate(async () => {
      const tried = await Promise.allSettled([(async () => navigator.serviceWorker.controller)(), (async () => caches.keys())()]);
      return tried.map(({ status }) => status);
    }),
  ).toEqual(['rejected', 'rejected']);
  await lesson.edit(UWSGI_INI, 'processes = 4', 'processes = 8');
  await lesson.restartButton.first().click();
  await lesson.idle(8);
  await page.evaluate(() => window.dispatchEvent(new CustomEvent('ftr:send', { detail: { url: '/slow?ms=1000', count: 8 } })));
  await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(8, { timeout: 30_000 });
  await lesson.openTab('Check');
  await lesson.panel('Check').getByRole('button', { name: 'Check', exact: true }).click();
  await expect(lesson.panel('Check').getByRole('status').last()).toHaveText(/^All \d+ checks passed\.$/, { timeout: 30_000 });
  await page.locator('.quiz').getByRole('radio').first().check();

  // a page that was never open leads to what can be done
  await page.goto(`${site}/map/`);
  await expect(page).toHaveURL(`${site}/offline/`);
  await expect(page.getByRole('listitem').filter({ hasText: 'Which worker' })).toContainText('opens and runs');
  await expect(page.getByText('The page that you asked for is not in this browser, and the network does not answer.')).toBeVisible();
  await page.goto(`${site}/lessons/gateway/`);
  await expect(page.getByText(/^The lesson “.+” is not in this browser/)).toBeVisible();
  await page.getByRole('button', { name: /^Download the course/ }).click();
  await expect(page.getByText('The download broke off: the network does not answer.')).toBeVisible();
});

test('the download: its size first, cancelled, gone on with, a lesson never opened runs from it, removed', async ({ page }) => {
  await page.goto(`${site}/offline/`);
  const fetchButton = page.getByRole('button', { name: /^Download the course for offline \(\d+\.\d MB\)$/ });
  await fetchButton.click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Cancelled. What has come stays')).toBeVisible();
  await fetchButton.click();
  await expect(page.getByText('The whole course works without a network now')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^The whole course is in this browser: \d+\.\d MB\.$/)).toBeVisible();
  networkOff();

  await page.goto(site + LESSON);
  const lesson = new Lesson(page);
  await lesson.run();
  await lesson.button('Send a request').click();
  await expect(lesson.answers.first()).toContainText(/200 OK[^]*Hello from worker [1-4]/);

  await page.goto(`${site}/offline/`);
  await page.getByRole('button', { name: 'Remove from this browser' }).click();
  await expect(page.getByText('Removed. Your progress and your files are still here.')).toBeVisible();
  expect(await isKept(page, LESSON)).toBe(false);
});

test('a new version waits; a page of the old one keeps its files; it comes when the learner says so', async ({ page, context }) => {
  networkOff();
  folder = mkdtempSync(join(tmpdir(), 'site-'));
  cpSync(dist, folder, { recursive: true, filter: (path) => !/\.(br|gz)$/.test(path) });
  await serve();
  const file = (name: string): string => join(folder, name);
  const build = /"build":"(\w+)"/.exec(readFileSync(file('service-worker.js'), 'utf8'))?.[1] ?? '';
  await page.goto(`${site}/glossary/`);
  await expect.poll(() => isKept(page, '/glossary/')).toBe(true);
  await page.reload();
  expect(await isControlled(page)).toBe(true);

  // the host has another build now
  for (const name of ['index.html', 'lessons/index.html', 'offline/index.html', 'glossary/index.html', 'service-worker.js'])
    writeFileSync(file(name), readFileSync(file(name), 'utf8').replaceAll(build, '0123456789abcdef').replaceAll('<h1', '<h1 data-new'));
  await page.reload();
  const note = page.getByText('A new version of the course is ready.');
  await expect(note).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-build', build);
  const other = await context.newPage();
  await other.goto(`${site}/glossary/`);
  await expect(other.locator('[data-new]')).toHaveCount(0);

  // what is kept here is of the old one: a download says so, and offers the new one again
  await page.goto(`${site}/offline/`);
  await page.getByRole('button', { name: 'Later' }).click();
  await page.getByRole('button', { name: 'Download the course' }).click();
  await expect(page.getByText('The site has a new version of the course')).toBeVisible();
  await page.getByRole('button', { name: 'Use the new version' }).click();
  await expect(page.locator('[data-new]')).toHaveCount(1);
  // the other page is left alone, and finds its own build's files
  await expect(other.locator('html')).toHaveAttribute('data-build', build);
  expect(await other.evaluate(() => caches.keys())).toContain(`ftr:site / ${build}`);
  // its own note still stands there, and its button leads to the new one that is at work already
  await other.getByRole('button', { name: 'Use the new version' }).click();
  await expect(other.locator('[data-new]')).toHaveCount(1);
  await other.close();
  await page.goto('about:blank');
  await page.goto(`${site}/glossary/`);
  await expect.poll(() => page.evaluate(() => caches.keys())).not.toContain(`ftr:site / ${build}`);
});

test('no worker in a frame', async ({ page }) => {
  await page.route(`${site}/frame.html`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>course</title><iframe title="lesson" src="${site}/glossary/"></iframe>`,
    }),
  );
  await page.goto(`${site}/frame.html`);
  const frame = page.frameLocator('iframe');
  await expect(frame.getByRole('heading', { level: 1 })).toBeVisible();
  await page.frames()[1]?.waitForLoadState('networkidle');
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
});

anywhere('over plain HTTP of another machine nothing is kept, the page says why, and nothing fails', async ({ page }) => {
  const failed: string[] = [];
  page.on('pageerror', (error) => failed.push(error.message));
  await page.route('http://teacher.test/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: site + pathname }) });
  });
  await page.goto('http://teacher.test/offline/');
  await expect(page.getByText('browsers keep pages for offline only from HTTPS sites')).toBeVisible();
  await page.goto('http://teacher.test/privacy/');
  await page.getByRole('button', { name: 'Delete everything the course keeps here' }).click();
  await expect(page.getByText('Done. This browser keeps nothing of the course any more.')).toBeVisible();
  expect(failed).toEqual([]);
});
