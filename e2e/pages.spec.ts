// What must hold on every page: accessible in both themes, quiet console, nothing from elsewhere, fits a small phone.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { builtPages } from './pages.ts';

for (const path of builtPages()) {
  test.describe(path, () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.goto(path, { waitUntil: 'networkidle' });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`))).toEqual([]);
      });
    }

    test('nothing in the console, nothing from another site', async ({ page, baseURL }) => {
      const problems: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('requestfailed', (request) => problems.push(`${request.url()} ${request.failure()?.errorText}`));
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.origin !== baseURL) problems.push(`request to ${url.origin}`);
      });
      await page.goto(path, { waitUntil: 'networkidle' });
      // What loads only when it is seen has been seen now.
      await page.evaluate(async () => {
        for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
          scrollTo(0, y);
          await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        }
      });
      await page.waitForLoadState('networkidle');
      expect(problems).toEqual([]);
    });

    test('fits 360 px without scrolling sideways', async ({ page }) => {
      await page.setViewportSize({ width: 360, height: 740 });
      await page.goto(path, { waitUntil: 'networkidle' });
      const wider = await page.evaluate(() => {
        const limit = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= limit) return [];
        const tooWide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > limit + 1);
        return [
          `page is ${document.documentElement.scrollWidth} wide`,
          ...tooWide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)),
        ];
      });
      expect(wider).toEqual([]);
    });
  });
}
