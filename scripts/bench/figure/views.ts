/** The figure whole, as the home page has it: a long log is loaded into it as a file, and dragged through in every view. */
import type { Browser } from '@playwright/test';
import { TRACE_VERSION } from '../../../sandboxes/host/events.ts';
import { type Figure, percentile } from '../../lib/figures.ts';
import { longLog } from './long-log.ts';

const VIEWS = ['Map', 'Lanes', 'Text', 'Table', 'IIS'] as const;
const FRAMES = 120;

/** Milliseconds of work for each of so many moves of the slider, one a frame, all over the log. */
async function drag(frames: number): Promise<number[]> {
  const slider = document.querySelector<HTMLInputElement>('figure [type="range"]');
  if (!slider) throw new Error('no slider');
  const work: number[] = [];
  for (let i = 0; i < frames; i++) {
    await new Promise(requestAnimationFrame);
    slider.valueAsNumber = (Number(slider.max) * ((i * 61) % frames)) / frames;
    const begun = performance.now();
    slider.dispatchEvent(new Event('input'));
    work.push(performance.now() - begun);
  }
  return work;
}

/** Loading 100,000 events from a file until the figure shows them, and dragging through them. */
export async function wholeFigure(browser: Browser, site: string): Promise<Figure[]> {
  const log = longLog();
  const header = { v: TRACE_VERSION, kind: 'recording', lesson: 'bench', scenario: 'long', inputs: '', made: '' } as const;
  const buffer = Buffer.from(log.serialise(header));
  const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  const figure = page.locator('figure').first();
  await page.goto(site, { waitUntil: 'networkidle' });
  await figure.locator('.map').first().waitFor();
  await figure.locator('.play').click();
  const figures: Figure[] = [{ name: 'the whole figure: events', value: log.events.length, unit: '', min: 100_000 }];
  await figure.locator('[type="file"]').setInputFiles({ name: 'long.ndjson', mimeType: 'application/x-ndjson', buffer });
  await figure.getByText('long.ndjson').first().waitFor();
  for (const view of VIEWS) {
    await figure.getByRole('radio', { name: view, exact: true }).first().check();
    // the first move in a view builds it
    await page.evaluate(drag, 2);
    const work = await page.evaluate(drag, FRAMES);
    figures.push({
      name: `dragging, ${view}: frame work, p95`,
      value: percentile(work, 0.95),
      unit: 'ms',
      max: 16,
    });
  }
  await page.close();
  return figures;
}
