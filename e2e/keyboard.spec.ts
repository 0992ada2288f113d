// Without a mouse, with less motion, and for assistive technology.
import type { Page } from '@playwright/test';
import { axeFaults, BOTH } from './axe.ts';
import { test as alone, expect, Lesson, SITE_CONFIG, testAgain as test } from './support.ts';

test.use({ viewport: { width: 1280, height: 1000 } });

/** More stops than the page has. */
const STOPS = 250;

/** Presses Tab from the first stop until the focus leaves the page or is at the first again; the names of the stops. In the terminal Esc comes first. */
async function tabThrough(page: Page): Promise<string[]> {
  await page.getByRole('link', { name: 'Skip to the text' }).focus();
  const stops: string[] = [];
  const seen = await page.evaluateHandle(() => new Set<Element>());
  for (let i = 0; i < STOPS; i++) {
    const stop = await seen.evaluate((all) => {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement) return null;
      const [first] = all;
      if (element === first) return null;
      if (all.has(element)) return `TRAP ${element.outerHTML.slice(0, 80)}`;
      all.add(element);
      const box = element.getBoundingClientRect();
      const seenBySomebody = box.width > 0 && box.height > 0 && getComputedStyle(element).visibility === 'visible';
      const label = element.getAttribute('aria-label') ?? element.textContent ?? '';
      return `${seenBySomebody ? '' : 'HIDDEN '}${element.tagName.toLowerCase()} ${label.trim().replace(/\s+/g, ' ').slice(0, 60)}`;
    });
    if (stop === null) return stops;
    stops.push(stop);
    if (stop.startsWith('TRAP')) return stops;
    if (stop.includes('Terminal input')) await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
  }
  return stops;
}

test('by keyboard: run, send, open the terminal, type; Esc, then Tab leaves it, and goes all the way through', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.runButton.focus();
  await page.keyboard.press('Enter');
  await lesson.started();
  await page.keyboard.press('Tab');
  await expect(lesson.button('Send a request')).toBeFocused();
  await page.keyboard.press('Space');
  await expect(lesson.answers.first()).toContainText('200 OK');
  await lesson.work.getByRole('tab', { name: 'Browser' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(lesson.work.getByRole('tab', { name: 'Terminal' })).toBeFocused();
  await expect(lesson.panel('Terminal')).toBeVisible();
  await lesson.type('curl localhost/');
  await expect.poll(() => lesson.screen()).toContainEqual(expect.stringMatching(/^Hello from worker [1-4]/));
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(lesson.panel('Terminal').locator('summary')).toBeFocused();
  await lesson.prompted();

  // Tab alone belongs to the shell
  await lesson.terminal.focus();
  await page.keyboard.press('Tab');
  await expect(lesson.terminal).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Tab');
  await expect(lesson.terminal).not.toBeFocused();

  const stops = await tabThrough(page);
  expect(stops.filter((stop) => /^(TRAP|HIDDEN)/.test(stop))).toEqual([]);
  for (const part of [
    /^a Skip to the text$/,
    /^a Skip to the server$/,
    /^button Send a request$/,
    /^input/,
    /^button Pause$/,
    /Space plays/,
    /^g The visitor/,
    /^button Restart servers$/,
    /^button Terminal$/,
    /^textarea Terminal input$/,
    /Server log/,
  ])
    expect(stops).toContainEqual(expect.stringMatching(part));
  // what comes after the terminal comes after it
  const at = (part: RegExp) => stops.findIndex((stop) => part.test(stop));
  expect(at(/Server log/)).toBeGreaterThan(at(/Terminal input/));
});

test('Tab goes all the way through with the editor open', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.openFile(SITE_CONFIG);
  const stops = await tabThrough(page);
  expect(stops.filter((stop) => /^(TRAP|HIDDEN)/.test(stop))).toEqual([]);
  const at = (part: RegExp) => stops.findIndex((stop) => part.test(stop));
  expect(at(/^button Files$/)).toBeGreaterThan(0);
  expect(at(new RegExp(`^div ${SITE_CONFIG}`))).toBeGreaterThan(at(/^button Files$/));
  expect(at(/^button Run with these files$/)).toBeGreaterThan(at(new RegExp(`^div ${SITE_CONFIG}`)));
});

test('keys of the figure: play, step, seek, speed, and from node to node', async ({ page }) => {
  const lesson = await Lesson.open(page);
  const stage = lesson.figure.getByRole('group', { name: /Space plays/ });
  const slider = lesson.figure.getByRole('slider', { name: 'Time' });
  await stage.focus();
  await expect(slider).toBeEnabled();
  await page.keyboard.press('.');
  await expect(lesson.figure.locator('.sentence')).toContainText('request 1 leaves the visitor');
  const first = await lesson.clock.textContent();
  await page.keyboard.press('.');
  await expect(lesson.clock).not.toHaveText(first ?? '');
  await page.keyboard.press(',');
  await expect(lesson.figure.locator('.sentence')).toContainText('request 1 leaves the visitor');
  await page.keyboard.press('Space');
  await expect(lesson.button('Pause')).toBeVisible();
  await page.keyboard.press('Space');
  await expect(lesson.button('Play')).toBeVisible();

  await page.keyboard.press('End');
  const end = Number(await slider.inputValue());
  expect(end).toBeCloseTo(Number(await slider.getAttribute('max')), 3);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => Number(await slider.inputValue())).toBeCloseTo(end - 1000, 0);
  await page.keyboard.press('Home');
  await expect.poll(async () => Number(await slider.inputValue())).toBe(0);
  const speed = lesson.figure.getByRole('combobox', { name: 'Speed' });
  await page.keyboard.press('>');
  await expect(speed).toHaveValue('2');
  await page.keyboard.press('<');
  await page.keyboard.press('<');
  await expect(speed).toHaveValue('0.5');

  await page.keyboard.press('Tab');
  await expect(lesson.figure.getByRole('group', { name: /^The visitor/ })).toBeFocused();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await expect(lesson.room(1)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(lesson.room(2)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(lesson.room(1)).toBeFocused();
});

test.describe('with less motion', () => {
  test('dots jump from place to place; with motion they glide', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const lesson = await Lesson.open(page);
    await lesson.run();
    await page.evaluate(() => {
      const places = new Set<string>();
      Object.assign(window, { places });
      const look = (): void => {
        for (const dot of document.querySelectorAll('figure .dot-number')) {
          const { x, y } = dot.getBoundingClientRect();
          places.add(`${Math.round(x)} ${Math.round(y)}`);
        }
        requestAnimationFrame(look);
      };
      look();
    });
    /** At how many places a request is seen, which is the so manieth. */
    const placesOf = async (request: number): Promise<number> => {
      await page.evaluate(() => (window as unknown as { places: Set<string> }).places.clear());
      await lesson.button('Send a request').click();
      await expect(lesson.figure.getByRole('group', { name: new RegExp(`^The visitor\\. ${request} × 2xx`) })).toBeVisible();
      return page.evaluate(() => (window as unknown as { places: Set<string> }).places.size);
    };
    const jumping = await placesOf(1);
    expect(jumping).toBeGreaterThan(2);
    // a request has eleven stages, so it cannot stand at more places than that
    expect(jumping).toBeLessThanOrEqual(11);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await placesOf(2)).toBeGreaterThan(22);
  });

  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    test(`the home page ${reducedMotion === 'reduce' ? 'waits to be started' : 'plays by itself'} (${reducedMotion})`, async ({ page }) => {
      await page.emulateMedia({ reducedMotion });
      await page.goto('/');
      const figure = page.getByRole('figure');
      await expect(figure.getByRole('slider', { name: 'Time' })).toBeEnabled();
      if (reducedMotion === 'reduce') {
        await expect(figure.getByRole('button', { name: 'Play' })).toBeEnabled();
        await figure.getByRole('button', { name: 'Step forward' }).click();
        await expect(figure.locator('.sentence')).not.toBeEmpty();
      } else await expect(figure.getByRole('button', { name: 'Pause' })).toBeVisible();
    });
  }
});

test.describe('axe finds nothing', () => {
  test('before Run, while requests are under way, with traffic, terminal and files open, and with a complaint at a line', async ({
    page,
  }) => {
    test.setTimeout(150_000);
    const lesson = await Lesson.open(page);
    await test.step('before Run', async () => {
      await lesson.view('Text');
      await expect(lesson.figure.getByRole('list', { name: 'What happened' })).toBeVisible();
      expect(await axeFaults(page, { parts: ['#work'], sizes: BOTH })).toEqual([]);
      await lesson.view('Map');
      expect(await axeFaults(page, { sizes: BOTH })).toEqual([]);
    });
    await test.step('while requests are under way', async () => {
      await lesson.run();
      await lesson.button('Send a request').click();
      await expect(lesson.answers.first()).toContainText('200 OK');
      await lesson.answers.first().getByText('200 OK').click();
      // longer than axe looks, also on a busy machine
      await page.evaluate(() => window.dispatchEvent(new CustomEvent('ftr:send', { detail: { url: '/slow?ms=40000', count: 1 } })));
      await expect(lesson.answers.first()).toContainText('Waiting');
      expect(await axeFaults(page, { parts: ['#work'], sizes: BOTH })).toEqual([]);
      await expect(lesson.answers.first()).toContainText('Waiting');
    });
    await test.step('with traffic and the terminal open', async () => {
      await lesson.text.getByRole('button', { name: 'Run ps aux' }).click();
      await expect.poll(() => lesson.screen()).toContainEqual(expect.stringMatching(/uwsgi --ini/));
      expect(await axeFaults(page, { parts: ['#work'], sizes: BOTH })).toEqual([]);
      await lesson.type('curl localhost/');
      await lesson.openTab('Traffic');
      // the header, two from the browser, one from the terminal
      await expect(lesson.panel('Traffic').getByRole('row')).toHaveCount(4);
      expect(await axeFaults(page, { parts: ['#work'], sizes: BOTH })).toEqual([]);
    });
    await test.step('with the files open and a complaint at a line', async () => {
      await lesson.edit(SITE_CONFIG, 'server_name', 'servername');
      await lesson.save();
      await lesson.failure.getByRole('button', { name: `Open ${SITE_CONFIG} at line 3` }).click({ timeout: 30_000 });
      await expect(lesson.panel('Files').locator('.cm-lint-marker-error')).toHaveCount(1);
      expect(await axeFaults(page, { parts: ['#work'], sizes: BOTH })).toEqual([]);
    });
  });

  // with nothing kept of an earlier start
  alone('after a start that failed', async ({ page }) => {
    await page.route('**/engine/python-stdlib*', (route) => route.abort());
    const lesson = await Lesson.open(page);
    await lesson.runButton.click();
    await expect(lesson.failure).toContainText('The sandbox could not be loaded');
    expect(await axeFaults(page, { parts: ['#work'], sizes: BOTH })).toEqual([]);
  });
});
