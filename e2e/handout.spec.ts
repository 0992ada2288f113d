/** Handouts as they were built, one in the browser, and as the PDF that it prints. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { lessonFolders, readLesson } from '../scripts/lib/lesson.ts';
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
    const wide = await page.evaluate(
      (most) => [...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > most + 1).length,
      width,
    );
    expect(wide).toBe(0);
  }
  const pdf = (await page.pdf({ format: 'A4', tagged: true, outline: true })).toString('latin1');
  expect(pdf).toMatch(/^%PDF-/);
  expect(pdf).toContain('/StructTreeRoot');
  const outline = [...pdf.matchAll(/\/Title \(([^)]*)\)/g)].map(([, title]) => title);
  const headings = await page.locator('h2').allInnerTexts();
  expect(outline.length).toBeGreaterThan(headings.length);
});

/** What is to be read in a page's text. */
const plain = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(
      /&(?:#39|quot|lt|gt|amp);/g,
      (entity) => ({ '&#39;': "'", '&quot;': '"', '&lt;': '<', '&gt;': '>', '&amp;': '&' })[entity] ?? entity,
    );

test('every handout has a figure with words for each step, and the answers only at its end', () => {
  for (const folder of lessonFolders()) {
    const file = join(import.meta.dirname, '..', 'dist', 'handout', folder.replace(/.*[/\\]\d+-/, ''), 'index.html');
    expect(statSync(file).size, file).toBeLessThan(150_000);
    const html = readFileSync(file, 'utf8');
    const steps = html.match(/<section class="step"/g)?.length ?? 0;
    expect(html.match(/<span class="twin">[^<]{40,}/g), file).toHaveLength(steps);
    expect(steps).toBeGreaterThan(0);
    const [text = '', end = ''] = html.split('class="answers-at-end"').map(plain);
    for (const { why } of readLesson(folder).data.quiz.flatMap(({ answers }) => answers)) {
      const words = why.replaceAll('`', '');
      expect(end, file).toContain(words);
      expect(text, file).not.toContain(words);
    }
  }
});
