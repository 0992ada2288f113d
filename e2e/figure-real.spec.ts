// The recording of the real servers, beside that of the sandbox.
import { axeFaults } from './axe.ts';
import { expect, Lesson, test } from './support.ts';

test.use({ viewport: { width: 1280, height: 1000 } });

test('the real servers: fetched when asked for, beside the sandbox on one clock, and no queue is made up for them', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(...(/\/real\.[^/]*ndjson$/.exec(new URL(request.url()).pathname) ?? [])));
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const lesson = await Lesson.recorded(page);
  const side = (name: string) => lesson.figure.getByRole('radio', { name, exact: true });
  expect(fetched).toEqual([]);
  await side('Both').check();
  await expect(lesson.figure).toContainText(
    /Recording of the real nginx 1\.22\.1 and uWSGI 2\.0\.21 on Linux .*Who waits in the queue, and who accepts when, nobody can see there/,
  );
  expect(fetched).toHaveLength(1);
  expect(await axeFaults(page, { parts: ['figure'] })).toEqual([]);

  await lesson.view('Text');
  const present = lesson.figure.locator('li[aria-current]');
  await expect(present).toHaveCount(2);
  const before = await present.allTextContents();
  const clock = await lesson.clock.textContent();
  await lesson.figure.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(async () => (await present.allTextContents()).map((text, at) => text !== before[at])).toEqual([true, true]);
  await lesson.figure.getByRole('button', { name: 'Pause', exact: true }).click();
  expect(await lesson.clock.textContent()).not.toBe(clock);
  await page.keyboard.press('End');
  await expect(present).toHaveText([/: 200, and the visitor has the answer/, /: (200, and the visitor has the answer|worker \d is done)/]);

  // no time is cut at the left edge; of two IIS views in a narrow figure one is shown, and it is said
  await lesson.view('Lanes');
  const edge = await lesson.figure.locator('.window').first().boundingBox();
  for (const time of await lesson.figure.locator('.other .time').all())
    if (await time.isVisible()) expect((await time.boundingBox())?.x).toBeGreaterThanOrEqual((edge?.x ?? 0) - 1);
  await lesson.view('IIS');
  await expect(lesson.figure.locator('.iis')).toHaveCount(2);
  await page.setViewportSize({ width: 1024, height: 768 });
  await expect(lesson.figure.locator('.iis').filter({ visible: true })).toHaveCount(1);
  await expect(lesson.figure.locator('.one-iis')).toBeVisible();
  // what has no size while it is made is drawn when it gets one
  await lesson.view('Map');
  await lesson.view('IIS');
  await expect(lesson.figure.locator('.iis')).toHaveCount(2);
  await page.setViewportSize({ width: 1280, height: 1000 });
  await expect(lesson.figure.locator('.iis [data-node="queue"]').filter({ visible: true })).toHaveCount(2);

  await lesson.view('Map');
  await expect(lesson.queue).toHaveCount(2);
  // no words of the maps are too small to read, whatever the window's height
  for (const height of [720, 900, 1040, 1080]) {
    await page.setViewportSize({ width: 1440, height });
    const smallest = (): Promise<number> =>
      lesson.figure.locator('.map text').evaluateAll((texts) =>
        Math.min(
          ...texts.map((text) => {
            const drawn = (text as SVGTextElement).getScreenCTM()?.a ?? 1;
            return text.textContent?.trim() ? Number.parseFloat(getComputedStyle(text).fontSize) * drawn : Number.POSITIVE_INFINITY;
          }),
        ),
      );
    await expect.poll(smallest).toBeGreaterThan(7.9);
  }
  await side('Real servers').check();
  await expect(lesson.queue).toHaveAccessibleName(/who waits is not visible, limit 100/);
  await side('Sandbox').check();
  await expect(lesson.queue).toHaveAccessibleName(/0 waiting, limit 100/);
  await expect(lesson.figure).not.toContainText('Recording of the real');
  expect(errors).toEqual([]);
});
