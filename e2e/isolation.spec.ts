// Which pages are isolated, on a host that sends the headers and, by way of the service worker, on one that cannot.
import type { Server } from 'node:http';
import { expect, type Page, type Request } from '@playwright/test';
import { bundle } from '../scripts/engine/bundle.ts';
import { dist } from '../scripts/lib/paths.ts';
import { createStaticServer, listen } from '../scripts/lib/static-server.ts';
import { headersFor, ISOLATED } from '../src/headers.ts';
import type * as Isolation from '../src/runtime/isolation.ts';
import { builtFiles, builtPages } from './pages.ts';
import { coursePage, LESSON, Lesson, test } from './support.ts';

declare const isolation: typeof Isolation;

const isIsolated = (page: Page): Promise<boolean> => page.evaluate(() => crossOriginIsolated);
const named = (start: string, end: string): string => builtFiles().find((path) => path.startsWith(start) && path.endsWith(end)) ?? '';

/** How a dedicated worker's script fared: null when it came, else the browser's reason. */
async function workerScript(page: Page, path: string): Promise<string | null> {
  const isIt = (request: Request): boolean => new URL(request.url()).pathname === path;
  const ends = [page.waitForEvent('requestfinished', isIt), page.waitForEvent('requestfailed', isIt)];
  for (const end of ends) end.catch(() => {});
  const [request] = await Promise.all([Promise.race(ends), page.evaluate((url) => void new Worker(url, { type: 'module' }), path)]);
  return request.failure()?.errorText ?? null;
}

test('on a host that sends headers: lessons are isolated, other pages are not', async ({ page }) => {
  const pages = builtPages();
  const found: Record<string, boolean> = {};
  for (const path of pages) {
    await page.goto(path, { waitUntil: 'commit' });
    found[path] = await isIsolated(page);
  }
  expect(found).toEqual(Object.fromEntries(pages.map((path) => [path, ISOLATED.some((folder) => path.startsWith(folder))])));
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
});

test('on an isolated page the scripts that may become workers load; one without its header would not', async ({ page }) => {
  await page.goto(LESSON);
  for (const part of ['kernel', 'plain-process', 'python-process'])
    expect(await workerScript(page, named(`/engine/${part}.`, '.js'))).toBeNull();
  expect(await workerScript(page, named('/assets/figure.', '.js'))).toBeNull();
  expect(await workerScript(page, '/service-worker.js')).toContain('BLOCKED_BY_RESPONSE');
});

test('a course page that is isolated itself may show a lesson, and lend it its isolation', async ({ page, baseURL }) => {
  const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
  const frame = (allow: string): string => `<iframe title="lesson" ${allow} src="${baseURL}${LESSON}" width="1200" height="800"></iframe>`;
  for (const [allow, isolated] of [
    ['', false],
    ['allow="cross-origin-isolated"', true],
  ] as const) {
    const course = await coursePage(frame(allow), headers);
    try {
      await page.goto(course.url);
      const lesson = new Lesson(page, page.frameLocator('iframe'));
      await expect(lesson.runButton).toBeVisible();
      expect(await page.frames()[1]?.evaluate(() => crossOriginIsolated)).toBe(isolated);
      await lesson.run();
    } finally {
      course.close();
    }
  }
});

test.describe('on a host that cannot send headers', () => {
  test.use({ serviceWorkers: 'allow' });

  let server: Server;
  let site: string;
  /** What the host sends beside the content. */
  let sends: (path: string) => Readonly<Record<string, string>>;
  let script: string;

  test.beforeAll(async () => {
    server = createStaticServer(dist, { headers: (path) => sends(path) });
    site = `http://localhost:${await listen(server, 0)}`;
    script = (await bundle('e2e/isolation/page.ts', { format: 'iife', platform: 'browser' })) ?? '';
  });
  test.afterAll(() => server.close());

  test.beforeEach(async ({ page }) => {
    sends = () => ({});
    await page.addInitScript(script);
  });

  /** Opens the lesson and does what the button "reload into an isolated page" does. */
  async function reloadedLesson(page: Page): Promise<void> {
    await page.goto(site + LESSON);
    expect(await page.evaluate(() => isolation.isolation())).toBe('reload');
    expect(await isIsolated(page)).toBe(false);
    const loaded = page.waitForEvent('load');
    await page.evaluate(() => void isolation.reloadIsolated());
    await loaded;
  }
  const registrations = (page: Page): Promise<string[]> =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname));

  test('a lesson is isolated after the reload, and the sandbox runs in it', async ({ page }) => {
    await reloadedLesson(page);
    expect(await page.evaluate(() => [crossOriginIsolated, typeof SharedArrayBuffer, isolation.isolation()])).toEqual([
      true,
      'function',
      'isolated',
    ]);
    expect(await registrations(page)).toEqual(['/']);
    for (const part of ['kernel', 'plain-process', 'python-process'])
      expect(await workerScript(page, named(`/engine/${part}.`, '.js'))).toBeNull();

    const lesson = new Lesson(page);
    await lesson.run();
    await lesson.button('Send a request').click();
    await expect(lesson.answers.first()).toContainText(/200 OK[^]*Hello from worker [1-4]/);
    expect((await page.reload())?.fromServiceWorker()).toBe(true);
    expect(await isIsolated(page)).toBe(true);
    expect((await page.goto(`${site}/lessons/none/`))?.status()).toBe(404);
    await page.goto(`${site}/`);
    expect(await isIsolated(page)).toBe(false);
    // a folder without its slash: the host's redirect goes through
    await page.goto(site + LESSON.slice(0, -1));
    expect([page.url(), await isIsolated(page)]).toEqual([site + LESSON, true]);
  });

  test('a lesson in a frame is left as it is, also where the worker is at work, and cannot ask for it', async ({ page }) => {
    await reloadedLesson(page);
    const course = await coursePage(`<iframe title="lesson" src="${site}${LESSON}" width="1200" height="800"></iframe>`);
    try {
      // of the same site: only the port differs
      const framed = page.waitForResponse(site + LESSON);
      await page.goto(course.url.replace('127.0.0.1', 'localhost'));
      expect((await framed).headers()).not.toHaveProperty('cross-origin-embedder-policy');
      const frame = page.frames().find((one) => one.url().includes(LESSON));
      await expect(page.frameLocator('iframe').getByRole('main')).toBeVisible();
      expect(await frame?.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toBe(`${site}/service-worker.js`);
      expect(await frame?.evaluate(() => [crossOriginIsolated, isolation.isolation()])).toEqual([false, 'framed']);
      const refused = frame?.evaluate(() => isolation.reloadIsolated().catch((error: Error) => error.message));
      expect(await refused).toBe('This page cannot be loaded in isolation.');
    } finally {
      course.close();
    }
  });

  test('what the host sends itself stays as it is', async ({ page }) => {
    sends = (path) => ({ ...headersFor(path), 'X-Host': 'yes' });
    await page.goto(site + LESSON);
    await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
    const response = await page.reload();
    expect([response?.fromServiceWorker(), response?.headers()['x-host'], await isIsolated(page)]).toEqual([true, 'yes', true]);
  });

  test('a browser that does not isolate is told so once: no circle of reloads', async ({ page }) => {
    await page.addInitScript(() => Object.defineProperty(globalThis, 'crossOriginIsolated', { value: false }));
    await reloadedLesson(page);
    const refused = await page.evaluate(() => isolation.reloadIsolated().catch((error: Error) => error.message));
    expect(refused).toBe('The page was loaded in isolation, but this browser does not isolate it.');
  });

  test('a site without the worker says so, and the page stays', async ({ page, context }) => {
    await context.route('**/service-worker.js', (route) => route.fulfill({ status: 404 }));
    await page.goto(site + LESSON);
    const refused = await page.evaluate(() => isolation.reloadIsolated().catch((error: Error) => error.message));
    expect(refused).toMatch(/^The page could not be prepared for isolation: .*404/);
    expect(await registrations(page)).toEqual([]);
  });
});
