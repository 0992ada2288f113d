/** Reading before Run: what a page transfers, and how Lighthouse (mobile) sees it. */
import { type Browser, chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { median } from '../../src/numbers/median.ts';
import type { BenchContext, Figure } from '../lib/figures.ts';
import { READING } from '../lib/reading-budget.ts';
import { freePort } from '../lib/static-server.ts';

const PAGES = { home: '/', lesson: '/lessons/which-worker/' };
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const RUNS = 3;

/** Bytes on the wire, headers included (the bench's server speaks gzip only), on a first visit that reads the page to its end. */
async function transfer(browser: Browser, name: string, url: string): Promise<Figure[]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  const types = new Map<string, string>();
  const bytes = { all: 0, script: 0, requests: 0 };
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
    types.set(requestId, response.mimeType.includes('javascript') ? 'script' : type);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytes.all += encodedDataLength;
    bytes.requests += 1;
    if (types.get(requestId) === 'script') bytes.script += encodedDataLength;
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
      scrollTo(0, y);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
  });
  await page.waitForLoadState('networkidle');
  await context.close();
  return [
    { name: `${name}: transfer before Run, gzip`, value: bytes.all / 1000, unit: 'kB', max: READING.all / 1000 },
    { name: `${name}: JavaScript of it`, value: bytes.script / 1000, unit: 'kB', max: READING.scripts / 1000 },
    { name: `${name}: requests`, value: bytes.requests, unit: '' },
  ];
}

/** Median of three runs. */
async function lighthouseFigures(port: number, name: string, url: string): Promise<Figure[]> {
  const scores: Record<string, number[]> = {};
  const note = (key: string, value: number | null | undefined): void => {
    if (typeof value !== 'number') throw new Error(`Lighthouse gave no ${key} for ${url}`);
    scores[key] ??= [];
    scores[key].push(value);
  };
  for (let run = 0; run < RUNS; run++) {
    const result = await lighthouse(url, { port, logLevel: 'error', onlyCategories: CATEGORIES });
    for (const category of CATEGORIES) note(category, (result?.lhr.categories[category]?.score ?? Number.NaN) * 100);
    for (const audit of ['largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift']) {
      note(audit, result?.lhr.audits[audit]?.numericValue);
    }
  }
  const value = (key: string): number => median(scores[key] ?? []);
  return [
    ...CATEGORIES.map((category) => ({ name: `${name}: Lighthouse ${category}`, value: value(category), unit: '', min: 100 })),
    { name: `${name}: LCP`, value: value('largest-contentful-paint'), unit: 'ms', max: 1300 },
    { name: `${name}: TBT`, value: value('total-blocking-time'), unit: 'ms', max: 50 },
    { name: `${name}: CLS`, value: value('cumulative-layout-shift'), unit: '', max: 0 },
  ];
}

export default async function pages({ site, browser: { path, env }, browserArgs }: BenchContext): Promise<Figure[]> {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: path,
    env: { ...process.env, ...env },
    args: [...browserArgs, `--remote-debugging-port=${port}`],
  });
  try {
    const figures: Figure[] = [];
    for (const [name, address] of Object.entries(PAGES)) {
      figures.push(...(await transfer(browser, name, site + address)), ...(await lighthouseFigures(port, name, site + address)));
    }
    return figures;
  } finally {
    await browser.close();
  }
}
