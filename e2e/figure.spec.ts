// The figure itself: its views, its controls and keys, and its log as a file.
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { axeFaults, BOTH } from './axe.ts';
import { coursePage, expect, holdScript, Lesson, test } from './support.ts';

test.use({ viewport: { width: 1280, height: 1000 } });

/** The lesson's figure with its recording, standing still at its start. */
async function recorded(page: Page): Promise<Lesson> {
  const lesson = await Lesson.open(page);
  await lesson.stage.focus();
  await expect(lesson.slider).toBeEnabled();
  return lesson;
}

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
  const lesson = await recorded(page);
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
  const lesson = await recorded(page);
  await lesson.figure.getByRole('radio', { name: 'Lanes' }).click();
  await expect(lesson.figure.getByRole('alert')).toContainText('could not be loaded');
  await expect(lesson.figure.getByRole('radio', { name: 'Map' })).toBeChecked();
  await expect(lesson.room(1)).toBeVisible();
  await lesson.figure.getByRole('alert').getByRole('button', { name: 'Close' }).click();
  await expect(lesson.figure.getByRole('alert')).toHaveCount(0);
});

test('the text: a line leads to its moment, the arrows go from line to line, and all of it can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const lesson = await recorded(page);
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
  const lesson = await recorded(page);
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
  const lesson = await recorded(page);
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
  const lesson = await recorded(page);
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

test('a log saved from a live run can be loaded again, and the run comes back as it was left', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.run();
  await lesson.button('Send a request').click();
  await expect(lesson.figure.getByRole('button', { name: / 1 served\b/ })).toHaveCount(1);
  await lesson.openMenu();
  const saving = page.waitForEvent('download');
  await lesson.figure.getByRole('button', { name: /^Save the log/ }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toBe('which-worker-live.ndjson');
  await expect(lesson.figure.getByRole('alert')).toContainText('Saved as which-worker-live.ndjson.');
  const path = await file.path();
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ v: 1, kind: 'recording', lesson: 'which-worker' });

  await lesson.button('Pause').click();
  const left = await lesson.clock.textContent();
  await lesson.load(path);
  await expect(lesson.figure.locator('.truth')).toHaveText('recording');
  await expect(lesson.figure.locator('.origin')).toContainText(path.slice(path.lastIndexOf('/') + 1).slice(0, 8));
  await lesson.stage.focus();
  await page.keyboard.press('End');
  await expect(lesson.figure.locator('.sentence')).toContainText('request 1: 200, and the visitor has the answer');
  await lesson.view('Text');
  await expect(lesson.figure.getByText(/^\d+ lines$/)).toBeVisible();
  await lesson.view('Map');

  // what happens meanwhile is not lost
  await lesson.button('Send a request').click();
  await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(2);
  await lesson.button('Back to live').click();
  await expect(lesson.figure.locator('.truth')).toHaveText('live');
  await expect(lesson.clock).toHaveText(left ?? '');
  await expect(lesson.button('Play')).toBeVisible();
  await expect(lesson.figure.locator('.pace')).toHaveText(/^\d+\.\d s behind$/);
  await lesson.button('Jump to live').click();
  await expect(lesson.figure.getByRole('group', { name: /^The visitor\. 2 × 2xx/ })).toBeVisible();
  await expect(lesson.figure.locator('.pace')).not.toHaveText(/behind/);
});

test('a file that is no log is refused with the line, and nothing changes', async ({ page }) => {
  const lesson = await recorded(page);
  await lesson.load({ name: 'bad.ndjson', mimeType: 'text/plain', buffer: Buffer.from('{"v":1,"kind":"recording"}\n') });
  await expect(lesson.figure.getByRole('alert')).toContainText(
    'bad.ndjson is no saved log: trace, line 1: lesson of the header must be text',
  );
  await expect(lesson.figure.locator('.from')).toBeEmpty();
  await expect(lesson.room(1)).toBeVisible();
  await lesson.load({ name: 'text.txt', mimeType: 'text/plain', buffer: Buffer.from('hello\n') });
  await expect(lesson.figure.getByRole('alert')).toContainText('line 1: not JSON');
});

test('in a frame that forbids downloads the log can be copied', async ({ page, baseURL }) => {
  const course = await coursePage(
    `<iframe sandbox="allow-scripts" style="width:1200px;height:900px" src="${baseURL}/lessons/which-worker/"></iframe>`,
  );
  try {
    await page.goto(course.url);
    const lesson = new Lesson(page, page.frameLocator('iframe'));
    await lesson.stage.focus();
    await expect(lesson.slider).toBeEnabled();
    await lesson.openMenu();
    await lesson.figure.getByRole('button', { name: /^Save the log/ }).click();
    await expect(lesson.figure.getByRole('alert')).toContainText('If no file came');
    await lesson.figure.getByRole('button', { name: 'Copy the text' }).click();
    await expect(lesson.figure.getByRole('alert')).toContainText('Copied.');
  } finally {
    course.close();
  }
});

test('with less motion it plays in steps: nothing is ever between two places', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const lesson = await recorded(page);
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
  const lesson = await recorded(page);
  await page.keyboard.press('.');
  const status = lesson.figure.locator('.status');
  await expect(status).toContainText('request 1 leaves the visitor');
  await lesson.button('Play').click();
  await expect(status).toHaveText(/^\d+\.\d{3} s: \d+ answered/, { timeout: 8000 });
});

test('axe finds nothing in any view, in the menu and in the list of keys', async ({ page }) => {
  const lesson = await recorded(page);
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

test('the real servers: fetched when asked for, beside the sandbox on one clock, and no queue is made up for them', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(...(/\/real\.[^/]*ndjson$/.exec(new URL(request.url()).pathname) ?? [])));
  const lesson = await recorded(page);
  const side = (name: string) => lesson.figure.getByRole('radio', { name, exact: true });
  expect(fetched).toEqual([]);
  await side('Both').check();
  await expect(lesson.figure).toContainText(
    /Recording of the real nginx 1\.22\.1 and uWSGI 2\.0\.21 on Linux .*who waits in the queue, nobody can see there/,
  );
  expect(fetched).toHaveLength(1);
  expect(await axeFaults(page, { parts: ['figure'] })).toEqual([]);

  await lesson.view('Text');
  const present = lesson.figure.locator('li[aria-current]');
  await expect(present).toHaveCount(2);
  const before = await present.allTextContents();
  const clock = await lesson.clock.textContent();
  await lesson.figure.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(async () => (await present.allTextContents()).map((text, at) => text !== before[at])).toEqual([true, true]);
  await lesson.figure.getByRole('button', { name: 'Pause', exact: true }).click();
  expect(await lesson.clock.textContent()).not.toBe(clock);
  await page.keyboard.press('End');
  await expect(present).toHaveText([/: 200, and the visitor has the answer/, /: (200, and the visitor has the answer|worker \d is done)/]);

  await lesson.view('Map');
  await expect(lesson.queue).toHaveCount(2);
  await side('Real servers').check();
  await expect(lesson.queue).toHaveAccessibleName(/who waits is not visible, limit 100/);
  await side('Sandbox').check();
  await expect(lesson.queue).toHaveAccessibleName(/0 waiting, limit 100/);
  await expect(lesson.figure).not.toContainText('Recording of the real');
});

test('what a loaded file says stays text in every view', async ({ page }) => {
  const lesson = await recorded(page);
  const header = { v: 1, kind: 'recording', lesson: 'x', scenario: 'x', inputs: '', made: '2026-01-01T00:00:00Z' };
  const evil = '"><img src=x onerror=alert(1)>';
  const request = { type: 'client.request', t: 1, pid: 5, seq: 1, conn: evil, n: 1, method: evil, url: `http://localhost/${evil}` };
  const answer = { type: 'client.response', t: 2, pid: 5, seq: 2, conn: evil, n: 1, status: 200, bytes: 1, server: evil };
  const text = [header, request, answer].map((line) => JSON.stringify(line)).join('\n');
  await lesson.load({ name: 'evil.ndjson', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await expect(lesson.figure.locator('.from')).toHaveText('evil.ndjson');
  for (const view of ['Map', 'Lanes', 'Text', 'Table'] as const) {
    await lesson.view(view);
    await expect(lesson.figure.locator('.other, .stage').filter({ visible: true })).not.toBeEmpty();
    await expect(lesson.figure.locator('img')).toHaveCount(0);
  }
  await expect(lesson.figure.locator('tbody .request')).toHaveText(`${evil} /${evil}`);
});

test("the badge says model for the lecture's map, and what it is in the other views", async ({ page }) => {
  const lesson = await recorded(page);
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
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
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
