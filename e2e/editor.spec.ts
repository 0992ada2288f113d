/** The editor: the tree of files, grammars, saving as on a server, what is kept over visits and in two tabs, the solution bit by bit. */
import type { Page } from '@playwright/test';
import { axeFaults } from './axe.ts';
import { APP, expect, keptFiles, Lesson, testAgain as test, UWSGI_INI } from './support.ts';

const tree = (lesson: Lesson) => lesson.panel('Files').getByRole('tree', { name: 'Files of the server' });
const item = (lesson: Lesson, name: string) => tree(lesson).getByRole('treeitem', { name, exact: true });
const kept = async (page: Page) => [...(await keptFiles(page)).keys()].sort();

test('the tree by keyboard: a file is found, opened, made, renamed and deleted, each with its way back', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.openTab('Files');
  const files = lesson.panel('Files');
  await test.step('arrows, letters, Enter', async () => {
    await item(lesson, 'uwsgi.ini').focus();
    await page.keyboard.press('ArrowLeft');
    await expect(item(lesson, 'shop')).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    await expect(item(lesson, 'shop')).toHaveAttribute('aria-expanded', 'false');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('nginx');
    await expect(item(lesson, 'nginx')).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('mime');
    await expect(item(lesson, 'mime.types')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(files.getByRole('textbox', { name: '/etc/nginx/mime.types' })).toBeVisible();
    await expect(tree(lesson).locator('[tabindex="0"]')).toHaveCount(1);
  });
  await test.step('a new file', async () => {
    await files.getByRole('button', { name: 'New file' }).click();
    await files.getByLabel('Path of the new file').fill(APP);
    await page.keyboard.press('Enter');
    await expect(files).toContainText(`There is already something at ${APP}`);
    await files.getByLabel('Path of the new file').fill('/srv/shop/app/new.py');
    await page.keyboard.press('Enter');
    const editor = files.getByRole('textbox', { name: '/srv/shop/app/new.py' });
    await editor.click();
    await page.keyboard.type('def new(): pass');
    await expect(editor.locator('span').filter({ hasText: /^def$/ })).toHaveCSS('color', 'rgb(31, 95, 168)');
  });
  await test.step('another name, and no name', async () => {
    await item(lesson, 'new.py').focus();
    await page.keyboard.press('F2');
    await files.getByLabel('New path').fill('/srv/shop/app/other.py');
    await page.keyboard.press('Enter');
    await expect(files.getByRole('textbox', { name: '/srv/shop/app/other.py' })).toHaveText('def new(): pass');
    await expect(item(lesson, 'new.py')).toHaveCount(0);
    await item(lesson, 'other.py').focus();
    await page.keyboard.press('Delete');
    await expect(item(lesson, 'other.py')).toHaveCount(0);
    await files.getByRole('button', { name: 'Undo' }).click();
    await expect(item(lesson, 'other.py')).toBeVisible();
  });
  await test.step('a tab is closed, its file is not lost', async () => {
    await files.getByRole('button', { name: 'Close mime.types' }).click();
    await expect(files.getByRole('button', { name: 'mime.types' })).toHaveCount(0);
    await expect.poll(() => kept(page)).toEqual(['/srv/shop/app/other.py']);
  });
  expect(await axeFaults(page, { parts: ['#work'] })).toEqual([]);
});

test('what the editor and the terminal did is there on the next visit, with what can be undone', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.edit(UWSGI_INI, 'Not as root', 'Not as the root');
  await lesson.run();
  await test.step('saving changes the file; the server goes on until it is told', async () => {
    const editor = await lesson.openFile(UWSGI_INI);
    await editor.click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('; mine\n');
    await page.keyboard.press('Control+s');
    const hint = lesson.panel('Files').getByText('uWSGI still runs with the old uwsgi.ini.');
    await expect(hint).toBeVisible();
    await lesson.panel('Files').getByRole('button', { name: 'Run pkill -HUP' }).click();
    await expect.poll(() => lesson.screen()).toContainEqual(expect.stringContaining('pkill -HUP -o -x uwsgi'));
    await expect(hint).toHaveCount(0);
  });
  await test.step('the terminal', async () => {
    await lesson.type('mkdir /srv/more; echo hello > /srv/more/note; chmod 600 /srv/more/note; rm /srv/shop/static/about.html; echo made');
    await expect.poll(() => lesson.screen()).toContain('made');
    await expect
      .poll(() => kept(page))
      .toEqual(expect.arrayContaining(['/srv/more', '/srv/more/note', '/srv/shop/static/about.html', UWSGI_INI]));
  });
  await page.reload();
  const again = new Lesson(page);
  await test.step('before Run', async () => {
    const editor = await again.openFile(UWSGI_INI);
    await expect(editor).toContainText('Not as the root');
    await editor.click();
    // a step of its own is what was typed in one go
    for (let step = 0; step < 5; step++) await page.keyboard.press('Control+z');
    await expect(editor).toContainText('Not as root');
    for (let step = 0; step < 5; step++) await page.keyboard.press('Control+y');
    await expect(editor.locator('.cm-line').first()).toContainText('; mine');
  });
  await test.step('after Run', async () => {
    await again.run();
    await again.openTab('Terminal');
    await again.type('ls -l /srv/more; ls /srv/shop/static; grep -c mine /srv/shop/uwsgi.ini');
    await expect.poll(() => again.screen()).toContainEqual(expect.stringMatching(/^-rw------- .* note$/));
    await expect.poll(async () => (await again.screen()).at(-2)).toBe('1');
    expect(await again.screen()).not.toContainEqual(expect.stringContaining('about.html'));
  });
  await test.step('reset the lesson, and undo', async () => {
    const editor = await again.openFile(UWSGI_INI);
    await again.button('Reset the lesson').click();
    await expect(editor).not.toContainText('; mine');
    await again.panel('Files').getByRole('button', { name: 'Undo' }).click();
    await expect(editor).toContainText('; mine');
    await again.openTab('Terminal');
    await again.type('cat /srv/more/note');
    await expect.poll(() => again.screen()).toContain('hello');
  });
});

test('two tabs: the one that is behind says so, and neither writes over the other unasked', async ({ page, context }) => {
  const lesson = await Lesson.open(page);
  const other = await Lesson.open(await context.newPage());
  await other.openTab('Files');
  await lesson.edit(UWSGI_INI, 'processes = 4', 'processes = 6');
  const note = other.work.getByText('Another tab has newer work in this lesson.');
  await expect(note).toBeVisible();
  await other.edit(UWSGI_INI, 'processes = 4', 'processes = 9');
  await other.button('Load that work').click();
  const editor = other.panel('Files').getByRole('textbox');
  await expect(editor).toContainText('processes = 6');
  await other.button('Undo').click();
  await expect(editor).toContainText('processes = 9');
  await expect(lesson.work.getByText('Another tab has newer work')).toBeVisible();
  await lesson.button('Keep mine').click();
  await expect(note).toBeVisible();
  await lesson.page.reload();
  await expect(await new Lesson(lesson.page).openFile(UWSGI_INI)).toContainText('processes = 6');
});

test('line ends and a missing last one stay as they are; what is no text is not edited', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.run();
  await lesson.openTab('Terminal');
  await lesson.type(
    String.raw`python3 -c "open('/srv/crlf.ini', 'wb').write(b'a\r\n\tb\r\nlast'); open('/srv/bytes.bin', 'wb').write(bytes(9))"; echo laid`,
  );
  await expect.poll(() => lesson.screen()).toContain('laid');
  await lesson.type('nano /srv/crlf.ini');
  const files = lesson.panel('Files');
  const editor = files.getByRole('textbox', { name: '/srv/crlf.ini' });
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(' one');
  await page.keyboard.press('Control+s');
  await expect(files.getByLabel('not saved')).toHaveCount(0);
  await item(lesson, 'bytes.bin').click();
  await expect(files).toContainText('bytes.bin is no text (9 B).');
  await lesson.openTab('Terminal');
  await lesson.type(`python3 -c "print(open('/srv/crlf.ini', 'rb').read())"`);
  await expect.poll(() => lesson.screen()).toContain(String.raw`b'a\r\n\tb\r\nlast one'`);
});

test('one difference of the solution is taken, by keyboard, and undone', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.openTab('Check');
  const pane = lesson.panel('Check');
  await pane.getByText('Stuck?').click();
  await pane.getByRole('button', { name: 'Show the solution' }).click();
  const take = pane.getByRole('button', { name: 'Take this change' }).first();
  await take.focus();
  await page.keyboard.press('Enter');
  await expect(pane.getByText('Took a change of uwsgi.ini')).toBeVisible();
  await pane.getByRole('button', { name: 'Undo' }).click();
  await expect(take).toBeVisible();
});
