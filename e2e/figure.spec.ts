// The figure itself: its views, its controls and keys.
import type { Locator } from '@playwright/test';
import { axeFaults, BOTH } from './axe.ts';
import { expect, holdScript, Lesson, test } from './support.ts';

test.use({ viewport: { width: 1280, height: 1000 } });

/** Steps until the sentence says so. */
async function stepTo(lesson: Lesson, sentence: RegExp): Promise<void> {
  await expect(async () => {
    await lesson.page.keyboard.press('.');
    expect(await lesson.figure.locator('.sentence').textContent()).toMatch(sentence);
  }).toPass({ intervals: [0] });
}

const size = (figure: Locator) => figure.evaluate((one) => [one.clientWidth, one.clientHeight]);

test('every view shows the same moment in the same space, and comes when it is asked for', async ({ page }) => {
  const scripts: string[] = [];
  page.on('request', (request) => scripts.push(new URL(request.url()).pathname));
  const lesson = await Lesson.recorded(page);
  expect(scripts.filter((path) => /\/(lanes|table|files|help)\./.test(path))).toEqual([]);
  const map = await size(lesson.figure);
  await stepTo(lesson, /^worker \d takes request 5/);
  const [, worker] = /worker (\d)/.exec((await lesson.figure.locator('.sentence').textContent()) ?? '') ?? [];

  await lesson.view('Lanes');
  await expect(lesson.figure.getByRole('button', { name: new RegExp(`^worker ${worker}: request 5, /slow`) })).toHaveCount(1);
  expect(await size(lesson.figure)).toEqual(map);

  await lesson.view('Text');
  const present = lesson.figure.locator('li[aria-current]');
  await expect(present).toHaveText(new RegExp(`worker ${worker} takes request 5 from the listen queue`));
  await expect(present).toBeInViewport();
  expect(await size(lesson.figure)).toEqual(map);

  await lesson.view('Table');
  const row = lesson.figure.getByRole('row').filter({ has: page.getByRole('button', { name: /^Open request 5,/ }) });
  await expect(row).toHaveAttribute('aria-current', 'true');
  expect(await size(lesson.figure)).toEqual(map);

  await lesson.view('Map');
  await expect(lesson.room(Number(worker))).toHaveAccessibleName(/busy/);
  expect(await size(lesson.figure)).toEqual(map);
});

test('a view chosen before the script has come is shown as soon as it is there', async ({ page }) => {
  const release = await holdScript(page, 'LessonWorkspace');
  const lesson = await Lesson.open(page);
  await lesson.figure.getByRole('radio', { name: 'Table' }).click();
  release();
  await expect(lesson.figure.getByRole('button', { name: /^Open request 1,/ })).toBeVisible();
  await expect(lesson.figure.getByRole('radio', { name: 'Table' })).toBeChecked();
  await page.goto('/');
  await page.getByRole('figure').getByRole('radio', { name: 'Table' }).check();
  await expect(page.getByRole('figure').getByRole('button', { name: /^Open request 1,/ })).toBeVisible();
});

test('a view that cannot be fetched says so, and the one before stays', async ({ page }) => {
  await page.route('**/assets/lanes*.js', (route) => route.abort());
  const lesson = await Lesson.recorded(page);
  await lesson.figure.getByRole('radio', { name: 'Lanes' }).click();
  await expect(lesson.figure.getByRole('alert')).toContainText('could not be loaded');
  await expect(lesson.figure.getByRole('radio', { name: 'Map' })).toBeChecked();
  await expect(lesson.room(1)).toBeVisible();
  await lesson.figure.getByRole('alert').getByRole('button', { name: 'Close' }).click();
  await expect(lesson.figure.getByRole('alert')).toHaveCount(0);
});

test('the text: a line leads to its moment, the arrows go from line to line, and all of it can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const lesson = await Lesson.recorded(page);
  await lesson.view('Text');
  const list = lesson.figure.getByRole('list', { name: 'What happened' });
  const line = list.getByRole('listitem').filter({ hasText: /request 4: nginx passes it on/ });
  await line.click();
  await expect(line).toHaveAttribute('aria-current', 'true');
  await expect(lesson.figure.locator('.sentence')).toContainText('request 4: nginx passes it on');
  const at = await lesson.clock.textContent();
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await expect(line).not.toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('ArrowUp');
  await expect(lesson.clock).toHaveText(at ?? '');

  await lesson.figure.getByRole('button', { name: 'Copy all' }).click();
  await expect(lesson.figure.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = (await page.evaluate(() => navigator.clipboard.readText())).trim().split('\n');
  expect(copied).toEqual(await list.getByRole('listitem').allTextContents());
});

test('the table sorts and filters', async ({ page }) => {
  const lesson = await Lesson.recorded(page);
  await lesson.view('Table');
  const rows = lesson.figure.locator('tbody tr');
  const numbers = async () => (await rows.locator('th').allTextContents()).map(Number);
  const all = await numbers();
  expect(all).toEqual([...all].sort((a, b) => b - a));
  const heading = lesson.figure.getByRole('columnheader', { name: 'No.' });
  await expect(heading).toHaveAttribute('aria-sort', 'descending');
  await heading.getByRole('button').click();
  await expect(heading).toHaveAttribute('aria-sort', 'ascending');
  expect(await numbers()).toEqual([...all].reverse());
  await lesson.figure.getByRole('combobox', { name: 'Which requests' }).selectOption('Errors');
  await expect(lesson.figure.getByText(/^\d requests?$/)).toHaveText('1 request');
  await expect(rows).toContainText(['502']);
  await lesson.figure.getByRole('combobox', { name: 'Which requests' }).selectOption('Static files');
  await expect(rows).toContainText(['/static/']);
});

test('the lanes move under the pointer and the keys, and lead to a request', async ({ page }) => {
  const lesson = await Lesson.recorded(page);
  await stepTo(lesson, /takes request 8/);
  await lesson.view('Lanes');
  const lanes = lesson.figure.getByRole('group', { name: /^Lanes/ });
  const before = Number(await lesson.slider.inputValue());
  const box = await lanes.boundingBox();
  if (!box) throw new Error('no lanes');
  await page.mouse.move(box.x + 400, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 20, { steps: 4 });
  await page.mouse.up();
  expect(Number(await lesson.slider.inputValue())).toBeGreaterThan(before);
  await lanes.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  expect(Number(await lesson.slider.inputValue())).toBeLessThan(before);
  // what moved is where the drawing says
  await page.keyboard.press('ArrowDown');
  await expect(lanes.locator('[role="button"]:focus')).toHaveAccessibleName(/^(worker \d|visitor): request \d+, \//);
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await lesson.followed()) !== '' || (await page.getByRole('dialog').count()) === 1).toBe(true);
});

test('keys: jumps, marks, the list of keys; and none of them while typing elsewhere', async ({ page }) => {
  const lesson = await Lesson.recorded(page);
  const end = Number(await lesson.slider.getAttribute('max'));
  const at = async () => Number(await lesson.slider.inputValue());
  await page.keyboard.press('5');
  expect(await at()).toBeCloseTo(end / 2, 0);
  await page.keyboard.press('9');
  expect(await at()).toBeCloseTo(end * 0.9, 0);
  await page.keyboard.press('0');
  expect(await at()).toBe(0);
  await page.keyboard.press('l');
  expect(await at()).toBeCloseTo(end, 0);
  await page.keyboard.press('k');
  await expect(lesson.button('Pause')).toBeVisible();
  await page.keyboard.press('k');
  await expect(lesson.button('Play')).toBeVisible();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys of the picture' });
  await expect(help).toContainText('one event back, one event on');
  await page.keyboard.press('Escape');
  await expect(help).toHaveCount(0);
  await expect(lesson.stage).toBeFocused();
  // the slider's arrows are the picture's
  await lesson.slider.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  expect(await at()).toBeCloseTo(1000, 0);
  await expect(lesson.slider).toHaveAttribute('aria-valuetext', /^\d+\.\d{3} s, \w/);
  await lesson.figure.getByRole('radio', { name: 'Map' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(lesson.figure.getByRole('radio', { name: 'Lanes' })).toBeChecked();
  expect(await at()).toBeCloseTo(1000, 0);
});

test('with less motion it plays in steps: nothing is ever between two places', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const lesson = await Lesson.recorded(page);
  await lesson.view('Text');
  const times = new Set((await lesson.figure.locator('li').allTextContents()).map((line) => line.slice(0, line.indexOf(':'))));
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    const clock = document.querySelector('figure .clock');
    new MutationObserver(() => seen.add(clock?.textContent ?? '')).observe(clock as Node, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await lesson.button('Play').click();
  const seen = () => page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen]);
  await expect.poll(async () => (await seen()).length).toBeGreaterThan(6);
  await lesson.button('Pause').click();
  expect((await seen()).slice(0, -1).filter((time) => !times.has(time))).toEqual([]);
});

test('while it plays, what is read aloud is a summary, never a request', async ({ page }) => {
  const lesson = await Lesson.recorded(page);
  await page.keyboard.press('.');
  const status = lesson.figure.locator('.status');
  await expect(status).toContainText('request 1 leaves the visitor');
  await lesson.button('Play').click();
  await expect(status).toHaveText(/^\d+\.\d{3} s: \d+ answered/, { timeout: 8000 });
});

test('axe finds nothing in any view, in the menu and in the list of keys', async ({ page }) => {
  const lesson = await Lesson.recorded(page);
  await stepTo(lesson, /takes request 5/);
  for (const view of ['Lanes', 'Text', 'Table'] as const) {
    await lesson.view(view);
    expect(await axeFaults(page, { parts: ['figure'], sizes: BOTH }), view).toEqual([]);
  }
  await lesson.openMenu();
  expect(await axeFaults(page, { parts: ['figure'] })).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  expect(await axeFaults(page, { parts: ['.figure-keys'] })).toEqual([]);
});

test("the badge says model for the lecture's map, and what it is in the other views", async ({ page }) => {
  const lesson = await Lesson.recorded(page);
  const badge = lesson.figure.locator('figcaption .truth');
  await expect(badge).toHaveText('recording');
  await lesson.figure.getByRole('radio', { name: 'The lecture’s version' }).check();
  await expect(badge).toHaveText('model');
  await lesson.view('Table');
  await expect(badge).toHaveText('recording');
  await lesson.view('Map');
  await expect(badge).toHaveText('model');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('enlarged, everything fits: the choices in one row, the buttons above the tabs', async ({ page }) => {
    const lesson = await Lesson.open(page);
    await lesson.button('Enlarge the picture').click();
    await expect(lesson.button('Shrink the picture')).toBeVisible();
    await expect(lesson.figure.locator('.views')).toBeVisible();
    const top = async (part: Locator): Promise<number> => Math.round((await part.boundingBox())?.y ?? Number.NaN);
    const row = await top(lesson.figure.locator('.views'));
    expect(await top(lesson.figure.locator('.menu'))).toBe(row);
    expect(await top(lesson.figure.locator('.enlarge'))).toBe(row);
    const tabs = await top(page.getByRole('tablist').filter({ has: page.getByRole('tab', { name: 'Browser' }) }));
    const last = await lesson.button('Send 8 at once').boundingBox();
    expect((last?.y ?? Number.NaN) + (last?.height ?? 0)).toBeLessThanOrEqual(tabs);
    for (const width of [360, 320]) {
      await page.setViewportSize({ width, height: 740 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  });
});

test('on paper the figure is the picture and its sentence, with nothing to press', async ({ page }) => {
  await page.goto('/');
  const figure = page.getByRole('figure').first();
  await expect(figure.getByRole('button', { name: /^(Play|Pause)$/ })).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(figure.locator('.bar')).toBeHidden();
  await expect(figure.locator('.tools')).toBeHidden();
  await expect(figure.locator('.map').first()).toBeVisible();
  await expect(figure.locator('.sentence')).toBeVisible();
});
