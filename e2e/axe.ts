/** Accessibility faults, the same way for every page and state. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** All that the colours of a theme can spoil. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** Windows to look in: a phone, and a screen. */
export const BOTH = [
  { width: 360, height: 740 },
  { width: 1280, height: 1000 },
];

interface Where {
  /** Selectors of what to look at; without any, the whole page. */
  parts?: readonly string[];
  /** Without any, the window stays as it is. */
  sizes?: readonly { width: number; height: number }[];
}

/**
 * What axe finds, a line for each place: by all rules in light, in dark by those of colour. Leaves the page in dark, with less motion.
 * The sandbox's own frame has nothing to be seen, and an embed is looked at by itself: what it has is no part of the page around it. Axe runs in the page as one piece ("legacy mode"): in pieces, for frames of other
 * sites, it takes five times as long.
 */
export async function axeFaults(page: Page, { parts = [], sizes = [] }: Where = {}): Promise<string[]> {
  const faults: string[] = [];
  for (const size of sizes.length ? sizes : [page.viewportSize()]) {
    if (size) await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const axe = new AxeBuilder({ page }).setLegacyMode(true).exclude('iframe[title="Sandbox engine"]').exclude('iframe[src*="embed/"]');
      for (const part of parts) axe.include(part);
      const rules = colorScheme === 'light' ? {} : { runOnly: { type: 'rule' as const, values: OF_COLOUR } };
      const { violations } = await axe.options({ resultTypes: ['violations'], ...rules }).analyze();
      for (const { id, nodes } of violations)
        for (const { target, failureSummary } of nodes) faults.push(`${size?.width} ${colorScheme} ${id}: ${target} ${failureSummary}`);
    }
  }
  return faults;
}
