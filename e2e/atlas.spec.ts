// The map in every state, as pictures. They are compared only where the same fonts are drawn: letters of other faces have other shapes and widths.
// After a change that is meant: `npx playwright test e2e/atlas.spec.ts --update-snapshots`, and look at what has changed.
import { expect, type Page, test } from '@playwright/test';
import { STATES } from '../src/diagram/atlas.ts';
import { axeFaults } from './axe.ts';

/** Widths of words in the faces of the map, where the pictures were taken: DejaVu for text and code, our own for titles. */
const FONTS = '2068 2408 1966';

const WORDS = 'worker 1 pid 42 unix:/run/shop/shop.sock';

/** The same for the same fonts. Waits until the page's own face is there. */
async function fonts(page: Page): Promise<string> {
  return page.evaluate(async (words) => {
    await document.fonts.load('16px "Request Display"');
    const style = getComputedStyle(document.documentElement);
    const context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
    return ['--font-text', '--font-mono', '--font-display']
      .map((name) => {
        context.font = `100px ${style.getPropertyValue(name)}`;
        return Math.round(context.measureText(words).width);
      })
      .join(' ');
  }, WORDS);
}

test.describe('pictures', () => {
  // Small enough to be kept, large enough to see what has moved.
  test.use({ deviceScaleFactor: 0.5 });

  test.beforeEach(async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1000, height: 900 });
    await page.goto('/atlas/', { waitUntil: 'networkidle' });
    // it stays at the top of the window and would lie over a tall picture
    await page.addStyleTag({ content: '.top-bar { display: none !important }' });
  });

  for (const { title, states } of STATES) {
    for (const theme of ['light', 'dark'] as const) {
      test(`${title}, ${theme}`, async ({ page }) => {
        const here = await fonts(page);
        test.info().skip(here !== FONTS, `other fonts here (${here}) than where the pictures were taken (${FONTS})`);
        for (const { id, sizes } of states) {
          const sheet = page.locator(`#${id} .sheet[data-theme="${theme}"]`);
          await expect.soft(sheet.locator('.stage')).toHaveCount(sizes.length);
          // by night the colours are another matter, the places are not: one size tells
          const shown = theme === 'dark' ? sheet.locator('.stage').first() : sheet;
          await expect.soft(shown).toHaveScreenshot(`${id}-${theme}.png`, { scale: 'device' });
        }
      });
    }
  }
});

test('the atlas has no faults for axe, and search engines are asked to pass it by', async ({ page }) => {
  await page.goto('/atlas/', { waitUntil: 'networkidle' });
  expect(await axeFaults(page)).toEqual([]);
  await expect(page.locator('meta[name="robots"]')).toHaveAttribute('content', 'noindex');
});

test('a sheet has the colours of its own theme, whatever the page has', async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto('/atlas/');
    const colours = await page
      .locator('#one .sheet')
      .evaluateAll((sheets) => sheets.map((sheet) => getComputedStyle(sheet).backgroundColor));
    expect(colours).toEqual(['rgb(250, 246, 236)', 'rgb(22, 29, 38)']);
  }
});
