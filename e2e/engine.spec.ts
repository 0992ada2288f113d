// The choice of the engine: what is asked and remembered, and where WebContainer is offered. The real one cannot be had in a test: here stands
// what answers, or does not, in the place of stackblitz.com. When it does not start: engine-fallback.spec.ts.
import { test as alone, expect } from '@playwright/test';
import { dist } from '../scripts/lib/paths.ts';
import { createStaticServer, listen } from '../scripts/lib/static-server.ts';
import { axeFaults } from './axe.ts';
import { Chooser, never, outlast, ownClock, stackblitz } from './engine.ts';
import { APP, coursePage, LESSON, baseAgain as test, UWSGI_INI } from './support.ts';

test.describe('asking', () => {
  test('the default engine runs without a byte of the other, and nobody outside is contacted before a yes', async ({ page }) => {
    await stackblitz(page, never);
    const own: string[] = [];
    page.on('request', (request) => own.push(new URL(request.url()).pathname));
    const lesson = await Chooser.open(page);
    await lesson.run();
    await lesson.goesOn();
    expect(own.filter((path) => /webcontainer|\/engine\/(node|main)|\/api\./i.test(path))).toEqual([]);

    await lesson.switchButton.click();
    await lesson.dialog.getByRole('button', { name: 'Run in WebContainer' }).click();
    const question = lesson.root.getByRole('dialog', { name: 'May this page contact stackblitz.com?' });
    await expect(question).toContainText('your network address');
    await expect(question.getByRole('link', { name: 'a commercial licence' })).toBeVisible();
    await question.getByRole('button', { name: 'No, stay in this tab' }).click();
    await expect(lesson.dialog).toHaveCount(0);
    await expect(lesson.frames).toHaveCount(0);
    await lesson.goesOn();
    expect(lesson.outside).toEqual([]);

    // the no is remembered, and does not keep from thinking again
    await page.reload();
    await lesson.run();
    await lesson.compare();
    await expect(lesson.dialog).toContainText('You did not want this site to contact stackblitz.com.');
    await page.keyboard.press('Escape');
    expect(lesson.outside).toEqual([]);
    await lesson.agree();
    await expect.poll(() => lesson.outside[0]).toMatch(/^https:\/\/stackblitz\.com\/headless\?/);
  });

  test('a yes is remembered, holds for the next lesson page, and can be taken back', async ({ page }) => {
    await stackblitz(page, never);
    const lesson = await Chooser.open(page);
    await lesson.agree();
    await expect(lesson.frames).toHaveCount(1);

    await page.reload();
    await expect(lesson.runButton).toBeVisible();
    lesson.outside.length = 0;
    // Run runs it there
    await lesson.runButton.click();
    await expect(lesson.frames).toHaveCount(1);
    await expect.poll(() => lesson.outside.length).toBe(1);

    await lesson.compare();
    await expect(lesson.dialog).toContainText('They are starting in WebContainer.');
    await lesson.dialog.getByRole('button', { name: 'Take that back' }).click();
    await expect(lesson.dialog).toHaveCount(0);
    await lesson.goesOn();

    await page.reload();
    lesson.outside.length = 0;
    await lesson.run();
    await lesson.switchButton.click();
    await expect(lesson.dialog).toBeVisible();
    expect(lesson.outside).toEqual([]);
    expect(await page.evaluate(() => localStorage.getItem('ftr:engine'))).toBe('{"version":1,"engine":"embedded","contact":null}');
  });

  test('taken back in another tab, and the question cannot be asked: that is a no, and the next press tries again', async ({ page }) => {
    await stackblitz(page, never);
    const lesson = await Chooser.open(page);
    await page.evaluate(() => localStorage.setItem('ftr:engine', '{"version":1,"engine":"webcontainer","contact":"yes"}'));
    await page.reload();
    // until the work area is touched nothing names the engine that was not chosen
    await expect(lesson.button('Run in WebContainer')).toHaveCount(0);
    await lesson.work.hover();
    await expect(lesson.button('Run in this tab')).toBeVisible();
    await page.evaluate(() => localStorage.setItem('ftr:engine', '{"version":1,"engine":null,"contact":null}'));
    await page.route('**/EngineDialog*', (route) => route.abort());
    await lesson.runButton.click();
    await expect(lesson.work.getByRole('alert')).toHaveText('The comparison could not be loaded. Check the connection.');
    await lesson.goesOn();
    expect(lesson.outside).toEqual([]);
  });
});

test('a start can be cancelled, and what was asked for meanwhile is done; a server that runs is moved', async ({ page }) => {
  await stackblitz(page, never);
  const lesson = await Chooser.open(page);
  await lesson.agree();
  await expect(lesson.frames).toHaveCount(1);
  await lesson.text.getByRole('button', { name: 'Send a request' }).click();
  await lesson.button('Cancel WebContainer').press('Enter');
  await expect(lesson.firstButton).toBeFocused();
  await expect(lesson.note).toContainText('You cancelled the start of WebContainer.');
  await expect(lesson.answers.first()).toContainText('200 OK');
  await expect(lesson.frames).toHaveCount(0);
  // the next start of the servers does not try again
  await lesson.restartButton.click();
  await lesson.goesOn();

  await test.step('moving a server that runs: it stops, and edits come along, those of the shell too', async () => {
    await lesson.edit(APP, 'Hello from', 'Moved, from');
    await lesson.openTab('Terminal');
    await lesson.type('echo "# by the shell" >> /srv/shop/uwsgi.ini');
    await lesson.prompted();
    // the yes holds
    await lesson.switchButton.click();
    await expect(lesson.figure.getByText('recording', { exact: true })).toBeVisible();
    await expect(lesson.frames).toHaveCount(1);
    await lesson.button('Cancel WebContainer').click();
    await lesson.openTab('Browser');
    await lesson.goesOn(/200 OK[^]*Moved, from worker [1-4]/);
    await lesson.openTab('Terminal');
    await lesson.type('tail -n 1 /srv/shop/uwsgi.ini');
    await expect.poll(() => lesson.screen()).toContain('# by the shell');
  });
});

// moves the clock
alone('the time that a start took does not count the time after one that failed', async ({ page }) => {
  await ownClock(page);
  const lesson = await Chooser.open(page);
  await lesson.openTab('Files');
  await lesson.edit(UWSGI_INI, 'processes', 'no-such-option');
  await lesson.runButton.click();
  await expect(lesson.work.getByText(/ended while it was starting/).first()).toBeVisible({ timeout: 30_000 });
  await page.clock.fastForward(180_000);
  await lesson.edit(UWSGI_INI, 'no-such-option', 'processes');
  await lesson.restartButton.first().click();
  await lesson.started();
  await lesson.compare();
  const start = lesson.dialog.getByRole('row', { name: /^Start / });
  await expect(start).toBeVisible();
  await expect(start).not.toContainText('(here:');
});

test.describe('where it is not offered', () => {
  test('in a frame: the reason, and a way out', async ({ page, baseURL }) => {
    const course = await coursePage(`<iframe title="lesson" src="${baseURL}${LESSON}" width="1200" height="800"></iframe>`);
    try {
      await page.goto(course.url);
      const lesson = new Chooser(page, page.frameLocator('iframe'));
      await lesson.switchButton.click();
      await expect(lesson.dialog).toContainText('WebContainer does not run inside another page');
      await expect(lesson.dialog.getByRole('link', { name: 'Open this lesson in a tab of its own' })).toHaveAttribute('target', '_blank');
      await expect(lesson.dialog.getByRole('button', { name: 'Run in WebContainer' })).toHaveCount(0);
    } finally {
      course.close();
    }
  });

  test('offline, until the network is back', async ({ page, context }) => {
    const lesson = await Chooser.open(page);
    await lesson.compare();
    await context.setOffline(true);
    await expect(lesson.dialog).toContainText('You are offline');
    await expect(lesson.dialog.getByRole('button', { name: 'Run in WebContainer' })).toHaveCount(0);
    await context.setOffline(false);
    await expect(lesson.dialog.getByRole('button', { name: 'Run in WebContainer' })).toBeVisible();
  });

  test('on an iPhone', async ({ browser, baseURL }) => {
    const context = await browser.newContext({
      userAgent:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148',
    });
    const lesson = await Chooser.open(await context.newPage(), baseURL);
    await lesson.compare();
    await expect(lesson.dialog).toContainText('WebContainer does not run reliably on iPhone and iPad');
    await expect(lesson.dialog.getByRole('button', { name: 'Run in WebContainer' })).toHaveCount(0);
    await context.close();
  });

  test('chosen earlier, and offline now: the server runs in the tab at once, with the reason', async ({ page, context }) => {
    // no route: with one, the browser would keep nothing
    const lesson = await Chooser.open(page);
    await lesson.run();
    await page.evaluate(() => localStorage.setItem('ftr:engine', '{"version":1,"engine":"webcontainer","contact":"yes"}'));
    await page.reload();
    await lesson.awake();
    await context.setOffline(true);
    await lesson.runButton.click();
    await expect(lesson.note).toContainText('You are offline');
    await lesson.started();
    expect(lesson.outside).toEqual([]);
  });
});

alone.describe('on a host without headers', () => {
  alone.use({ serviceWorkers: 'allow' });
  let site: string;
  const server = createStaticServer(dist, { headers: () => ({}) });
  alone.beforeAll(async () => {
    site = `http://localhost:${await listen(server, 0)}`;
  });
  alone.afterAll(() => server.close());

  alone('the comparison offers to load the page isolated, and goes on there', async ({ page }) => {
    await stackblitz(page, never);
    const lesson = await Chooser.open(page, site);
    await lesson.switchButton.click();
    await expect(lesson.dialog).toContainText('This page was loaded without isolation.');
    await expect(lesson.dialog.getByRole('button', { name: 'Run in WebContainer' })).toHaveCount(0);
    await lesson.dialog.getByRole('button', { name: 'Reload into an isolated page' }).click();
    await expect(lesson.dialog.getByRole('button', { name: 'Run in WebContainer' })).toBeVisible();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(lesson.outside).toEqual([]);
  });

  alone('chosen earlier: Run says why it is not there, and runs there after the reload', async ({ page }) => {
    await stackblitz(page, never);
    await page.addInitScript(() => localStorage.setItem('ftr:engine', '{"version":1,"engine":"webcontainer","contact":"yes"}'));
    const lesson = await Chooser.open(page, site);
    await lesson.run();
    await expect(lesson.note).toContainText('This page was loaded without isolation.');
    await lesson.note.getByRole('button', { name: 'Reload isolated and retry' }).click();
    await expect(lesson.frames).toHaveCount(1);
    await expect(lesson.work.getByText('Waiting for stackblitz.com')).toBeVisible();
  });
});

// moves the clock
alone('the chooser by keyboard, and axe finds nothing in any of its states', async ({ page }) => {
  alone.slow();
  await ownClock(page);
  await stackblitz(page, never);
  const lesson = await Chooser.open(page);
  const table = lesson.dialog.getByRole('table');
  await lesson.run();
  await lesson.work.getByRole('tab', { selected: true }).focus();
  await page.keyboard.press('Tab');
  await expect(lesson.switchButton).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(lesson.button('Compare the two engines')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(table.getByRole('columnheader', { name: 'This tab runs now' })).toBeVisible();
  await expect(table.getByRole('row')).toHaveCount(12);
  await expect(table.getByRole('row', { name: /^Start / })).toContainText(/\(here: \d+\.\d s\)/);
  await page.keyboard.press('Escape');
  await expect(lesson.dialog).toHaveCount(0);
  await expect(lesson.button('Compare the two engines')).toBeFocused();

  await page.keyboard.press('Enter');
  expect(await axeFaults(page)).toEqual([]);
  await lesson.dialog.getByRole('button', { name: 'Run in WebContainer' }).focus();
  await page.keyboard.press('Enter');
  await expect(lesson.dialog.getByRole('heading', { name: 'May this page contact stackblitz.com?' })).toBeFocused();
  expect(await axeFaults(page)).toEqual([]);
  await lesson.dialog.getByRole('button', { name: 'Yes, run in WebContainer' }).focus();
  await page.keyboard.press('Enter');
  await expect(lesson.frames).toHaveCount(1);
  expect(await axeFaults(page, { parts: ['#work'] })).toEqual([]);
  await outlast(page, 10_000, () => expect(lesson.note).toHaveCount(0));
  await expect(lesson.note).toBeVisible();
  await lesson.started();
  expect(await axeFaults(page, { parts: ['#work'] })).toEqual([]);

  await page.setViewportSize({ width: 360, height: 740 });
  expect(await axeFaults(page, { parts: ['#work'] })).toEqual([]);
  await lesson.work.getByRole('tab', { name: 'Browser' }).click();
  await lesson.compare();
  expect(await axeFaults(page)).toEqual([]);
});
