// What must hold on every page: accessible in both themes, quiet console, nothing from elsewhere, fits a small phone.
import { expect, type Page, test } from '@playwright/test';
import { axeFaults } from './axe.ts';
import { distinctPages } from './pages.ts';

test('axe does find what is wrong, in the theme where it is wrong', async ({ page }) => {
  await page.goto('/404.html');
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<main><img src="data:,"><p class="faint">Too faint</p></main>');
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('@media (prefers-color-scheme: dark) { .faint { color: #333; background: #222; } }');
    document.adoptedStyleSheets.push(sheet);
  });
  const faults = await axeFaults(page);
  expect(faults).toContainEqual(expect.stringMatching(/ light image-alt: /));
  expect(faults).toContainEqual(expect.stringMatching(/ dark color-contrast: \.faint/));
  expect(faults).not.toContainEqual(expect.stringMatching(/ light color-contrast: /));
});

for (const path of distinctPages()) {
  test(`${path}: quiet, nothing from another site, fits 360 px, axe finds nothing`, async ({ page, baseURL }) => {
    const problems: string[] = [];
    page.on('console', (message) => {
      // the tests' own doing, see playwright.config.ts
      if (message.text() === 'Service Worker registration blocked by Playwright') return;
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('requestfailed', (request) => problems.push(`${request.url()} ${request.failure()?.errorText}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && url.origin !== baseURL) problems.push(`request to ${url.origin}`);
    });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(path, { waitUntil: 'networkidle' });
    expect(await tooWide(page)).toEqual([]);
    // What loads only when it is seen has been seen then.
    await page.evaluate(async () => {
      for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
        scrollTo(0, y);
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      }
    });
    await page.waitForLoadState('networkidle');
    expect(problems).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
    // lessons are looked at with everything open, in lesson-page.spec.ts
    if (/^\/lessons\/./.test(path)) return;
    await page.setViewportSize({ width: 1280, height: 720 });
    expect(await axeFaults(page)).toEqual([]);
  });
}

/** What makes the page scroll sideways. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return [];
    const tooWide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > limit + 1);
    return [
      `page is ${document.documentElement.scrollWidth} wide`,
      ...tooWide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)),
    ];
  });
}
