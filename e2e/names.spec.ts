// The names of the figure's parts: those of the Python stack, or those of IIS for the same run.
import type { Locator } from '@playwright/test';
import { axeFaults } from './axe.ts';
import { expect, Lesson, openMenu, test } from './support.ts';

/** Words of the map that reach over another word or out of the drawing. */
function collisions(figure: Locator): Promise<string[]> {
  return figure.locator('.stage .nodes').evaluateAll((drawings) =>
    drawings.flatMap((drawing) => {
      if (!drawing.checkVisibility()) return [];
      const outer = drawing.getBoundingClientRect();
      const words = [...drawing.querySelectorAll('text, .lamp')]
        .filter((one) => one.textContent?.trim() || one.matches('.lamp[d*=a]'))
        .map((text) => ({ text: text.textContent || 'a lamp', box: text.getBoundingClientRect() }));
      const found = words
        .filter(({ box }) => box.left < outer.left - 1 || box.right > outer.right + 1)
        .map(({ text }) => `${text} leaves the drawing`);
      for (const [i, a] of words.entries())
        for (const b of words.slice(i + 1)) {
          const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
          const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
          // the boxes of two lines touch, their letters do not
          if (wide > 1 && high > Math.min(a.box.height, b.box.height) / 2) found.push(`${a.text} on ${b.text}`);
        }
      return found;
    }),
  );
}

test('IIS names in the lesson: by keyboard, said to be the same run, and back', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  const lesson = await Lesson.open(page);
  const toggle = lesson.button('IIS names');
  await openMenu(lesson.figure);
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
  const before = await lesson.figure.boundingBox();
  await toggle.focus();
  await page.keyboard.press('Enter');
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  await expect(lesson.figure.locator('.stage')).toContainText('same run, IIS words');
  await expect(lesson.figure.getByRole('button', { name: /^w3wp 1\b/ })).toBeVisible();
  await expect(lesson.figure.getByRole('group', { name: /^WAS, here the uWSGI master/ })).toBeVisible();
  await expect(lesson.figure.getByRole('group', { name: /no IIS runs here/ })).toBeVisible();
  expect(await lesson.figure.boundingBox()).toEqual(before);
  await expect(toggle).toBeFocused();
  expect(await axeFaults(page, { parts: ['figure'] })).toEqual([]);

  // a run changes nothing in the names, and the sentence uses them too
  await lesson.runButton.click();
  await expect(lesson.restartButton).toBeEnabled({ timeout: 30_000 });
  await expect(lesson.figure.getByRole('button', { name: /^w3wp 1 idle pid/ })).toBeVisible({ timeout: 30_000 });
  await lesson.button('Send a request').click();
  await expect(lesson.answers).toHaveCount(1);
  await lesson.view('Text');
  await expect(lesson.figure.getByRole('listitem').filter({ hasText: /w3wp \d takes request 1 from the request queue/ })).toHaveCount(1);
  await openMenu(lesson.figure);
  await toggle.click();
  await expect(lesson.figure.getByRole('listitem').filter({ hasText: /worker \d takes request 1 from the listen queue/ })).toHaveCount(1);
  await lesson.view('Map');
  await expect(lesson.room(1)).toBeVisible();
});

test('IIS names in the recorded figure of the home page, pressed before its script has come', async ({ page }) => {
  await page.goto('/');
  await openMenu(page.getByRole('figure'));
  await page.getByRole('figure').getByRole('button', { name: 'IIS names' }).click();
  await expect(page.getByRole('figure').getByRole('button', { name: /^w3wp 1\b/ })).toBeVisible();
  await expect(page.getByRole('figure').locator('.truth')).toHaveText('recording');
});

for (const [width, height] of [
  [360, 740],
  [1024, 768],
  [1440, 900],
] as const)
  test(`names fit at ${width} by ${height}, in both vocabularies`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    for (const path of ['/', '/lessons/which-worker/']) {
      await page.goto(path);
      const figure = page.getByRole('figure').filter({ has: page.locator('.stage') });
      for (const names of ['python', 'iis']) {
        if (names === 'iis') {
          // in a narrow window the button comes with the large picture
          const size = figure.getByRole('button', { name: /the picture$/ });
          const small = await size.isVisible();
          if (small) await size.click();
          await openMenu(figure);
          await figure.getByRole('button', { name: 'IIS names' }).click();
          await page.keyboard.press('Escape');
          if (small) await size.click();
        }
        await figure.locator('.stage').focus();
        await page.keyboard.press('End');
        await expect(figure.locator('.stage')).toContainText(names === 'iis' ? 'WAS' : 'master');
        await expect(figure.locator('.clock')).not.toHaveText(/^0\.000/);
        expect(await collisions(figure), `${path} ${names}`).toEqual([]);
      }
    }
  });
