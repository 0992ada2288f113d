// The built site below a path, on a host that sends no header of ours, as from a folder of a learning platform.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { dist } from '../scripts/lib/paths.ts';
import { createStaticServer, listen } from '../scripts/lib/static-server.ts';
import { LESSON, Lesson, test } from './support.ts';

const BELOW = '/a/b';
let folder: string;
let server: Server;
let site: string;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'below-'));
  mkdirSync(join(folder, 'a'));
  symlinkSync(dist, join(folder, BELOW), 'junction');
  server = createStaticServer(folder, { headers: () => ({}) });
  site = `http://localhost:${await listen(server, 0)}`;
});
test.afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

test('a lesson runs to its first answer, and leads on to others, without leaving its folder', async ({ page, context }) => {
  const astray: string[] = [];
  context.on('response', (response) => {
    const { origin, pathname } = new URL(response.url());
    if (origin === site && (response.status() >= 400 || !pathname.startsWith(`${BELOW}/`))) astray.push(`${response.status()} ${pathname}`);
  });
  await page.goto(site + BELOW + LESSON);
  const lesson = new Lesson(page);
  await lesson.run();
  await lesson.button('Send a request').click();
  await expect(lesson.answers.first()).toContainText(/200 OK[^]*Hello from worker [1-4]/);
  await lesson.openTab('Files');
  await expect(lesson.panel('Files').getByRole('tree')).toBeVisible();

  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('combobox', { name: 'Search' }).fill('listen queue');
  await page.locator('#search-results').getByRole('option').first().click();
  await expect(page).toHaveURL((url) => url.pathname.startsWith(`${BELOW}/`) && url.pathname !== BELOW + LESSON);
  await page.locator('a.home').click();
  await expect(page).toHaveURL(`${site}${BELOW}/`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(astray).toEqual([]);
});
