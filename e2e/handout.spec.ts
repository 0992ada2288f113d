/** A handout in the browser, and as the PDF that it prints. */
import { expect, test } from '@playwright/test';
import { axeFaults } from './axe.ts';

test('a lesson on paper: on a phone, for axe, and as a tagged PDF with an outline', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/handout/which-worker/');
  await expect(page.getByRole('button', { name: 'Print' })).toBeVisible();
  await expect(page.locator('.moment')).toHaveCount(await page.locator('.step').count());
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await axeFaults(page)).toEqual([]);

  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  for (const width of [680, 700]) {
    // what A4 and Letter leave between their margins, in CSS pixels
    await page.setViewportSize({ width, height: 960 });
    const wide = await page.evaluate((most) => [...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > most + 1).length, width);
    expect(wide).toBe(0);
  }
  const pdf = (await page.pdf({ format: 'A4', tagged: true, outline: true })).toString('latin1');
  expect(pdf).toMatch(/^%PDF-/);
  expect(pdf).toContain('/StructTreeRoot');
  const outline = [...pdf.matchAll(/\/Title \(([^)]*)\)/g)].map(([, title]) => title);
  const headings = await page.locator('h2').allInnerTexts();
  expect(outline.length).toBeGreaterThan(headings.length);
});
