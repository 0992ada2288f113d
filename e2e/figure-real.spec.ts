// The recording of the real servers, beside that of the sandbox.
import type { Locator } from '@playwright/test';
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
  // no words of the maps are too small to read, whatever the window's size; and nothing lies over what is beneath them
  for (const [width, height] of [
    [1440, 720],
    [1440, 900],
    [1440, 1040],
    [1440, 1080],
    [768, 1024],
  ] as const) {
    await page.setViewportSize({ width, height });
    expect(await smallestPrint(lesson.figure)).toBeGreaterThan(7.9);
    const [maps, words] = [lesson.figure.locator('.area'), lesson.figure.locator('figcaption')];
    const end = await maps.boundingBox().then((box) => (box?.y ?? 0) + (box?.height ?? 0));
    expect((await words.boundingBox())?.y).toBeGreaterThanOrEqual(Math.floor(end));
  }
  await page.setViewportSize({ width: 1280, height: 1000 });
  await side('Real servers').check();
  await expect(lesson.queue).toHaveAccessibleName(/who waits is not visible, limit 100/);
  await side('Sandbox').check();
  await expect(lesson.queue).toHaveAccessibleName(/0 waiting, limit 100/);
  await expect(lesson.figure).not.toContainText('Recording of the real');
  expect(errors).toEqual([]);
});

/** The smallest words of all maps in sight, in pixels of the screen, once they are drawn for their box. */
async function smallestPrint(figure: Locator): Promise<number> {
  const sizes = await figure.evaluate(async (root) => {
    for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
    return [...root.querySelectorAll<SVGTextElement>('.map text')].flatMap((text) =>
      text.checkVisibility() && text.textContent?.trim()
        ? [Number.parseFloat(getComputedStyle(text).fontSize) * (text.getScreenCTM()?.a ?? 0)]
        : [],
    );
  });
  expect(sizes.length).toBeGreaterThan(20);
  return Math.min(...sizes);
}
