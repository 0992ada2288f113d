/**
 * The container of the tests: the double (scripts/double), which runs real processes of this machine, or, with
 * E2E_WEBCONTAINER=real, StackBlitz' own (`npm run test:webcontainer`).
 */
import { test as base, expect, type Page } from '@playwright/test';
import { DoubleHost } from '../../scripts/double/host.ts';
import { bundle } from '../../scripts/engine/bundle.ts';
import { headersFor } from '../../src/headers.ts';
import { test as clean, Lesson } from '../support.ts';

export const REAL: boolean = process.env['E2E_WEBCONTAINER'] === 'real';

/** A container may take its 30 seconds, and its Python some more. */
export const STARTED = { timeout: REAL ? 120_000 : 40_000 };

// With the real one the page does speak with another site.
export const test = REAL ? base : clean;

/** Puts the double in the place of StackBlitz' client. */
export async function withDouble(page: Page): Promise<DoubleHost> {
  const host = new DoubleHost();
  await page.exposeFunction('containerDouble', (name: Parameters<typeof host.call>[0], args: never) =>
    host.call(name, ...(args as [never])),
  );
  const code = (await bundle('scripts/double/browser.ts', { format: 'es', platform: 'browser' })) ?? '';
  await page.route('**/engine/webcontainer.*.js*', (route) =>
    route.fulfill({ contentType: 'text/javascript', headers: headersFor('/engine/x.js'), body: code }),
  );
  return host;
}

/** Opens the lesson and moves its server into a WebContainer, as a learner does it for the first time. */
export async function runInContainer(page: Page): Promise<Lesson> {
  const lesson = await Lesson.open(page);
  await lesson.work.getByRole('button', { name: 'Run in WebContainer' }).click();
  const dialog = page.getByRole('dialog');
  const [begin, yes] = ['Run in WebContainer', 'Yes, run in WebContainer'].map((name) => dialog.getByRole('button', { name, exact: true }));
  await begin?.click();
  await yes?.click();
  await expect(lesson.restartButton.first()).toBeEnabled(STARTED);
  await expect(lesson.work.getByRole('button', { name: 'Run in this tab' })).toBeVisible();
  await lesson.idle();
  return lesson;
}
