// A lesson without a mouse, from Run to done: driven by the lesson's own data. Only keys are pressed; nothing is focused or clicked by the test.
import type { ElementHandle, Locator } from '@playwright/test';
import { COURSE, Learner, shown, type Wish, wishOf } from './course.ts';
import { expect, test } from './support.ts';

test.use({ viewport: { width: 1280, height: 800 } });
test.setTimeout(300_000);

/** More stops than a page has, and once round. */
const STOPS = 400;

// Between them they have every kind of thing there is in a lesson; with the mouse all of them are walked through.
for (const course of COURSE.filter(({ slug }) => ['iis', 'which-worker'].includes(slug))) {
  test(`${course.slug}: by keyboard alone`, async ({ page }) => {
    const learner = new Learner(page, course);
    const { lesson } = learner;
    await page.goto(course.path);

    // the same around every lesson
    if (course.slug === 'which-worker') await test.step('search, keys, a word, a line', () => around(learner));
    await tabTo(learner, page.getByRole('link', { name: 'Skip to the server' }));
    await page.keyboard.press('Enter');
    await tabTo(learner, lesson.runButton);
    await page.keyboard.press('Enter');
    await learner.started();
    await expectFocus(learner, 'Run');

    await test.step('a button of the text of each kind', () => wishes(learner));
    await test.step('a card', () => sortCard(learner));
    await test.step('a pair', () => lookAtPair(learner));
    await test.step('checks and solution', () => solve(learner));
    await test.step('questions', () => answer(learner));

    await tabTo(learner, lesson.text.getByRole('link', { name: 'All lessons' }));
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/lessons\/$/);
    await expect(page.locator(`li[data-slug="${course.slug}"] .progress`)).toHaveText('Done');
  });
}

/** Where the focus is: on the wanted element, on nothing, or on what; and whether it can be seen there. */
interface Focus {
  readonly there: boolean;
  readonly on: string | null;
  readonly seen: boolean;
}

const focusOn = (target: ElementHandle<Element>): Promise<Focus | 'gone'> =>
  target.evaluate((wanted) => {
    const { activeElement: active } = document;
    if (!wanted.isConnected) return 'gone';
    if (!active || active === document.body) return { there: false, on: null, seen: false };
    const label = active.getAttribute('aria-label') ?? active.textContent ?? '';
    const on = `${active.tagName} ${label.trim().slice(0, 60)}`;
    // hundreds of stops are on the way: they are not looked at more closely
    if (active !== wanted) return { there: false, on, seen: false };
    const marked = (element: Element | null, up: number): boolean =>
      element !== null && up >= 0 && (getComputedStyle(element).outlineStyle !== 'none' || marked(element.parentElement, up - 1));
    const { left, right, top, bottom } = active.getBoundingClientRect();
    // some of it lies free: neither outside the window nor under something else
    const free = [0.1, 0.5, 0.9].some((x) =>
      [0.1, 0.5, 0.9].some((y) => {
        const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
        return hit !== null && (active.contains(hit) || hit.contains(active));
      }),
    );
    // the terminal and the editor mark the box that the focus is in
    return { there: true, on, seen: free && marked(active, 6) };
  });

/** Presses Tab, or Shift+Tab, until the focus is there; it may go round the page's end once. In the terminal Esc comes first. */
async function tabTo({ lesson, page }: Learner, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const stops: string[] = [];
  // looked for once, and again only when it was drawn anew: finding a role takes longer than a key
  const find = async (): Promise<ElementHandle<Element>> => (await target.elementHandle()) as ElementHandle<Element>;
  let wanted = await find();
  for (let i = 0; i < STOPS; i++) {
    let focus = await focusOn(wanted);
    while (focus === 'gone') {
      wanted = await find();
      focus = await focusOn(wanted);
    }
    if (focus.there) {
      expect(focus, `focus can be seen on ${focus.on}`).toMatchObject({ seen: true });
      return;
    }
    stops.push(focus.on ?? '(none)');
    if (focus.on === 'TEXTAREA Terminal input') await page.keyboard.press('Escape');
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not get to ${target}: ${[...new Set(stops)].join(', ')} (in ${lesson})`);
}

/** After this the focus is still on something. */
async function expectFocus({ page }: Learner, after: string): Promise<void> {
  const on = await page.evaluate(() => document.activeElement?.tagName);
  expect(on, `focus after ${after}`).not.toBe('BODY');
}

/** What stands around a lesson: search and keys in the bar, a word of the glossary in the text, the line beside it. */
async function around(learner: Learner): Promise<void> {
  const { page, lesson } = learner;
  const search = page.getByRole('button', { name: 'Search' });
  await tabTo(learner, search);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Search' })).toBeFocused();
  await page.keyboard.type('upstream');
  await expect(page.getByRole('listbox', { name: 'Results' }).getByRole('option', { selected: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(search).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(search).toBeFocused();

  const term = lesson.text.locator('a.term').first();
  await tabTo(learner, term);
  await expect(page.getByRole('tooltip')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toHaveCount(0);

  const line = page.getByRole('separator', { name: 'Width of the text' });
  await tabTo(learner, line);
  const before = await line.getAttribute('aria-valuenow');
  await page.keyboard.press('ArrowLeft');
  await expect(line).not.toHaveAttribute('aria-valuenow', before ?? '');
  await page.keyboard.press('Enter');
  await expect(line).toHaveAttribute('aria-valuenow', before ?? '');
}

async function wishes(learner: Learner): Promise<void> {
  const done = new Set<Wish['kind']>();
  for (const button of await learner.dos.all()) {
    const wish = await wishOf(button);
    // what a check finds comes later
    if (wish.kind === 'check' || done.has(wish.kind)) continue;
    done.add(wish.kind);
    const { lesson, page } = learner;
    const before = await learner.pids();
    await tabTo(learner, button);
    await page.keyboard.press('Enter');
    if (wish.kind === 'send') {
      await tabTo(learner, lesson.work.getByRole('tab', { selected: true }));
      await page.keyboard.press('Home');
      await learner.sent(wish.count);
      await learner.answered();
    } else if (wish.kind === 'run') {
      await expect(lesson.panel('Terminal')).toBeVisible();
      await lesson.prompted();
    } else if (wish.kind === 'open') await learner.opened(wish.file, wish.line);
    else await learner.started(before);
    await expectFocus(learner, wish.kind);
  }
}

/** One card of each exercise: wrong, then right. */
async function sortCard(learner: Learner): Promise<void> {
  const { course, lesson, page } = learner;
  for (const { question, bins, cards } of course.data.sorts) {
    const card = lesson.text
      .getByRole('group', { name: shown(question), exact: true })
      .getByRole('listitem')
      .first();
    const { bin, why } = cards[0] ?? { bin: '', why: '' };
    const right = bins.indexOf(bin);
    if (bins.length > 3) {
      const list = card.getByRole('combobox');
      await tabTo(learner, list);
      // the list begins with no answer
      for (let i = 0; i <= right; i++) await page.keyboard.press('ArrowDown');
    } else {
      await tabTo(learner, card.getByRole('radio').first());
      await page.keyboard.press('Space');
      for (let i = 0; i < right; i++) {
        await expect(card.locator('.why')).toContainText(`Not quite: ${bin}. `);
        await page.keyboard.press('ArrowRight');
      }
    }
    await expect(card.locator('.why')).toHaveText(`Right. ${shown(why)}`);
  }
}

/** The first link of the first pair, and across to its other side. */
async function lookAtPair(learner: Learner): Promise<void> {
  const { course, lesson, page } = learner;
  const [first] = course.data.pairs;
  if (!first) return;
  const pair = lesson.text.locator('.pair').filter({ has: lesson.root.locator(`#pair-${first.id}-1`) });
  const number = (side: number): Locator => pair.getByRole('figure').nth(side).getByRole('link', { name: 'Line 1: ' });
  await tabTo(learner, number(0));
  await expect(pair.getByRole('listitem')).toContainText(first.links[0]?.note ?? '');
  await page.keyboard.press('ArrowRight');
  await expect(number(1)).toBeFocused();
  await expect(pair.getByRole('listitem')).toContainText(first.links[0]?.note ?? '');
}

async function solve(learner: Learner): Promise<void> {
  const { course, lesson, checkPane, page } = learner;
  await tabTo(learner, lesson.text.getByRole('button', { name: 'Open the checks' }));
  await page.keyboard.press('Enter');
  await tabTo(learner, learner.checkButton);
  await page.keyboard.press('Enter');
  await learner.checksMade();
  await expect(learner.checkButton).toBeFocused();
  expect(await learner.checked()).toBeLessThan(course.data.checks.length);

  await tabTo(learner, checkPane.locator('summary'));
  await page.keyboard.press('Enter');
  await tabTo(learner, checkPane.getByRole('button', { name: 'Show the solution' }));
  await page.keyboard.press('Enter');
  await expect(checkPane.getByRole('heading', { name: 'The solution' })).toBeFocused();
  for (const [index, path] of course.solutionFiles.entries()) {
    await expect(learner.takeButton(path)).toBeVisible();
    await tabTo(learner, learner.takeButton(path));
    await page.keyboard.press('Space');
    await expect(checkPane.getByText('Yours is the same.')).toHaveCount(index + 1);
    await expectFocus(learner, 'taking a file');
  }
  learner.workers = course.workers.end;
  for (const [index, step] of course.data.solution.entries()) {
    const before = await learner.pids();
    if (!('wait' in step)) {
      await tabTo(learner, learner.solutionSteps.nth(index).getByRole('button'));
      await page.keyboard.press('Enter');
    }
    if ('send' in step) {
      await learner.sent(step.count);
      await learner.answered();
    } else if ('run' in step) await lesson.prompted();
    else await learner.started('restart' in step ? before : []);
    await expectFocus(learner, JSON.stringify(step));
    await toChecks(learner);
  }
  await tabTo(learner, learner.checkButton);
  await page.keyboard.press('Enter');
  expect(await learner.checked()).toBe(course.data.checks.length);
  await expectFocus(learner, 'the checks');
}

/** By the row of tabs, unless the checks are there. */
async function toChecks(learner: Learner): Promise<void> {
  if (await learner.checkButton.isVisible()) return;
  await tabTo(learner, learner.lesson.work.getByRole('tab', { selected: true }));
  await learner.page.keyboard.press('End');
  await expect(learner.checkButton).toBeVisible();
}

/** From the checks to the questions, and every answer of each, the right one last. */
async function answer(learner: Learner): Promise<void> {
  const { course, checkPane, page } = learner;
  await tabTo(learner, checkPane.getByRole('link', { name: 'Go on to the questions' }));
  await page.keyboard.press('Enter');
  await expect(learner.question(0)).toBeInViewport();
  // the way goes on from there
  await page.keyboard.press('Tab');
  await expect(learner.question(0).getByRole('radio').first()).toBeFocused();
  for (const [index, { answers }] of course.data.quiz.entries()) {
    const group = learner.question(index);
    await tabTo(learner, group.getByRole('radio').first());
    await page.keyboard.press('Space');
    const right = answers.findIndex((one) => one.right);
    for (let n = 0; n < answers.length + right; n++) {
      const { why = '' } = answers[n % answers.length] ?? {};
      await expect(group.locator('.whys p:visible')).toContainText(shown(why));
      await page.keyboard.press('ArrowDown');
    }
    await expect(group.locator('.whys p:visible')).toHaveText(`Right. ${shown(answers[right]?.why ?? '')}`);
  }
}
