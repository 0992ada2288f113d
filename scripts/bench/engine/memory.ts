/** Memory of a browser's renderers, as Linux counts it: a page shared by n processes counts 1/n for each (PSS). */
import { readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';

/** Megabytes of all renderers. Throws where the system does not tell. */
export async function rendererMegabytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const kilobytes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1]));
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
}
