// The learner's work as a whole: as a link, as a zip, begun again and brought back; and links that somebody else has made.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { deflateSync, strFromU8, strToU8, unzipSync } from 'fflate';
import { axeFaults, BOTH } from './axe.ts';
import { expect, LESSON, Lesson, test, UWSGI_INI } from './support.ts';

test.use({ viewport: { width: 1280, height: 1000 } });
test.setTimeout(90_000);

const dialogOf = (page: Page) => page.getByRole('dialog');
const menuButton = (lesson: Lesson) => lesson.work.getByRole('button', { name: 'Work', exact: true });

async function choose(lesson: Lesson, item: string): Promise<void> {
  await menuButton(lesson).click();
  await lesson.page.getByRole('menuitem', { name: item }).click();
}

test('by link and zip: what the editor and the shell did goes along, is shown before anything runs, and takes nothing away', async ({
  page,
  browser,
}) => {
  const lesson = await Lesson.open(page);
  await lesson.run();
  await lesson.openTab('Terminal');
  await lesson.type(
    'mkdir /srv/shop/bin; echo "echo hi" > /srv/shop/bin/hi.sh; chmod 755 /srv/shop/bin/hi.sh; rm /srv/shop/static/style.css',
  );
  await lesson.prompted();
  await lesson.edit(UWSGI_INI, 'processes = 4', 'processes = 3');

  const link = await test.step('a link, by keyboard', async () => {
    await menuButton(lesson).focus();
    await page.keyboard.press('ArrowUp');
    await expect(page.getByRole('menuitem').last()).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(menuButton(lesson)).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('s');
    await page.keyboard.press('Home');
    await expect(page.getByRole('menuitem', { name: 'Share a link' })).toBeFocused();
    await page.keyboard.press('Enter');
    const dialog = dialogOf(page);
    await expect(dialog).toContainText('1 changed, 2 new, 1 removed');
    const field = dialog.getByRole('textbox', { name: 'Link to your work' });
    await expect(field).toHaveValue(/\/lessons\/which-worker\/#work=1\.[\w-]+$/);
    expect(await axeFaults(page, { parts: ['dialog'], sizes: [{ width: 1280, height: 1000 }] })).toEqual([]);
    // where the clipboard is closed to it, the page says how else
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true }));
    await dialog.getByRole('button', { name: 'Copy the link' }).click();
    await expect(dialog.getByRole('status')).toContainText('The link is selected');
    const value = await field.inputValue();
    await page.keyboard.press('Escape');
    await expect(menuButton(lesson)).toBeFocused();
    return value;
  });

  await test.step('a zip, ready for a server', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), choose(lesson, 'Download as zip')]);
    expect(download.suggestedFilename()).toBe('shop-which-worker.zip');
    const files = unzipSync(new Uint8Array(readFileSync(await download.path())));
    const text = (path: string) => strFromU8(files[`shop-which-worker/${path}`] ?? new Uint8Array());
    expect(text('files/srv/shop/uwsgi.ini')).toContain('processes = 3');
    expect(text('files.list')).toContain('f\t0755\troot:root\t/srv/shop/bin/hi.sh');
    expect(text('files/etc/systemd/system/shop.service')).toContain('ExecStart=');
    expect(text('README.md')).toContain('Which worker takes it?');
    expect(Object.keys(files).join()).not.toContain('style.css');
    await expect(lesson.work.getByRole('status').filter({ hasText: 'Saved as shop-which-worker.zip.' })).toBeVisible();
  });

  await test.step('begun again, and brought back', async () => {
    await choose(lesson, 'Reset the lesson');
    const editor = await lesson.openFile(UWSGI_INI);
    await expect(editor).toContainText('processes = 4');
    await choose(lesson, 'Undo: Reset the lesson');
    await expect(editor).toContainText('processes = 3');
  });

  await test.step('on another machine, and a small one: looked at, left, then taken', async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    const other = await context.newPage();
    await other.goto(link);
    const dialog = dialogOf(other);
    const list = dialog.getByRole('list', { name: 'What the link carries' });
    await expect(list.getByRole('listitem')).toHaveText([
      /\/srv\/shop\/bin new, folder/,
      /hi\.sh new, 8 bytes/,
      /style\.css removed/,
      /uwsgi\.ini changed/,
    ]);
    await list.getByText('uwsgi.ini').click();
    await expect(list.getByLabel(UWSGI_INI)).toContainText('processes = 3');
    expect(await axeFaults(other, { parts: ['dialog'], sizes: BOTH })).toEqual([]);
    await other.setViewportSize({ width: 360, height: 740 });
    await dialog.getByRole('button', { name: 'Not now' }).click();
    await expect(dialog).toHaveCount(0);
    expect(other.url()).toBe(new URL(LESSON, other.url()).href);

    await other.evaluate((hash) => {
      location.hash = hash;
    }, new URL(link).hash);
    await dialog.getByRole('button', { name: 'Open it here' }).click();
    const theirs = new Lesson(other);
    await expect(dialog).toHaveCount(0);
    const editor = theirs.panel('Files').getByRole('textbox');
    await theirs.panel('Files').getByText('uwsgi.ini').first().click();
    await expect(editor).toContainText('processes = 3');
    await context.close();
  });
});

test('links that are damaged, hostile or for another lesson: a sentence, and nothing else happens', async ({ page }) => {
  const hashOf = (value: object | string): string =>
    `#work=1.${Buffer.from(deflateSync(strToU8(typeof value === 'string' ? value : JSON.stringify(value)))).toString('base64url')}`;
  const file = { text: 'x', mode: 0o644, uid: 0, gid: 0 };
  const links: readonly [string, string | RegExp][] = [
    ['#work=1.!!', 'The link is damaged'],
    ['#work=9.AAAA', 'another version of this course'],
    [hashOf(' '.repeat(9_000_000)), 'unpacks to more than'],
    [hashOf({ lesson: 'which-worker', files: { '/../etc/passwd': file } }), 'wants to write where no lesson’s work is'],
    [hashOf({ lesson: 'which-worker', files: { '/proc/1/environ': file } }), 'a folder of the system'],
    [hashOf({ lesson: 'one-master', files: {} }), 'for another lesson, one-master'],
  ];
  const first = links[0]?.[0] ?? '';
  await page.goto(`${LESSON}${first}`);
  const dialog = dialogOf(page);
  for (const [hash, says] of links) {
    await page.evaluate((to) => {
      if (location.hash !== to) location.hash = to;
    }, hash);
    await expect(dialog.getByRole('alert')).toContainText(says);
    await expect(dialog.getByRole('button', { name: 'Open it here' })).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Go on without it' }).click();
    await expect(dialog).toHaveCount(0);
    await expect.poll(() => new URL(page.url()).hash).toBe('');
  }
  // text of a file is text
  const script = '<img src=x onerror="document.title=1"><script>document.title=2</scr' + 'ipt>';
  await page.evaluate(
    (to) => {
      location.hash = to;
    },
    hashOf({ lesson: 'which-worker', files: { '/srv/shop/static/a.html': { ...file, text: script } } }),
  );
  await dialog.getByText('/srv/shop/static/a.html').click();
  await expect(dialog.getByLabel('/srv/shop/static/a.html')).toHaveText(script);
  await expect(dialog.locator('img')).toHaveCount(0);
  await expect(page).toHaveTitle(/Which worker/);
});
