/** What the tests of the engine's choice share: the lesson with its switch, and what stands in the place of stackblitz.com. */
import { expect, type Locator, type Page, type Route } from '@playwright/test';
import { LESSON, Lesson } from './support.ts';

const STACKBLITZ = /^https:\/\/([\w-]+\.)*(stackblitz\.com|staticblitz\.com|webcontainer-api\.io)\//;
/** The lesson with its switch of engines, and the addresses outside the site that were asked for. */
export class Chooser extends Lesson {
  readonly outside: string[] = [];

  static override async open(page: Page, site = ''): Promise<Chooser> {
    const chooser = new Chooser(page);
    page.on('request', (request) => {
      if (!['localhost', '127.0.0.1'].includes(new URL(request.url()).hostname) && /^https?:/.test(request.url()))
        chooser.outside.push(request.url());
    });
    await page.goto(site + LESSON);
    return chooser;
  }
  get switchButton(): Locator {
    return this.button('Run in WebContainer').first();
  }
  /** Also while it closes: until it is gone from the page, the button beside it opens no other. */
  get dialog(): Locator {
    return this.work.locator('dialog');
  }
  /** Run, or what it is called by now: where the focus goes when the button that had it is gone. */
  get firstButton(): Locator {
    return this.work.getByRole('button', { name: /^(Run|Starting …|Restart servers)$/ });
  }
  get note(): Locator {
    return this.work.getByRole('status').filter({ hasText: 'The server runs in this tab.' });
  }
  get frames(): Locator {
    return this.root.locator('iframe[src*="stackblitz"]');
  }
  async compare(): Promise<void> {
    await this.button('Compare the two engines').click();
    await expect(this.dialog.getByRole('heading', { name: 'Where the server runs' })).toBeVisible();
  }
  /** Says yes to the question, as at the first time. */
  async agree(): Promise<void> {
    await this.switchButton.click();
    await this.dialog.getByRole('button', { name: 'Run in WebContainer' }).click();
    await this.dialog.getByRole('button', { name: 'Yes, run in WebContainer' }).click();
    await expect(this.dialog).toHaveCount(0);
  }
  /** The server runs in the tab, and nothing of the other engine is left. */
  async goesOn(answer: string | RegExp = /200 OK[^]*Hello from worker [1-4]/): Promise<void> {
    await this.started();
    await expect(this.frames).toHaveCount(0);
    const before = await this.answers.count();
    await this.button('Send a request').click();
    await expect(this.answers).toHaveCount(before + 1);
    await expect(this.answers.first()).toContainText(answer);
  }
}

/** What stands in for stackblitz.com. */
export async function stackblitz(page: Page, answer: (route: Route) => unknown): Promise<void> {
  await page.context().route(STACKBLITZ, answer);
}
export const never = (): void => {};

/** The frame of stackblitz.com as a page whose script has a port to the client: it has said its first word. */
export function speaking(script: string): (route: Route) => Promise<void> {
  const body = `<!doctype html><script>
    const { port1: port, port2 } = new MessageChannel();
    ${script}
    parent.postMessage({ type: 'init' }, '*', [port2]);
  </script>`;
  const headers = { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Resource-Policy': 'cross-origin' };
  return (route) => route.fulfill({ contentType: 'text/html', headers, body });
}

/** The page's clock can be moved on from here: its limits are the real ones, only nobody waits for them. To be called before the page opens. */
export async function ownClock(page: Page): Promise<void> {
  await page.clock.install();
}

/** Moves the page's clock to just before a limit, at which nothing has happened yet, and past it. */
export async function outlast(page: Page, ms: number, stillWaiting: () => Promise<void>): Promise<void> {
  const SHORT = 2_000;
  await page.clock.fastForward(ms - SHORT);
  await stillWaiting();
  await page.clock.fastForward(SHORT);
}
