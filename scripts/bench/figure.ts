/** The figure under load: thousands of dots without a GPU, dragging through a long log, and no work when nobody looks. */
import { readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from '@playwright/test';
import { bundle } from '../engine/bundle.ts';
import { type BenchContext, type Figure, over, percentile } from '../lib/figures.ts';
import { at } from '../lib/paths.ts';
import type { FigureBench, Times } from './figure/page.ts';
import { wholeFigure } from './figure/views.ts';

const PLAY_MS = 5000;
const RUNS = 3;
const SCRUBBED = 300;
/** A frame at 60 Hz takes 16.7 ms; from here on one was missed. */
const LATE_MS = 20;
const WATCHED_MS = 1500;

declare const figureBench: FigureBench;
declare const animationFrames: { count: number };

const share = (values: readonly number[], limit: number): number => (100 * values.filter((value) => value > limit).length) / values.length;

/** A page with nothing in it but the map, at a device pixel ratio of 1. */
async function mapPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 600 }, deviceScaleFactor: 1 });
  const parts = ['stage', 'nodes', 'lines', 'other'].map((part) => `src/diagram/css/${part}.css`);
  const css = ['src/styles/tokens.css', ...parts].map((file) => readFileSync(at(file), 'utf8')).join('\n');
  const script = await bundle('scripts/bench/figure/page.ts', { format: 'iife', platform: 'browser' });
  await page.setContent(
    `<!doctype html><style>${css.replace(/@font-face \{[^}]*\}/, '')} .stage { width: 1040px }</style><div class="stage"></div>`,
  );
  await page.addScriptTag({ content: script ?? '' });
  return page;
}

async function underLoad(page: Page): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const which of ['dots', 'bands'] as const) {
    const runs: Times[] = [];
    for (let run = 0; run < RUNS; run++)
      runs.push(await page.evaluate(([one, ms]) => figureBench.play(one, ms), [which, PLAY_MS] as const));
    const name = which === 'dots' ? '2,000 dots' : '2,000 requests in flow bands';
    figures.push(
      { name: `${name}: intervals over ${LATE_MS} ms`, unit: '%', max: 5, ...over(runs.map(({ intervals }) => share(intervals, LATE_MS))) },
      { name: `${name}: frame work, p95`, unit: 'ms', max: 8, ...over(runs.map(({ work }) => percentile(work, 0.95))) },
    );
    const limit = which === 'dots' ? { min: 2000 } : { max: 0 };
    figures.push({ name: `${name}: dots really drawn`, value: runs[0]?.dots ?? Number.NaN, unit: '', ...limit });
  }
  return figures;
}

async function scrubbing(page: Page): Promise<Figure[]> {
  const { work, events } = await page.evaluate((frames) => figureBench.scrub(frames), SCRUBBED);
  return [
    { name: 'dragging through a long log: events', value: events, unit: '', min: 100_000 },
    { name: 'dragging through it: frame work, p95', value: percentile(work, 0.95), unit: 'ms', max: 16 },
    { name: 'dragging through it: frame work, median', value: percentile(work, 0.5), unit: 'ms' },
  ];
}

/** Animation frames that the home page asks for while its figure plays: in sight, out of sight, and hidden. */
async function unseen(browser: Browser, site: string): Promise<Figure[]> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
  await page.addInitScript(() => {
    const counter = { count: 0 };
    Object.assign(globalThis, { animationFrames: counter });
    const ask = globalThis.requestAnimationFrame.bind(globalThis);
    globalThis.requestAnimationFrame = (callback) =>
      ask((time) => {
        counter.count++;
        callback(time);
      });
  });
  await page.goto(site, { waitUntil: 'networkidle' });
  const count = (): Promise<number> =>
    page.evaluate(async (ms) => {
      const before = animationFrames.count;
      await new Promise((resolve) => setTimeout(resolve, ms));
      return animationFrames.count - before;
    }, WATCHED_MS);
  // as slowly as it can: it must not be at its end before it has been watched
  await page.locator('figure .speed').first().selectOption('0.1');
  const play = page.locator('figure .play').first();
  if ((await play.getAttribute('aria-label')) === 'Play') await play.click();
  await page.locator('figure.playing').first().waitFor();
  const seen = await count();
  await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<div id="below" style="height: 3000px"></div>'));
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  // the observer tells the figure in the frame after
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  const away = await count();
  await page.evaluate(() => {
    scrollTo(0, 0);
    for (const figure of document.querySelectorAll<HTMLElement>('figure')) figure.style.display = 'none';
  });
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  const hidden = await count();
  await page.close();
  return [
    { name: 'animation frames in 1.5 s, in sight', value: seen, unit: '', min: 1 },
    { name: 'animation frames in 1.5 s, out of sight', value: away, unit: '', max: 0 },
    { name: 'animation frames in 1.5 s, hidden', value: hidden, unit: '', max: 0 },
  ];
}

export default async function figure({ site, browser: { path, env }, browserArgs }: BenchContext): Promise<Figure[]> {
  const browser = await chromium.launch({ executablePath: path, env: { ...process.env, ...env }, args: [...browserArgs, '--disable-gpu'] });
  try {
    const page = await mapPage(browser);
    return [
      ...(await underLoad(page)),
      ...(await scrubbing(page)),
      ...(await unseen(browser, site)),
      ...(await wholeFigure(browser, site)),
    ];
  } finally {
    await browser.close();
  }
}
