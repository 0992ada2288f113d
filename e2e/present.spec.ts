/** A teacher on the stage with the speaker's window, and with a class that follows. */
import { expect, type Page, test } from '@playwright/test';
import { MemoryBus } from '../scripts/classroom/bus.ts';
import { Relay } from '../scripts/classroom/relay.ts';
import { dist } from '../scripts/lib/paths.ts';
import { createStaticServer, listen } from '../scripts/lib/static-server.ts';
import { axeFaults } from './axe.ts';

const show = (page: Page) => page.locator('main.show');
const slide = (page: Page) => page.evaluate(() => location.hash);

test('stage and speaker window move each other, and nothing on the stage scrolls the page', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await page.goto('/present/which-worker/');
  const [speaker] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('s')]);
  await expect(speaker.locator('[data-say="seen"]')).toContainText('Title');
  // a clicker at the stage
  await page.keyboard.press('PageDown');
  await expect(speaker.locator('.now h2').nth(1)).toHaveText('Send one, and see who took it');
  await expect(speaker.locator('.then h2').nth(1)).toHaveText('Send ten: there are no turns');
  await expect(speaker.locator('[data-note="1"]')).toBeVisible();
  await expect(speaker.locator('[data-timer="start"]')).toBeHidden();
  // a prepared scenario, and it says what it is
  await page.keyboard.press('3');
  await expect(page.locator('.chosen')).toHaveText('3. Send 8 at once');
  await expect(page.locator('.recorded figcaption .truth')).toHaveText('recording');
  await expect(speaker.locator('[data-say="seen"]')).toContainText('the recording, playing, scenario 3');
  // large enough for the last row; on brings the text back before anything moves
  await expect(show(page)).toHaveAttribute('data-view', 'picture');
  await page.keyboard.press('PageDown');
  await expect(show(page)).toHaveAttribute('data-view', 'both');
  expect(await slide(page)).toBe('#1');
  // from the speaker's window
  await speaker.locator('[data-slide="7"]').click();
  await expect.poll(() => slide(page)).toBe('#7');
  await expect(show(page)).toHaveAttribute('data-view', 'text');
  await speaker.keyboard.press('.');
  await expect(page.locator('.show-blank')).toBeVisible();
  await expect(speaker.locator('[data-say="seen"]')).toContainText('blank');
  await page.keyboard.press('PageDown');
  await expect(page.locator('.show-blank')).toBeHidden();
  expect(await slide(page)).toBe('#7');
  // every slide of it, on both projectors: no page scrolls, and no line of a slide is out of reach
  for (const size of [
    { width: 1280, height: 720 },
    { width: 1024, height: 768 },
  ]) {
    await page.setViewportSize(size);
    await page.keyboard.press('Home');
    for (let at = await slide(page), presses = 0; at !== '#8' && presses < 60; presses++) {
      await page.keyboard.press('PageDown');
      at = await slide(page);
      const box = await page.evaluate(() => [
        document.documentElement.scrollHeight - innerHeight,
        document.documentElement.scrollWidth - innerWidth,
      ]);
      expect(box).toEqual([0, 0]);
    }
    expect(await slide(page)).toBe('#8');
  }
  const sizes = await page.evaluate(() =>
    [document.documentElement, document.querySelector('.closing li')].map((one) =>
      Number.parseFloat(getComputedStyle(one as Element).fontSize),
    ),
  );
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
  // single keys can be switched off; a clicker's keys stay
  await page.keyboard.press('?');
  await page.getByLabel(/Single letters/).uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('b');
  await expect(page.locator('.show-blank')).toBeHidden();
  await page.keyboard.press('PageUp');
  await expect.poll(() => slide(page)).not.toBe('#8');
  expect(await axeFaults(page)).toEqual([]);
  expect(await axeFaults(speaker)).toEqual([]);
  // without a channel, by the opener alone; and without a window, in words
  await speaker.close();
  await page.evaluate(() => localStorage.clear());
  await page.context().addInitScript(() => Reflect.deleteProperty(globalThis, 'BroadcastChannel'));
  await page.goto('/present/gil/');
  const [again] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('s')]);
  await expect(again.locator('[data-say="seen"]')).toContainText('Title');
  await again.getByRole('button', { name: 'On', exact: true }).click();
  await expect.poll(() => slide(page)).toBe('#1');
  await page.evaluate(() => Object.assign(window, { open: () => null }));
  await page.keyboard.press('s');
  await expect(page.getByRole('dialog')).toContainText('The browser has blocked the speaker window.');
});

/** Where the slider of the recording stands (ms). */
const clockOf = async (page: Page): Promise<number> =>
  Number(await page.locator('.recorded input[type=range], .work .figure input[type=range]').first().inputValue());

/** As when another tab is opened in its place. */
async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

test('two students follow the teacher, leave and catch up, and never get the key', async ({ page, context }) => {
  const key = 'a-key-for-the-presenter';
  let relay: Relay | null = null;
  const server = createStaticServer(dist, { first: (request, response) => relay?.handle(request, response) ?? false });
  const address = `http://127.0.0.1:${await listen(server, 0)}`;
  relay = new Relay({ bus: new MemoryBus(), rooms: { class1: key }, address });
  await relay.start();
  const [one, other] = [await context.newPage(), await context.newPage()];
  const got: string[] = [];
  for (const student of [one, other]) {
    student.on('request', (request) => got.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? ''));
    student.on('response', (response) => got.push(JSON.stringify(response.headers())));
  }
  const line = (student: Page) => student.locator('.class-bar p');

  await one.goto(`${address}/r/class1`);
  await expect(line(one)).toHaveText('In the class. Your teacher has not begun.');
  await page.goto(`${address}/present/#room=class1&key=${key}`);
  await expect(page.locator('p.class')).toContainText('class1');
  expect(page.url()).not.toContain(key);
  await page.getByRole('link', { name: /Which worker takes it/ }).click();
  // to the lesson by itself
  await expect(one).toHaveURL(/lessons\/which-worker/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('4');
  await expect(line(one)).toHaveText('With the class: step 1');
  await expect(one.locator('#step-1')).toHaveClass(/with-class/);
  await expect(one.locator('.work .figure')).toHaveClass(/playing/);
  // a stage that nobody sees stands still, and so does the class
  await page.bringToFront();
  await hide(page, true);
  await expect(one.locator('.work .figure')).not.toHaveClass(/playing/);
  await hide(page, false);
  await expect(one.locator('.work .figure')).toHaveClass(/playing/);
  // a tab that was hidden is where the class is
  await hide(one, true);
  const before = await clockOf(one);
  await expect.poll(() => clockOf(page)).toBeGreaterThan(before + 1000);
  const reached = await clockOf(page);
  await hide(one, false);
  expect(await clockOf(one)).toBeGreaterThan(reached - 300);
  // late
  await other.goto(`${address}/r/class1`);
  await expect(line(other)).toHaveText('With the class: step 1');
  await expect(page.locator('.stage-bar .class')).toHaveText('2 of 2 follow');
  // leaves, and catches up
  await other.getByRole('button', { name: 'Leave' }).click();
  await expect(page.locator('.stage-bar .class')).toHaveText('1 of 2 follow');
  await page.locator('.where').selectOption({ index: 5 });
  await expect(line(one)).toHaveText('With the class: step 5');
  await expect(line(other)).toHaveText('You left. The class is at step 5.');
  await other.getByRole('button', { name: 'Catch up' }).click();
  await expect(other.locator('#step-5')).toBeInViewport();
  // leaves, and types the code again
  await other.getByRole('button', { name: 'Leave' }).click();
  await other.goto(`${address}/r/class1`);
  await expect(line(other)).toHaveText('With the class: step 5');
  expect(await axeFaults(other)).toEqual([]);
  // what the audience is shown is the students' address
  await page.keyboard.press('q');
  await expect(page.locator('.code-dialog .address')).toHaveText(`${address}/r/class1`);
  expect(got.join('\n')).not.toContain(key);
  await relay.close();
  server.closeAllConnections();
  server.close();
});
