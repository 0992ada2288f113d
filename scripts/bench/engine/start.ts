/** From Run to the first answered request, in the lesson itself, as a learner who has been here before has it. */
import type { Browser, Page } from '@playwright/test';

const LESSON = '/lessons/which-worker/';
const ANSWER_WITHIN_MS = 60_000;

/** Presses Run, then "Send a request", and gives the milliseconds until the answer stands there. */
async function run(page: Page): Promise<number> {
  await page.waitForLoadState('networkidle');
  return page.evaluate(async (limit) => {
    const button = (label: string): HTMLButtonElement => {
      const found = [...document.querySelectorAll('button')].find(({ innerText }) => innerText.trim() === label);
      if (found === undefined) throw new Error(`no button "${label}"`);
      return found;
    };
    const began = performance.now();
    button('Run').click();
    button('Send a request').click();
    for (;;) {
      const answer = document.querySelector('details > summary strong')?.textContent;
      if (answer?.startsWith('200')) return performance.now() - began;
      if (answer || performance.now() - began > limit) throw new Error(`no answer, but ${answer ?? 'nothing'}`);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, ANSWER_WITHIN_MS);
}

/** Waits until the page has put its base snapshot away for later visits. */
export async function untilKept(page: Page): Promise<void> {
  await page.waitForFunction(async () => {
    const cache = await caches.open('sandbox-engine');
    return (await cache.keys()).some(({ url }) => url.includes('/base-snapshot/'));
  });
}

/** Lets the page forget the base snapshot, but not what it has downloaded. */
async function forgetSnapshot(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const cache = await caches.open('sandbox-engine');
    for (const request of await cache.keys()) if (request.url.includes('/base-snapshot/')) await cache.delete(request);
  });
}

/** Milliseconds of `count` starts each: with everything downloaded but no base snapshot, and with one. */
export async function starts(
  browser: Browser,
  site: string,
  count: number,
): Promise<{ download: number; first: number[]; later: number[] }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const open = async (): Promise<void> => void (await page.goto(site + LESSON));
  await open();
  const download = await run(page);
  const first: number[] = [];
  const later: number[] = [];
  for (let i = 0; i < count; i++) {
    await untilKept(page);
    await forgetSnapshot(page);
    await open();
    first.push(await run(page));
    await untilKept(page);
    await open();
    later.push(await run(page));
  }
  await context.close();
  return { download, first, later };
}
