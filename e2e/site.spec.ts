// The parts around the lessons: search, keys, glossary, lines that can be moved, progress as a file and on paper, the playground.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { axeFaults } from './axe.ts';
import { expect, holdScript, LESSON, test } from './support.ts';

test.use({ viewport: { width: 1280, height: 800 } });

const searchBox = (page: Page) => page.getByRole('combobox', { name: 'Search' });

test('search: by key, with a slip, to a step, and offline once it is there', async ({ page, context }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/');
  await page.keyboard.press('/');
  await expect(searchBox(page)).toBeFocused();
  await page.keyboard.type('harakirri');
  const options = page.getByRole('listbox', { name: 'Results' }).getByRole('option');
  await expect(options.first()).toContainText('harakiri');
  await expect(searchBox(page)).toHaveAttribute('aria-activedescendant', (await options.first().getAttribute('id')) ?? '');
  await expect(options.locator('mark').first()).toBeVisible();
  expect(await axeFaults(page, { parts: ['dialog'] })).toEqual([]);

  await context.setOffline(true);
  await searchBox(page).fill('helicopter');
  await expect(page.getByText('Nothing has “helicopter” in it.')).toBeVisible();
  await expect(options).toHaveCount(0);
  await searchBox(page).fill('who hands out work');
  await expect(options.filter({ hasText: /step \d/ }).first()).toBeVisible();
  await context.setOffline(false);

  // down to the first result that is a step, and there
  const texts = await options.allTextContents();
  for (let at = 0; !/step \d/.test(texts[at] ?? ''); at++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/lessons\/[a-z-]+\/#step-\d$/);
  await expect(page.locator(':target').getByRole('heading', { level: 2 })).toBeInViewport();
});

test('keys: the list opens with ?, but not while one types, and gives the focus back', async ({ page }) => {
  await page.goto('/progress/');
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('');
  await name.press('?');
  await expect(name).toHaveValue('?');
  const button = page.getByRole('button', { name: 'Keys' });
  await button.focus();
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  for (const place of ['Everywhere', 'Search', 'Work area', 'Picture', 'Terminal', 'Editor'])
    await expect(dialog.getByRole('heading', { name: place })).toHaveCount(1);
  expect(await axeFaults(page, { parts: ['dialog'] })).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('a word of the glossary explains itself on focus and on hover, and goes with Escape', async ({ page }) => {
  await page.goto(LESSON);
  const note = page.getByRole('tooltip');
  const term = page.locator('a.term').first();
  await term.focus();
  await expect(note).toBeVisible();
  await expect(term).toHaveAccessibleDescription(/\w{4}/);
  expect(await axeFaults(page, { parts: ['.term-note'] })).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(note).toHaveCount(0);
  await expect(term).toBeFocused();

  const other = page.locator('a.term').nth(1);
  await other.hover();
  await expect(note).toBeVisible();
  // the pointer may go over to it
  await note.hover();
  await expect(note).toBeVisible();
  await page.mouse.move(1000, 20);
  await expect(note).toHaveCount(0);

  await other.click();
  await expect(page).toHaveURL(/\/glossary\/#/);
  await expect(page.locator(':target')).toBeInViewport();
});

test('lines: by pointer and keys, kept over a reload, back by a double click', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(LESSON);
  const line = page.getByRole('separator', { name: 'Width of the text' });
  const width = async (): Promise<number> => Math.round((await page.locator('#work').boundingBox())?.width ?? 0);
  const before = await width();
  const box = await line.boundingBox();
  const [x, y] = [(box?.x ?? 0) + 12, 400];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 60, y);
  await page.mouse.up();
  expect(await width()).toBe(before + 60);
  await line.press('ArrowRight');
  expect(await width()).toBe(before + 44);
  await line.press('Home');
  await expect(line).toHaveAttribute('aria-valuenow', '0');
  const most = await width();

  const picture = page.getByRole('separator', { name: 'Height of the picture' });
  const stage = page.locator('#work .stage');
  const height = async (): Promise<number> => (await stage.boundingBox())?.height ?? 0;
  const given = await height();
  await picture.press('ArrowUp');
  expect(Math.round(given - (await height()))).toBe(16);

  // there before the first paint, and nothing jumps
  await page.reload();
  expect(await width()).toBe(most);
  expect(Math.round(given - (await height()))).toBe(16);
  // in another window it is as much as is of use there
  await page.setViewportSize({ width: 1000, height: 600 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1000);
  await page.setViewportSize({ width: 1280, height: 800 });

  await line.dblclick({ position: { x: 12, y: 100 } });
  expect(await width()).toBe(before);
  await page.reload();
  expect(await width()).toBe(before);
});

test('a line moved by a key while the work area’s script is on its way moves once', async ({ page }) => {
  const release = await holdScript(page, 'LessonWorkspace');
  await page.goto(LESSON);
  const line = page.getByRole('separator', { name: 'Height of the picture' });
  const height = async (): Promise<number> => (await page.locator('#work .stage').boundingBox())?.height ?? 0;
  const before = await height();
  await line.press('ArrowUp');
  expect(Math.round(before - (await height()))).toBe(16);
  release();
  await expect(page.locator('#work astro-island[client="engage"]').first()).not.toHaveAttribute('aria-busy');
  // what waited for the script is done a task after it is there
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  expect(Math.round(before - (await height()))).toBe(16);
});

test('progress: from an older site, on the home page, as a file, forgotten and back', async ({ page }, testInfo) => {
  const old = {
    version: 1,
    lessons: { 'which-worker': { steps: [1, 2], checks: [], answers: { 0: { chosen: 1, right: true, firstTry: true } } } },
  };
  await page.goto('/404.html');
  await page.evaluate((text) => localStorage.setItem('ftr:progress', text), JSON.stringify(old));
  await page.goto('/');
  const goOn = page.getByRole('link', { name: 'Go on: lesson 11, step 3' });
  await expect(goOn).toHaveAttribute('href', /\/lessons\/which-worker\/#step-3$/);

  await page.goto('/progress/');
  const row = page.getByRole('row', { name: /Which worker takes it/ });
  await expect(row).toContainText('2 of 7');
  await expect(row).toContainText('1 of 1');
  const saved = testInfo.outputPath('progress.json');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a file' }).click();
  await (await download).saveAs(saved);
  expect(JSON.parse(await readFile(saved, 'utf8'))).toMatchObject({ version: 2 });

  await page.getByRole('button', { name: 'Forget my progress' }).click();
  await expect(row).toContainText('0 of 7');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toContainText('2 of 7');
  await page.getByRole('button', { name: 'Forget my progress' }).click();

  const file = page.getByLabel('Saved progress');
  await file.setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await expect(page.getByText('This file is not progress that this course has saved.')).toBeVisible();
  await file.setInputFiles(saved);
  await expect(page.getByText('Added 1 lesson: 2 steps read, 0 checks passed, 1 question answered.')).toBeVisible();
  await expect(row).toContainText('2 of 7');

  await page.getByRole('textbox', { name: 'Name' }).fill('Ada');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText(/^Printed on \w/)).toBeVisible();
  await expect(page.getByText('This page verifies nothing.')).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
});

test('where nothing is kept, the page says so', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  await page.goto('/progress/');
  await expect(page.getByText('This browser keeps nothing for this page')).toBeVisible();
  await page.goto(LESSON);
  const line = page.getByRole('separator', { name: 'Width of the text' });
  await line.press('Home');
  await expect(line).toHaveAttribute('aria-valuenow', '0');
});

test('the playground: from a beginning in the address to another one, each with its own work', async ({ page }) => {
  await page.goto('/playground/#broken');
  const choice = page.getByRole('combobox', { name: 'Begin with' });
  await expect(choice.locator('option:checked')).toHaveText('A broken upstream');
  for (const name of ['Browser', 'Files', 'Terminal']) await expect(page.getByRole('tab', { name, selected: true })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Check' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('button', { name: 'Restart servers' }).waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Send a request' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Browser' })).toContainText('502 Bad Gateway', { timeout: 30_000 });
  await expect(page.locator('[role="log"]')).toContainText('uwsgi');

  // work on a beginning that is not the first: its link opens there, on a page that knows nothing
  await page.getByRole('button', { name: 'Work', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Share a link' }).click();
  const link = await page.getByRole('textbox', { name: 'Link to your work' }).inputValue();
  await page.keyboard.press('Escape');
  const other = await page.context().newPage();
  await other.goto(link);
  await expect(other.getByRole('button', { name: 'Open it here' })).toBeVisible();
  await expect(other.getByRole('combobox', { name: 'Begin with' }).locator('option:checked')).toHaveText('A broken upstream');
  await other.close();

  await choice.selectOption('Files only, no Python');
  await expect(page).toHaveURL(/playground\/#files-only$/);
  await expect(choice).toBeFocused();
  await page.getByRole('button', { name: 'Get a page' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Browser' })).toContainText('200 OK', { timeout: 30_000 });
});
