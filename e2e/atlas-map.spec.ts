// The map itself in a browser: keys, clicks, the lecture's version, crowds, paper and forced colours. Its states are those of the atlas.
import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { bundle } from '../scripts/engine/bundle.ts';
import { at } from '../scripts/lib/paths.ts';
import type { TheMap } from './atlas-map/page.ts';

declare const theMap: TheMap;

let script = '';
test.beforeAll(async () => {
  script = (await bundle('e2e/atlas-map/page.ts', { format: 'iife', platform: 'browser' })) ?? '';
});

/** A page with the map of a state, and nothing else. */
async function open(page: Page, state: string): Promise<Locator> {
  const parts = ['stage', 'nodes', 'lines', 'other'].map((part) => `src/diagram/css/${part}.css`);
  const css = ['src/styles/tokens.css', ...parts].map((file) => readFileSync(at(file), 'utf8')).join('\n');
  await page.setContent(
    `<!doctype html><title>Map</title><style>${css} .stage { width: 900px }</style><main><div class="stage"></div></main>`,
  );
  await page.addScriptTag({ content: script });
  await page.evaluate((id) => theMap.show(id), state);
  return page.locator('.map:not(.leaving)');
}

const chosen = (page: Page): Promise<readonly string[]> => page.evaluate(() => theMap.chosen);

test('arrow keys walk along the lines, and Enter chooses the worker', async ({ page }) => {
  const map = await open(page, 'saturated');
  const focused = map.locator('[data-node]:focus');
  await page.keyboard.press('Tab');
  await expect(focused).toHaveAccessibleName(/^The visitor/);
  const ways: [string, RegExp][] = [
    ['ArrowRight', /^nginx, the gate/],
    ['ArrowDown', /^Shelf/],
    ['ArrowUp', /^nginx, the gate/],
    ['ArrowRight', /^Listen queue/],
    ['ArrowRight', /^worker 1 busy 47 ms .* request 47$/],
    ['ArrowDown', /^worker 2 busy/],
    ['ArrowRight', /^worker 2 busy/],
    ['ArrowUp', /^worker 1 busy/],
    ['ArrowUp', /^uWSGI master/],
    ['ArrowLeft', /^Listen queue/],
  ];
  for (const [key, name] of ways) {
    await page.keyboard.press(key);
    await expect(focused).toHaveAccessibleName(name);
  }
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  expect(await chosen(page)).toEqual(['{"worker":1}']);
});

test('a click on a dot chooses its request', async ({ page }) => {
  await open(page, 'one');
  const dot = await page.locator('.mark').boundingBox();
  if (!dot) throw new Error('no dot');
  await page.mouse.click(dot.x + dot.width / 2, dot.y + dot.height / 2);
  expect(await chosen(page)).toEqual(['{"request":"c1/1"}']);
});

test('the lecture and what really happens are exchanged without a jump, and the focus stays', async ({ page }) => {
  const map = await open(page, 'saturated');
  await map.locator('[data-node="w2"]').focus();
  await page.evaluate(() => theMap.tell('lecture'));
  await expect(map).toHaveAttribute('data-version', 'lecture');
  await expect(map.getByRole('group', { name: /manager of the lecture, a model/ })).toBeVisible();
  await expect(map.locator('[data-node="w2"]')).toBeFocused();
  await expect(page.locator('.leaving')).toHaveCount(0);
  await page.keyboard.press('ArrowLeft');
  await expect(map.locator('[data-node]:focus')).toHaveAccessibleName(/manager/);
  await page.evaluate(() => theMap.tell('real'));
  await expect(map.getByRole('group', { name: /^uWSGI master/ })).toBeFocused();
  await expect(page.locator('.map')).toHaveCount(1);
});

test('with less motion the other version is there at once', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, 'saturated');
  const maps = await page.evaluate(() => {
    theMap.tell('lecture');
    return document.querySelectorAll('.map').length;
  });
  expect(maps).toBe(1);
});

test('a crowd is a canvas, in forced colours it is SVG, and bands say their rate', async ({ page }) => {
  const map = await open(page, 'bands');
  await expect(map.locator('canvas')).toHaveCount(1);
  await expect(map.getByText(/^→ \d+\/s$/)).toBeVisible();
  await expect(map.locator('[data-node="visitor"]')).toHaveAccessibleName(/on their way to the gate, \d+ a second/);
  await page.emulateMedia({ forcedColors: 'active' });
  await expect(map.locator('canvas')).toHaveCount(0);
  await expect(map.locator('.dots .dot').first()).toBeVisible();
});

test('on paper the moment is SVG, whatever it is on the screen', async ({ page }) => {
  for (const state of ['one', 'bands']) {
    const map = await open(page, state);
    await page.emulateMedia({ media: 'print' });
    await expect(map.locator('.dots .dot').first()).toBeVisible();
    await expect(map.locator('.mark, canvas')).toHaveCount(0);
    await page.emulateMedia({ media: 'screen' });
    await expect(map.locator('.dots .dot')).toHaveCount(0);
    await expect(map.locator('.mark, canvas').first()).toBeVisible();
  }
});
