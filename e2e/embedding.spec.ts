// The lesson inside a course page of another site, in a sandboxed frame, and without the network.
import type { Page } from '@playwright/test';
import { coursePage, expect, LESSON, Lesson, test } from './support.ts';

const frames = {
  'a cross-site frame': (src: string) => `<iframe title="lesson" src="${src}" width="1200" height="800"></iframe>`,
  'a frame with sandbox="allow-scripts"': (src: string) =>
    `<iframe title="lesson" sandbox="allow-scripts" src="${src}" width="1200" height="800"></iframe>`,
};

for (const [name, html] of Object.entries(frames)) {
  test(`in ${name}: Run, Send, kill; no isolation is needed`, async ({ page, baseURL }) => {
    const course = await coursePage(html(`${baseURL}${LESSON}`));
    try {
      const errors = consoleErrors(page);
      await page.goto(course.url);
      const lesson = new Lesson(page, page.frameLocator('iframe'));
      await lesson.run();
      await lesson.button('Send 8 at once').click();
      await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(8, { timeout: 20_000 });

      const frame = page.frames().find((one) => one.url().includes(LESSON));
      expect(await frame?.evaluate(() => [crossOriginIsolated, typeof SharedArrayBuffer, origin])).toEqual([
        false,
        'undefined',
        name.includes('sandbox') ? 'null' : baseURL,
      ]);

      await lesson.openTab('Terminal');
      const [, pid] = /pid (\d+)/.exec((await lesson.room(2).getAttribute('aria-label')) ?? '') ?? [];
      await lesson.type(`kill -9 ${pid}`);
      await expect(lesson.serverLog).toContainText(`DAMN ! worker 2 (pid: ${pid}) died, killed by signal 9`);
      await expect(lesson.serverLog).toContainText('Respawned uWSGI worker 2');
      // where the browser lets a frame keep nothing, that is said
      await lesson.openTab('Files');
      await expect(lesson.panel('Files').getByRole('textbox')).toBeVisible();
      await expect(lesson.work.getByText('This browser keeps nothing')).toHaveCount((await frame?.evaluate(keeps)) ? 0 : 1);
      expect(errors).toEqual([]);
    } finally {
      course.close();
    }
  });
}

test('the network goes away once the sandbox runs: everything goes on', async ({ page, context }) => {
  const lesson = await Lesson.open(page);
  // at the top of a window of its own, the page may have what an embed must not ask for
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await lesson.run();
  await context.setOffline(true);
  await lesson.button('Send 8 at once').click();
  await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(8, { timeout: 20_000 });
  await lesson.openTab('Terminal');
  await lesson.type('curl localhost/');
  await expect.poll(() => lesson.screen()).toContainEqual(expect.stringMatching(/^Hello from worker [1-4]/));
  await lesson.edit('/srv/shop/app/wsgi.py', "return f'Hello from {who()}\\n'", "return f'Offline, {who()}\\n'");
  await lesson.save();
  await lesson.started();
  await lesson.button('Send a request').click();
  await expect(lesson.answers.first()).toContainText(/200 OK[^]*Offline, worker [1-4]/);
});

test('second visit: Run works without the network, from what the first visit kept', async ({ page, context }) => {
  const first = await Lesson.open(page);
  await first.run();
  await expect.poll(() => keptFiles(page)).toBeGreaterThanOrEqual(7);

  await page.reload();
  const lesson = new Lesson(page);
  await lesson.awake();
  await context.setOffline(true);
  await lesson.run();
  await lesson.button('Send a request').click();
  await expect(lesson.answers.first()).toContainText(/200 OK[^]*Hello from worker [1-4]/);
});

test('a start without network says what failed and that you are offline; Retry works when it is back', async ({ page, context }) => {
  const lesson = await Lesson.open(page);
  await lesson.awake();
  await context.setOffline(true);
  await lesson.runButton.click();
  await expect(lesson.failure).toContainText('The sandbox could not be loaded');
  await expect(lesson.failure).toContainText('You are offline. Connect, then try again.');
  await context.setOffline(false);
  await lesson.failure.getByRole('button', { name: 'Retry' }).click();
  await lesson.started();
});

/** May the page it runs in keep something in the browser? */
function keeps(): boolean {
  try {
    return localStorage.length >= 0;
  } catch {
    return false;
  }
}

/** How many files of the engine the browser keeps for the next visit, the snapshot included. */
function keptFiles(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const kept = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).length));
    return kept.reduce((sum, one) => sum + one, 0);
  });
}

function consoleErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}
