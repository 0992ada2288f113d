/** A request taken apart: opened from the lesson's own traffic, every hop with the bytes that went over it. */
import type { Locator } from '@playwright/test';
import { axeFaults, BOTH } from './axe.ts';
import { expect, Lesson, test } from './support.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

/** Starts the servers, sends one request and waits for its row. */
async function answered(lesson: Lesson): Promise<Locator> {
  await lesson.run();
  await lesson.button('Send a request').click();
  await expect(lesson.answers.first()).toContainText('200');
  await lesson.openTab('Traffic');
  const row = lesson.panel('Traffic').getByRole('button', { name: 'Open request 1', exact: true });
  await expect(row).toBeVisible();
  return row;
}

const dialogOf = (lesson: Lesson): Locator => lesson.page.getByRole('dialog', { name: /^Request 1 · GET \/ · 200 · worker \d$/ });
const hop = (dialog: Locator, name: RegExp): Locator => dialog.getByRole('list', { name: 'Hops' }).getByRole('button', { name });

test('a request is opened, looked at by mouse and by keyboard, followed; another one is opened while it is under way', async ({ page }) => {
  test.setTimeout(150_000);
  const lesson = await Lesson.open(page);
  const row = await answered(lesson);
  const dialog = dialogOf(lesson);
  await test.step('every hop with its bytes', async () => {
    await row.click();
    const panel = dialog.getByRole('tabpanel');
    await expect(dialog.getByRole('list', { name: 'Hops' }).getByRole('button')).toHaveCount(5);
    await expect(panel).toContainText('GET / HTTP/1.1');
    await expect(panel).toContainText('Host: localhost');

    await hop(dialog, /uwsgi packet/).click();
    await expect(
      panel.getByRole('row', { name: /52 45 51 55 45 53 54 5f 4d 45 54 48 4f 44 03 00 47 45 54 REQUEST_METHOD GET/ }),
    ).toBeVisible();
    await dialog.getByRole('tab', { name: 'Bytes' }).click();
    await expect(panel).toContainText(/0000 {2}00 [0-9a-f]{2} 01 00 .*QUERY_STRI/);

    await hop(dialog, /WSGI environ/).click();
    await expect(panel.getByRole('row', { name: 'wsgi.multiprocess True' })).toBeVisible();
    await hop(dialog, /the app's response/).click();
    await dialog.getByRole('tab', { name: 'HTTP' }).click();
    await expect(panel).toContainText(/HTTP\/1\.1 200 OK.*Hello from worker/s);
    await expect(panel).not.toContainText('Server:');
    await hop(dialog, /HTTP response/).click();
    await expect(panel).toContainText(/Server: nginx.*Hello from worker/s);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });
  await test.step('by keyboard: along the hops, copy, and back to where one was', async () => {
    await row.focus();
    await page.keyboard.press('Enter');
    await expect(hop(dialog, /HTTP request/)).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(hop(dialog, /uwsgi packet/)).toBeFocused();
    await expect(hop(dialog, /uwsgi packet/)).toHaveAttribute('aria-current', 'true');
    await page.keyboard.press('End');
    await expect(hop(dialog, /HTTP response/)).toBeFocused();
    await page.keyboard.press('Home');
    await expect(hop(dialog, /HTTP request/)).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await dialog.getByRole('tab', { name: 'Variables' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(dialog.getByRole('tab', { name: 'Bytes' })).toHaveAttribute('aria-selected', 'true');
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await expect(dialog.getByRole('status')).toHaveText('Copied.');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^0000 {2}00 /);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(row).toBeFocused();
  });
  await test.step('the dialog and the figure: follow, and a moment', async () => {
    await row.click();
    await dialog.getByRole('button', { name: 'Follow', exact: true }).click();
    await expect(dialog.getByRole('button', { name: 'Stop following' })).toBeVisible();
    await hop(dialog, /WSGI environ/).click();
    await dialog.getByRole('button', { name: 'Show this moment' }).click();
    await expect(dialog).toBeHidden();
    await expect(lesson.figure.getByRole('button', { name: /^worker \d.*request 1/ })).toBeVisible();
  });
  await test.step('a request under way grows while one looks at it', async () => {
    await lesson.text.getByRole('button', { name: 'Send one slow request' }).click();
    await expect(lesson.answers).toHaveCount(2);
    await lesson.openTab('Traffic');
    await lesson.panel('Traffic').getByRole('button', { name: 'Open request 2', exact: true }).click();
    await expect(page.getByRole('dialog', { name: /^Request 2 · GET \/slow\S* · under way/ })).toBeVisible();
    const done = page.getByRole('dialog', { name: /^Request 2 · GET \/slow\S* · 200 · worker \d$/ });
    // fifteen seconds in the app, by the machine's clock; what has come is shown at once
    await expect(lesson.answers.first()).toContainText('200', { timeout: 40_000 });
    await expect(done).toBeVisible();
    await expect(hop(done, /HTTP response/)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(done).toBeHidden();
  });
  await test.step('axe finds nothing, in both themes and sizes', async () => {
    await row.click();
    await hop(dialog, /uwsgi packet/).click();
    await expect(dialog.getByRole('table')).toBeVisible();
    expect(await axeFaults(page, { parts: ['dialog.request'], sizes: BOTH })).toEqual([]);
  });
});
