// What of the work area is in sight in a small window, whose scrollbar takes its part of it as on Windows.
import config from '../playwright.config.ts';
import { expect, Lesson, test } from './support.ts';

test.use({
  viewport: { width: 1024, height: 768 },
  launchOptions: { ...config.use?.launchOptions, ignoreDefaultArgs: ['--hide-scrollbars'] },
});

test('a narrow column has the map, the tabs and 12 lines of the editor; a phone leaves three fifths to the text', async ({ page }) => {
  await page.goto('/lessons/one-machine/');
  const lesson = new Lesson(page);
  await lesson.openTab('Files');
  expect(await page.evaluate(() => innerWidth - document.documentElement.clientWidth)).toBeGreaterThan(0);
  await expect(lesson.figure.locator('.stage')).toBeInViewport({ ratio: 1 });
  expect((await lesson.figure.locator('.stage').boundingBox())?.height).toBeGreaterThanOrEqual(172);
  // one row each, not two
  expect((await lesson.figure.locator('.bar').boundingBox())?.height).toBeLessThan(50);
  await expect(lesson.work.getByRole('tab', { name: 'Check' })).toBeInViewport({ ratio: 1 });
  await expect(lesson.button('Run with these files')).toBeInViewport({ ratio: 1 });
  const numbers = lesson.panel('Files').locator('.cm-lineNumbers .cm-gutterElement');
  await expect(numbers.filter({ hasText: /^12$/ })).toBeInViewport({ ratio: 1 });
  // long lines run beneath them
  await expect(lesson.panel('Files').locator('.cm-gutters')).not.toHaveCSS('background-color', 'rgba(0, 0, 0, 0)');

  await page.setViewportSize({ width: 360, height: 740 });
  await lesson.work.getByRole('button', { name: 'Close', exact: true }).click();
  await lesson.text.locator('.step').nth(2).scrollIntoViewIfNeeded();
  const end = async () => {
    const [work, tabs] = [await lesson.work.boundingBox(), await lesson.work.getByRole('tablist').first().boundingBox()];
    return ((tabs?.y ?? 0) - (work?.y ?? 0) - (work?.height ?? 0)) / 740;
  };
  await expect.poll(end).toBeGreaterThanOrEqual(0.6);
});
