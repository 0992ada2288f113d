/** Accessibility faults, the same way for every page and state. */
import { expect, type Page } from '@playwright/test';
import axe, { type RunOptions } from 'axe-core';

/** All that the colours of a theme can spoil. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** Windows to look in: a phone, and a screen. */
export const BOTH = [
  { width: 360, height: 740 },
  { width: 1280, height: 1000 },
];

interface Where {
  /** Selectors of what to look at, waited for until they are seen; without any, the whole page. */
  parts?: readonly string[];
  /** Without any, the window stays as it is. */
  sizes?: readonly { width: number; height: number }[];
}

/**
 * What axe finds, a line for each place: by all rules in light, in dark by those of colour. Leaves the page in dark, with less motion.
 * Frames are not looked into: the sandbox's own has nothing to be seen, an embed is looked at by itself, and an answer in the Browser tab is
 * the learner's.
 */
export async function axeFaults(page: Page, { parts = [], sizes = [] }: Where = {}): Promise<string[]> {
  for (const part of parts) await expect(page.locator(part).first()).toBeVisible();
  const faults: string[] = [];
  for (const size of sizes.length ? sizes : [page.viewportSize()]) {
    if (size) await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const rules = colorScheme === 'light' ? {} : { runOnly: { type: 'rule', values: OF_COLOUR } as const };
      const found = await run(page, parts, { iframes: false, resultTypes: ['violations'], ...rules });
      faults.push(...found.map((fault) => `${size?.width} ${colorScheme} ${fault}`));
    }
  }
  return faults;
}

/** Axe is put into the page once. (Its builder for Playwright puts it into every frame for each look, which takes longer than the look.) */
async function run(page: Page, parts: readonly string[], options: RunOptions): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return await page.evaluate(
    async ([include, asked]) => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(include.length ? { include } : document, asked);
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
    },
    [parts.map((part) => [part]), options] as const,
  );
}
