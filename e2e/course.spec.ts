// Every lesson from its start to its end as a learner does it, with the mouse: driven by the lesson's own data, so a new lesson is covered, too.
import type { Locator } from '@playwright/test';
import { axeFaults, BOTH } from './axe.ts';
import { COURSE, Learner, SLOW, shown, wishOf } from './course.ts';
import { expect, SITE_CONFIG, testAgain as test } from './support.ts';

test.use({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
// lessons have workers that hang for real seconds
test.setTimeout(360_000);

// the longest of all files: its lessons are shared out
test.describe.configure({ mode: 'parallel' });

test('there are lessons', () => {
  expect(COURSE.length).toBeGreaterThan(0);
});

for (const course of COURSE) {
  test(`${course.slug}: with the mouse, from start to end`, async ({ page }) => {
    const learner = new Learner(page, course);
    await page.goto(course.path);
    // a loop without an end takes all of a processor, for as long as Nginx waits for it
    if (course.patience) await learner.lesson.edit(SITE_CONFIG, course.patience, 'uwsgi_read_timeout 3s;');
    await test.step('Run, and every button of the text', async () => {
      await learner.lesson.runButton.click();
      await learner.started();
      await expect(learner.dos).toHaveCount(course.dos);
      for (const step of await learner.lesson.text.locator('.step').all()) await doStep(learner, step);
    });
    await test.step('exercises', () => sortCards(learner));

    await test.step('checks that fail', async () => {
      await learner.lesson.text.getByRole('button', { name: 'Open the checks' }).click();
      await learner.checkButton.click();
      expect(await learner.checked()).toBeLessThan(course.data.checks.length);
    });
    await test.step('solution', async () => {
      if (course.patience) {
        const editor = await learner.lesson.openFile(SITE_CONFIG);
        await learner.lesson.button('Reset shop').click();
        await expect(editor).toContainText(course.patience);
        await learner.lesson.openTab('Check');
      }
      await takeSolution(learner);
      await learner.checkButton.click();
      expect(await learner.checked()).toBe(course.data.checks.length);
      await expect(learner.checkPane).toContainText('Done.');
      // nobody has asked for them: they open by themselves
      await expect(page.locator('#answers h3:visible')).toHaveCount(course.data.answers.length && course.data.answers.length + 1);
    });

    await test.step('questions', async () => {
      await learner.checkPane.getByRole('link', { name: 'Go on to the questions' }).click();
      await answerQuestions(learner);
    });
    // on a screen lesson-page.spec.ts looks at the text, and the work area has been looked at above
    expect(await axeFaults(page, { sizes: BOTH.slice(0, 1) })).toEqual([]);

    await page.goto('/lessons/');
    const entry = page.locator(`li[data-slug="${course.slug}"] .progress`);
    await expect(entry).toHaveText('Done');
    await page.reload();
    await expect(entry).toHaveText('Done');
  });
}

/** Presses every button of the step, in order, and sees what each brings about. */
async function doStep(learner: Learner, step: Locator): Promise<void> {
  let sent = 0;
  for (const button of await step.locator('.do').getByRole('button').all()) {
    const wish = await wishOf(button);
    const { lesson } = learner;
    const before = await learner.pids();
    await button.click();
    if (wish.kind === 'send') {
      sent += wish.count;
      await lesson.openTab('Browser');
      await learner.sent(wish.count);
    } else if (wish.kind === 'run') await ran(learner, wish.command);
    else if (wish.kind === 'open') await learner.opened(wish.file, wish.line);
    else if (wish.kind === 'restart') await learner.started(before);
    else await learner.checked();
  }
  if (sent === 0) return;
  await learner.lesson.openTab('Browser');
  // an answer that is no success is one the step speaks of
  const told = (await step.textContent()) ?? '';
  for (const status of (await learner.answered()).slice(0, sent))
    expect(status.startsWith('200 ') ? '200' : told).toContain(status.slice(0, 3));
}

/** The command stands at a prompt in the terminal, its output below it, and the shell waits for the next one. */
async function ran({ lesson, page }: Learner, command: string): Promise<void> {
  await expect(lesson.panel('Terminal')).toBeVisible();
  await expect
    .poll(async () => {
      await lesson.panel('Terminal').getByRole('button', { name: 'Copy output' }).click();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      // long lines are broken where the terminal ends
      const [output] = text
        .replace(/\s+/g, '')
        .split(`#${command.replace(/\s+/g, '')}`)
        .slice(-1);
      return text.includes('#') ? output : '';
    }, SLOW)
    .toMatch(/^.+root@\w+:~#$/);
}

/** For each card a wrong answer and then the right one, each with its explanation. */
async function sortCards({ course, lesson, page }: Learner): Promise<void> {
  for (const { question, bins, cards } of course.data.sorts) {
    const set = lesson.text.getByRole('group', { name: shown(question), exact: true });
    for (const [index, { bin, why, text }] of cards.entries()) {
      const card = set.getByRole('listitem').nth(index);
      await expect(card).toContainText(shown(text));
      const matching = bins.length > 3;
      const choose = async (one: string): Promise<void> => {
        if (matching) await card.getByRole('combobox').selectOption({ label: one });
        else await card.getByRole('radio', { name: one, exact: true }).check();
      };
      await choose(bins.find((one) => one !== bin) ?? '');
      await expect(card.locator('.why')).toContainText(
        matching ? 'Not quite. That is the counterpart of something else' : `Not quite: ${bin}. ${shown(why)}`,
      );
      await choose(bin);
      await expect(card.locator('.why')).toHaveText(`Right. ${shown(why)}`);
    }
    await expect(set.getByRole('status')).toHaveText(`${cards.length} of ${cards.length} are right.`);
  }
  await expect(page.locator('.sort li:not([data-state="right"])')).toHaveCount(0);
}

/** Asks for the solution, takes each of its files, and does its steps by their buttons. */
async function takeSolution(learner: Learner): Promise<void> {
  const { course, checkPane, lesson, page } = learner;
  const show = checkPane.getByRole('button', { name: 'Show the solution' });
  if (!(await show.isVisible())) await checkPane.getByText('Stuck?').click();
  await show.click();
  await expect(checkPane.getByRole('heading', { name: 'The solution' })).toBeFocused();
  for (const path of course.solutionFiles) await expect(learner.takeButton(path)).toBeVisible();
  expect(await axeFaults(page, { parts: ['#work'] })).toEqual([]);
  for (const [index, path] of course.solutionFiles.entries()) {
    await learner.takeButton(path).click();
    await expect(checkPane.getByText('Yours is the same.')).toHaveCount(index + 1);
  }
  learner.workers = course.workers.end;
  for (const [index, step] of course.data.solution.entries()) {
    await lesson.openTab('Check');
    const before = await learner.pids();
    if (!('wait' in step)) await learner.solutionSteps.nth(index).getByRole('button').click();
    if ('restart' in step) await learner.started(before);
    else if ('run' in step) await ran(learner, step.run);
    else if ('send' in step) {
      await expect(lesson.panel('Browser')).toBeVisible();
      await learner.sent(step.count);
      await learner.answered();
    } else await learner.started();
  }
  await lesson.openTab('Check');
}

/** Every wrong answer explains itself, and so does the right one, which stays. */
async function answerQuestions(learner: Learner): Promise<void> {
  for (const [index, { question, answers }] of learner.course.data.quiz.entries()) {
    const group = learner.question(index);
    await expect(group).toHaveAccessibleName(shown(question));
    for (const { text, why, right } of [...answers].sort((a, b) => Number(a.right) - Number(b.right))) {
      await group.getByRole('radio', { name: shown(text), exact: true }).check();
      await expect(group.locator('.whys p:visible')).toHaveText(`${right ? 'Right.' : 'Not quite.'} ${shown(why)}`);
    }
  }
}
