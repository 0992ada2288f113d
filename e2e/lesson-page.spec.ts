// The page around the work area, of every lesson: pairs, steps and what is remembered of them, task, quiz, sources, the way on.
import type { Locator, Page } from '@playwright/test';
import { axeFaults } from './axe.ts';
import { builtPages } from './pages.ts';
import { expect, holdScript, LESSON, Lesson, openMenu, test } from './support.ts';

const LESSONS = builtPages().filter((path) => /^\/lessons\/.+/.test(path));

test.use({ viewport: { width: 1440, height: 900 } });

/** Scrolls on a little at a time until the end of `part` is in the middle of the window, as a reader does. */
async function readTo(part: Locator): Promise<void> {
  await part.evaluate(async (element) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    for (let y = scrollY; element.getBoundingClientRect().bottom > innerHeight * 0.5; y += 150) {
      scrollTo(0, y);
      await frame();
      if (y > document.documentElement.scrollHeight) throw new Error('the page ended before');
    }
    await frame();
  });
}

const steps = (page: Page) => page.locator('.step');
const readSteps = (page: Page) => page.getByRole('link', { name: /^Link to step \d+, read$/ });
const counted = (page: Page) => page.locator('.top-bar').getByText(/^\d+ of \d+ steps read$/);

/** Sum of all layout shifts so far. */
async function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          resolve(list.getEntries().reduce((sum, entry) => sum + (entry as PerformanceEntry & { value: number }).value, 0));
        }).observe({ type: 'layout-shift', buffered: true });
        // without a shift nothing is ever reported
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)));
      }),
  );
}

/** Each marked line of a pair with the focus on it: which lines are lit, which notes are shown, and how large the pair is. In one go: there are hundreds. */
function focusEach(pair: Locator): Promise<{ n: string; lit: string[]; notes: string[]; size: string }[]> {
  return pair.evaluate(async (element) => {
    const seen = [];
    for (const marker of element.querySelectorAll<HTMLElement>('a.marker')) {
      // without a scroll, by which the pointer would come over another line
      marker.focus({ preventScroll: true });
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const { n = '' } = marker.dataset;
      const lit = [...element.querySelectorAll('.line.on')].map((line) => (line.querySelector(`a.marker[data-n="${n}"]`) ? n : 'another'));
      const notes = [...element.querySelectorAll('li')]
        .filter((note) => note.checkVisibility({ visibilityProperty: true }))
        .map(({ innerText }) => innerText);
      const { width, height } = element.getBoundingClientRect();
      seen.push({ n, lit, notes, size: `${width} × ${height}` });
    }
    return seen;
  });
}

/** The elements of that selector which cannot be seen; of none at all, that. */
function unseen(within: Locator, selector: string): Promise<string[]> {
  return within.evaluate((element, wanted) => {
    const all = [...element.querySelectorAll(wanted)];
    return all.length === 0
      ? [`no ${wanted}`]
      : all.filter((one) => !one.checkVisibility({ visibilityProperty: true })).map((one) => one.outerHTML);
  }, selector);
}

test('there are lessons', () => {
  expect(LESSONS.length).toBeGreaterThan(0);
});

// Words and colours differ from lesson to lesson.
for (const path of LESSONS) {
  test.describe(path, () => {
    test('pairs light up and nothing moves; sources open; axe finds nothing in that', async ({ page }) => {
      await page.goto(path);
      for (const pair of await page.locator('.pair').all()) {
        await pair.scrollIntoViewIfNeeded();
        await page.mouse.move(0, 0);
        const seen = await focusEach(pair);
        expect(seen.length).toBeGreaterThan(1);
        for (const { n, lit, notes, size } of seen) {
          expect(lit, `line ${n} and its counterpart`).toEqual([n, n]);
          expect(notes, `the note of line ${n}`).toEqual([expect.stringMatching(/[=≈≠]\s+(same|close|different)\b/)]);
          expect(size).toEqual(seen[0]?.size);
        }
        const [python, iis] = [pair.getByRole('figure').nth(0), pair.getByRole('figure').nth(1)];
        await python.getByRole('link', { name: 'Line 1: ' }).hover();
        await expect(iis.locator('.line.on').getByRole('link', { name: 'Line 1: ' })).toBeVisible();
        await expect(pair.locator('.line.on')).toHaveCount(2);
        await expect(pair.getByRole('listitem')).toHaveCount(1);
      }
      const facts = page.locator('details.facts');
      await expect(facts.getByRole('listitem').first()).toBeHidden();
      await facts.getByText('Where this is from').click();
      for (const fact of await facts.getByRole('listitem').all()) await expect(fact).toContainText(/documented|measured|source code/);
      await page.locator('.quiz').getByRole('radio').first().check();
      for (const pair of await page.locator('.pair').all()) await pair.locator('a.marker').first().focus();
      expect(await axeFaults(page, { parts: ['main', '.top-bar'] })).toEqual([]);
    });

    test.describe('without JavaScript', () => {
      test.use({ javaScriptEnabled: false });

      test('everything can be read', async ({ page }) => {
        await page.goto(path);
        const task = page.getByRole('region', { name: 'Your task' });
        await task.locator('summary').click();
        const question = page.locator('.quiz').getByRole('group').first();
        await question.getByRole('radio').first().check();
        for (const width of [360, 1440]) {
          await page.setViewportSize({ width, height: 800 });
          for (const pair of await page.locator('.pair').all()) {
            expect(await unseen(pair, 'li')).toEqual([]);
            const targets = await pair.locator('a.marker').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
            expect(targets.length).toBeGreaterThan(1);
            expect(await unseen(page.locator('body'), [...new Set(targets)].join())).toEqual([]);
            // a selector of many is content with one
            await expect(page.locator([...new Set(targets)].join())).toHaveCount(new Set(targets).size);
          }
          await expect(task.getByRole('listitem').first()).toBeVisible();
          await expect(task.locator('details li').first()).toBeVisible();
          await expect(question.locator('.whys p:visible')).toHaveCount(1);
          await expect(page.getByRole('figure').first()).toBeVisible();
          // what could do nothing is not there
          await expect(page.getByRole('button', { name: /Copy the link|Start this lesson over|Open the checks/ })).toHaveCount(0);
        }
      });
    });
  });
}

// What a page does is the same code in all of them.
test.describe(`the page of a lesson: ${LESSON}`, () => {
  test('its parts have roles and names, by which assistive technology finds them', async ({ page }) => {
    const lesson = await Lesson.open(page);
    await expect(page.getByRole('main')).toHaveCount(1);
    const work = page.getByRole('region', { name: 'The server' });
    await expect(work).toHaveId('work');
    await expect(work.getByRole('figure')).toHaveCount(1);
    for (const name of ['Browser', 'Terminal', 'Files', 'Traffic', 'Check']) {
      await lesson.openTab(name);
      await expect(work.getByRole('tabpanel')).toHaveCount(1);
      await expect(lesson.panel(name)).toHaveRole('tabpanel');
      await expect(lesson.panel(name)).toHaveAccessibleName(new RegExp(`^${name}`));
    }
  });

  test('pairs by keyboard: arrows go along a side and across', async ({ page }) => {
    await page.goto(LESSON);
    for (const pair of await page.locator('.pair').all()) {
      const [python, iis] = [pair.getByRole('figure').nth(0), pair.getByRole('figure').nth(1)];
      const first = python.locator('a.marker').first();
      await first.focus();
      const n = await first.getAttribute('data-n');
      await expect(pair.getByRole('listitem')).toHaveAttribute('id', new RegExp(`-${n}$`));
      await expect(first).toHaveAccessibleDescription(/(same|close|different) ./);
      await page.keyboard.press('ArrowRight');
      await expect(iis.locator(`a.marker[data-n="${n}"]`)).toBeFocused();
      await page.keyboard.press('ArrowLeft');
      await expect(first).toBeFocused();
      if ((await python.locator('a.marker').count()) > 1) {
        await page.keyboard.press('ArrowDown');
        await expect(python.locator('a.marker').nth(1)).toBeFocused();
        await expect(pair.locator('.line.on')).toHaveCount(2);
        await page.keyboard.press('Shift+Tab');
        await expect(first).toBeFocused();
      }
    }
  });

  test('a step that was read stays read, one that was jumped over does not count', async ({ page }) => {
    await page.goto(LESSON);
    const count = await steps(page).count();
    await expect(counted(page)).toHaveText(`0 of ${count} steps read`);
    await readTo(steps(page).nth(0));
    await expect(counted(page)).toHaveText(`1 of ${count} steps read`);
    await page.reload();
    await expect(readSteps(page)).toHaveCount(1);
    await page.goto(`${LESSON}#step-${count}`);
    await page.reload();
    await expect(page.locator(`#step-${count}`)).toBeInViewport();
    await readTo(steps(page).nth(count - 1));
    await expect(readSteps(page)).toHaveCount(2);
  });

  test('doing what a step asks for counts as well', async ({ page }) => {
    const release = await holdScript(page, 'LessonWorkspace');
    await page.goto(LESSON);
    const step = steps(page).filter({ has: page.locator('.do') });
    for (const one of (await step.all()).slice(0, 1)) {
      await one.locator('.do button').first().click();
      await expect(one.getByRole('link', { name: /^Link to step \d+, read$/ })).toBeVisible();
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    release();
  });

  test('coming back, there is an offer to go on; it can be sent away', async ({ page }) => {
    await page.goto(LESSON);
    await expect(page.getByText(/^Go on at step/)).toBeHidden();
    await readTo(steps(page).nth(0));
    await page.goto('/');
    await page.goto(LESSON);
    const offer = page.getByRole('link', { name: 'Go on at step 2' });
    await offer.click();
    await expect(page.locator('#step-2')).toBeInViewport();
    await expect(offer).toBeHidden();
    await page.goto('/');
    await page.goto(LESSON);
    // it lies over the text and pushes nothing away
    expect(await layoutShift(page)).toBeLessThan(0.01);
    expect(await axeFaults(page, { parts: ['main', '.top-bar'] })).toEqual([]);
    // and over no work
    await page.setViewportSize({ width: 360, height: 740 });
    const terminal = page.getByRole('tab', { name: 'Terminal' });
    await terminal.click();
    await expect(offer).toBeHidden();
    await terminal.click();
    await expect(offer).toBeVisible();
    await page.getByRole('button', { name: 'Not now' }).click();
    await expect(offer).toBeHidden();
    // whoever comes by a link to a step wants that step
    await page.goto('/');
    await page.goto(`${LESSON}#step-2`);
    await expect(readSteps(page)).toHaveCount(1);
    await expect(offer).toBeHidden();
  });

  for (const [kind, width, height] of [
    ['wide', 1440, 900],
    ['a phone', 360, 740],
    ['a phone on its side', 740, 360],
  ] as const) {
    test(`a link to a step ends where the step can be read, ${kind}`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      for (let n = 1; n <= 3; n++) {
        await page.goto('/404.html');
        await page.goto(`${LESSON}#step-${n}`);
        const heading = page.locator(`#step-${n}`).getByRole('heading', { level: 2 });
        await expect(heading).toBeInViewport({ ratio: 1 });
        // nothing lies over it
        const hit = await heading.evaluate((element) => {
          const { x, y, bottom } = element.getBoundingClientRect();
          return [y + 3, bottom - 3].every((at) => element.contains(document.elementFromPoint(x + 3, at)));
        });
        expect(hit, `step ${n}`).toBe(true);
      }
    });
  }

  test('the link to a step can be copied', async ({ page, context, baseURL }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(LESSON);
    const button = page.getByRole('button', { name: 'Copy the link to step 2' });
    await button.click();
    await expect(page.locator('#step-2').getByText('Link copied')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${baseURL}${LESSON}#step-2`);
  });

  test('the task asks for the checks', async ({ page }) => {
    const release = await holdScript(page, 'LessonWorkspace');
    await page.goto(LESSON);
    const asked = page.evaluate(() => new Promise((resolve) => window.addEventListener('ftr:checks', () => resolve(true), { once: true })));
    await page.getByRole('region', { name: 'Your task' }).getByRole('button', { name: 'Open the checks' }).click();
    expect(await asked).toBe(true);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    release();
  });

  test('every answer of the quiz explains itself; start over forgets, undo remembers', async ({ page }) => {
    await page.goto(LESSON);
    await readTo(steps(page).nth(0));
    await expect(readSteps(page)).toHaveCount(1);
    const questions = await page.locator('.quiz').getByRole('group').all();
    for (const question of questions) {
      for (const radio of await question.getByRole('radio').all()) {
        await radio.check();
        await expect(question.locator('.whys p:visible')).toHaveCount(1);
        await expect(question.locator('.whys p:visible')).toHaveText(/^(Right|Not quite)\. .{20}/);
      }
      await expect(question.getByText('Right.', { exact: true })).toHaveCount(1);
    }
    await page.reload();
    await expect(page.locator('.quiz').getByRole('radio', { checked: true })).toHaveCount(questions.length);
    await page.getByRole('button', { name: 'Start this lesson over' }).click();
    await expect(page.locator('.quiz').getByRole('radio', { checked: true })).toHaveCount(0);
    await expect(readSteps(page)).toHaveCount(0);
    // a second press would leave Undo nothing to bring back
    await expect(page.getByRole('button', { name: 'Start this lesson over' })).toBeDisabled();
    await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.locator('.quiz').getByRole('radio', { checked: true })).toHaveCount(questions.length);
    await expect(readSteps(page)).not.toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Start this lesson over' })).toBeFocused();
  });
});

test.describe('the list of lessons', () => {
  test('names the whole course in order, and leads to what is there', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('link', { name: /^All lessons/ }).click();
    await expect(page).toHaveURL(/\/lessons\/$/);
    const items = page.locator('main ol > li');
    await expect(items).toHaveCount(15);
    const numbers = await items.locator('.station, .planned').allTextContents();
    expect(numbers.map((text) => Number(text.replace(/\D/g, '')))).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
    const links = page.getByRole('main').getByRole('heading', { level: 2 }).getByRole('link');
    const addresses = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).pathname));
    expect([...addresses].sort()).toEqual(LESSONS);
    // the capstone follows no part of it
    const inLecture = LESSONS.filter((path) => path !== '/lessons/keep-it-up/');
    await expect(page.getByRole('link', { name: /^follows the lecture from \d+:\d\d to \d+:\d\d$/ })).toHaveCount(inLecture.length);
    await expect(items.filter({ hasText: '(in the making)' })).toHaveCount(15 - LESSONS.length);
  });

  test('shows how far you are, without a jump, also when another tab goes on', async ({ page, context }) => {
    const [path = ''] = LESSONS;
    await page.goto('/lessons/');
    const item = page.getByRole('listitem').filter({ has: page.locator(`a[href="..${path}"]`) });
    await expect(item).toContainText('Not begun');
    const other = await context.newPage();
    await other.goto(path);
    await readTo(steps(other).nth(0));
    await expect(item).toContainText(/1 of \d+ steps read, 0 of \d+ checks? passed, 0 of \d+ questions? answered right/);
    await page.reload();
    await expect(item).toContainText('1 of ');
    expect(await layoutShift(page)).toBe(0);
    // as it is when everything was done
    const { slug, checks, questions } = await item.evaluate((element) => ({ ...(element as HTMLElement).dataset }));
    const answers = Object.fromEntries(
      Array.from({ length: Number(questions) }, (_, n) => [n, { chosen: 0, right: true, firstTry: true }]),
    );
    await page.evaluate(
      (text) => localStorage.setItem('ftr:progress', text),
      JSON.stringify({ version: 1, lessons: { [slug ?? '']: { steps: [], checks: checks?.split(' '), answers } } }),
    );
    await page.reload();
    await expect(item).toContainText('Done');
    expect(await axeFaults(page, { parts: ['main', '.top-bar'] })).toEqual([]);
  });

  test('goes from lesson to lesson in order', async ({ page }) => {
    await page.goto('/lessons/');
    const links = page.getByRole('main').getByRole('heading', { level: 2 }).getByRole('link');
    const inOrder = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).pathname));
    await links.first().click();
    for (const [index, path] of inOrder.entries()) {
      await expect(page).toHaveURL(new RegExp(`${path}$`));
      const around = page.getByRole('navigation', { name: 'Lessons' });
      await expect(around.locator('a[rel="prev"]')).toHaveCount(index === 0 ? 0 : 1);
      await expect(around.locator('a[rel="next"]')).toHaveCount(index === inOrder.length - 1 ? 0 : 1);
      if (index < inOrder.length - 1) await around.locator('a[rel="next"]').click();
    }
  });
});

test('all that is kept bears the name of this site, as its origin may hold others', async ({ page }) => {
  await page.goto('/lessons/which-worker/');
  await page.getByRole('button', { name: /^Switch to the/ }).click();
  await openMenu(page.locator('#work figure'));
  await page.getByRole('button', { name: 'IIS names' }).click();
  await page.getByRole('radio', { name: /Worker 3\. It accepted/ }).check();
  const keys = () => page.evaluate(() => Object.keys(localStorage).sort());
  await expect.poll(keys).toEqual(['ftr:progress', 'ftr:theme']);
});

test('where nothing can be kept, the page works and says so once', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  await page.goto(LESSONS[0] ?? '');
  await readTo(steps(page).nth(0));
  await expect(readSteps(page)).toHaveCount(1);
  await expect(page.getByText('This browser keeps nothing for this page')).toHaveCount(1);
  await expect(page.getByText('This browser keeps nothing for this page')).toBeVisible();
});
