// "Check my work": the checks, what is missing, the solution; and the files with their ways back.
import type { Page } from '@playwright/test';
import { axeFaults, BOTH } from './axe.ts';
import { expect, LESSON, Lesson, SITE_CONFIG, testAgain as test, UWSGI_INI } from './support.ts';

test.use({ viewport: { width: 1280, height: 1000 } });
test.setTimeout(90_000);

const SLOW = { timeout: 40_000 };

/** The tab with the checks. */
class Checks {
  readonly lesson: Lesson;
  constructor(lesson: Lesson) {
    this.lesson = lesson;
  }
  get pane() {
    return this.lesson.panel('Check');
  }
  get button() {
    return this.pane.getByRole('button', { name: 'Check', exact: true });
  }
  get restart() {
    return this.pane.getByRole('button', { name: 'Restart servers' });
  }
  get status() {
    return this.pane.getByRole('status').last();
  }
  get rows() {
    return this.pane.getByRole('list', { name: 'Checks' }).locator(':scope > li');
  }
  row(text: string) {
    return this.rows.filter({ hasText: text });
  }
  /** All checks made, and this many of them passed. */
  async made(passed: number | 'all'): Promise<void> {
    await this.button.click();
    await this.concluded(passed);
  }
  async concluded(passed: number | 'all'): Promise<void> {
    await expect(this.rows.first()).toBeVisible();
    const all = await this.rows.count();
    await expect(this.status).toHaveText(passed === 'all' ? `All ${all} checks passed.` : new RegExp(`^${passed} of ${all} passed`), SLOW);
  }
  /** Eight slow requests at once, and their answers. */
  async sendEight(): Promise<void> {
    await this.lesson.idle(8);
    await this.lesson.page.evaluate(() =>
      window.dispatchEvent(new CustomEvent('ftr:send', { detail: { url: '/slow?ms=1000', count: 8 } })),
    );
    await expect(this.lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(8, SLOW);
    await this.lesson.openTab('Check');
  }
}

const ASKED = 'uwsgi.ini asks for eight workers';
const READY = 'Eight different workers have said that they are ready';
const ANSWERED = 'Eight different workers have had one of the slow requests';

async function openChecks(page: Page): Promise<Checks> {
  const lesson = await Lesson.open(page);
  await lesson.openTab('Check');
  return new Checks(lesson);
}

/** In the work area as it is, which stays as it was. */
async function axeFindsNothing(page: Page): Promise<void> {
  expect(await axeFaults(page, { parts: ['#work'], sizes: BOTH })).toEqual([]);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

test('not yet, with help on three levels; edit, restart, and steps tick themselves; remembered after a reload', async ({ page }) => {
  test.setTimeout(150_000);
  const checks = await openChecks(page);
  const { lesson } = checks;
  await expect(checks.pane).toContainText('Let eight workers share the slow requests.');
  await expect(checks.row(ASKED)).toBeVisible();
  for (const row of await checks.rows.all()) await expect(row).toContainText('not checked');

  // one press on an idle page: the sandbox starts, then the checks are made
  await checks.made(1);
  await axeFindsNothing(page);
  await expect(checks.row(ASKED)).toContainText('not yet');
  await expect(checks.row(ASKED)).toContainText('Found: 4');
  const asked = checks.row(ASKED);
  const hints = asked.getByRole('list', { name: 'Hints' });
  await expect(hints).toHaveCount(0);
  await asked.getByRole('button', { name: 'Hint 1 of 3: where to look' }).click();
  await expect(hints.getByRole('listitem')).toHaveText(['Where to look: The number of workers is one line of uwsgi.ini.']);
  await asked.getByRole('button', { name: 'Hint 2 of 3: what is wrong' }).click();
  await asked.getByRole('button', { name: 'Hint 3 of 3: the exact line' }).click();
  await expect(hints.getByRole('listitem').last()).toContainText('Write processes = 8 in /srv/shop/uwsgi.ini');
  await expect(hints.getByRole('listitem').last()).toBeFocused();
  await expect(checks.row('The shop answers')).toContainText('passed');
  await expect(checks.restart).toHaveCount(0);

  await lesson.edit(UWSGI_INI, 'processes = 4', 'processes = 8 ');
  await lesson.openTab('Check');
  await expect(checks.pane).toContainText('The servers have not read uwsgi.ini since you changed it.');
  await checks.made(1);
  await expect(checks.row(ASKED)).toContainText('Found: 8');
  await expect(checks.row(ASKED)).toContainText('Press Restart servers: uwsgi.ini has not been read yet.');
  await expect(checks.row(READY)).toContainText('Found: 4');
  await checks.restart.click();
  await expect(checks.restart).toHaveCount(0);
  // without a press: what can be looked at in passing is
  await expect(checks.row(ASKED)).toContainText(/ passed\s*$/, SLOW);
  await expect(checks.row(READY)).toContainText(/ passed\s*$/, SLOW);
  await expect(lesson.work.getByRole('status').filter({ hasText: `Done: ${READY}.` })).toBeAttached();
  // while they start, too: the checks wait for all eight
  await checks.made(3);
  await expect(lesson.room(8)).toBeVisible();
  await expect(checks.row(ANSWERED)).toContainText('Hint 1 of 3');
  await checks.sendEight();
  await expect(checks.row(ANSWERED)).toContainText(/ passed\s*$/);
  await lesson.edit(UWSGI_INI, 'processes = 8', 'processes = 7');
  await lesson.openTab('Terminal');
  await lesson.type(`echo '[uwsgi]' > ${UWSGI_INI}; echo written`);
  await expect.poll(() => lesson.screen()).toContain('written');
  await lesson.openTab('Check');
  await expect(checks.row(ASKED)).toContainText('no longer so');
  await checks.pane.getByRole('button', { name: 'Keep mine' }).click();
  await lesson.edit(UWSGI_INI, 'processes = 7', 'processes = 8');
  await lesson.openTab('Check');
  await checks.made('all');
  await expect(checks.pane).toContainText('Done.');
  await axeFindsNothing(page);

  await page.reload();
  await lesson.openTab('Check');
  for (const text of [READY, ANSWERED]) await expect(checks.row(text)).toContainText('passed earlier');
  await checks.pane.getByRole('link', { name: 'Go on to the questions' }).click();
  await expect(page).toHaveURL(`${LESSON}#quiz`);
  await expect(lesson.text.getByRole('heading', { name: 'One question' })).toBeInViewport();
});

test('the solution comes after two tries: beside yours, taken, undone, taken again', async ({ page }) => {
  const checks = await openChecks(page);
  const { pane, lesson } = checks;
  const show = pane.getByRole('button', { name: 'Show the solution' });
  await expect(show).toBeHidden();
  await checks.made(1);
  await expect(show).toBeHidden();
  await checks.button.click();
  await expect(show).toBeVisible(SLOW);
  await show.click();
  // only the panel scrolls, not what is above it
  await expect(lesson.figure).toBeInViewport({ ratio: 1 });
  await expect(pane.getByRole('heading', { name: 'The solution' })).toBeFocused();
  await expect(pane.getByLabel('Your uwsgi.ini')).toContainText('processes = 4');
  await expect(pane.getByLabel('The solution’s uwsgi.ini')).toContainText('processes = 8');

  const take = pane.getByRole('button', { name: 'Take all of uwsgi.ini' });
  await take.click();
  await expect(pane).toContainText('Yours is the same.');
  await expect(pane.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(take).toBeFocused();
  await expect(pane.getByLabel('Your uwsgi.ini')).toContainText('processes = 4');
  const editor = await lesson.openFile(UWSGI_INI);
  await expect(editor).toContainText('processes = 4');
  await lesson.openTab('Check');
  await take.click();
  await lesson.openFile(UWSGI_INI);
  await expect(editor).toContainText('processes = 8');

  await lesson.openTab('Check');
  const steps = pane.getByRole('list').last();
  await steps.getByRole('button', { name: 'Restart servers' }).click();
  // the first worker is enough to answer, but not for eight to take one each
  await expect(steps).toContainText('Wait until the lamps of all workers show idle.');
  await lesson.idle(8);
  await steps.getByRole('button', { name: 'Send 8 × /slow?ms=1000 at once' }).click();
  await expect(lesson.panel('Browser')).toBeVisible();
  await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(8, SLOW);
  await lesson.openTab('Check');
  await checks.made('all');
});

test('with an edit that no server has read nothing is done; a start that fails has nothing of the run before it', async ({ page }) => {
  const checks = await openChecks(page);
  const { lesson, pane } = checks;
  await lesson.edit(UWSGI_INI, 'processes = 4', 'processes = 8');
  await lesson.openTab('Check');
  await checks.made(3);
  await checks.sendEight();
  await checks.made('all');
  await expect(pane).toContainText('Done.');
  await lesson.edit(UWSGI_INI, 'master = true', 'mastre = true');
  await lesson.openTab('Check');
  await expect(pane).not.toContainText('Done.');
  await checks.made(3);
  await expect(checks.row(ASKED)).toContainText('uwsgi.ini has not been read yet');
  await checks.restart.first().click();
  await expect(lesson.failure).toContainText('uwsgi ended while it was starting', SLOW);
  await checks.made(0);
  await expect(checks.row(READY)).toContainText('Found: 0');
  await page.reload();
  await lesson.openTab('Check');
  await expect(checks.row(READY)).toContainText('passed earlier');
});

test('the solution on request, one below the other where there is no room', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const checks = await openChecks(page);
  await checks.pane.getByText('Stuck?').click();
  await checks.pane.getByRole('button', { name: 'Show the solution' }).click();
  const diff = checks.pane.getByLabel('The solution’s uwsgi.ini');
  await expect(diff).toContainText('processes = 8');
  await expect(diff.locator('.cm-deletedChunk').filter({ hasText: 'processes = 4' })).toBeVisible();
  await expect(checks.pane.getByLabel('Your uwsgi.ini')).toHaveCount(0);
});

test('by keyboard only: to the tab, check, to the solution and take it', async ({ page }) => {
  const lesson = await Lesson.open(page);
  const checks = new Checks(lesson);
  await lesson.work.getByRole('tab', { name: 'Browser' }).focus();
  await page.keyboard.press('End');
  await expect(lesson.work.getByRole('tab', { name: 'Check' })).toBeFocused();
  await expect(checks.button).toBeVisible();
  // Past the choice of the engine and the menu Work, which stand at the end of the tabs' row: three stops.
  for (let stop = 0; stop < 4; stop++) await page.keyboard.press('Tab');
  await expect(checks.button).toBeFocused();
  await page.keyboard.press('Enter');
  await checks.concluded(1);
  await expect(checks.button).toBeFocused();
  // three checks offer a hint each; the first is taken to its end, and the way leads on from its last word
  await page.keyboard.press('Tab');
  for (let level = 0; level < 3; level++) await page.keyboard.press('Enter');
  await expect(checks.row(ASKED).getByRole('listitem').last()).toBeFocused();
  for (let stop = 0; stop < 3; stop++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(checks.pane.getByRole('heading', { name: 'The solution' })).toBeFocused();
  await expect(checks.pane.getByLabel('Your uwsgi.ini')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(checks.pane.getByLabel('Your uwsgi.ini')).toBeFocused();
  // past the other text and what can be taken one by one
  const all = checks.pane.getByRole('button', { name: /^Take all of/ });
  for (let stop = 0; stop < 6 && !(await all.evaluate((button) => button === document.activeElement)); stop++)
    await page.keyboard.press('Tab');
  await expect(all).toBeFocused();
  await page.keyboard.press('Space');
  await expect(checks.pane).toContainText('Yours is the same.');
  await checks.button.focus();
  await page.keyboard.press('Tab');
  await expect(checks.restart.first()).toBeFocused();
});

test('reset one file, reset all, and undo', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.edit(UWSGI_INI, 'processes = 4', 'processes = 5');
  await lesson.edit(SITE_CONFIG, 'server_name localhost', 'server_name example.org');
  const editor = lesson.panel('Files').getByRole('textbox');
  await lesson.button('Reset shop').click();
  await expect(editor).toContainText('server_name localhost');
  await expect(lesson.button('Undo')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(editor).toContainText('server_name example.org');
  await expect(lesson.button('Reset shop')).toBeFocused();

  await lesson.button('Reset the lesson').click();
  await expect(editor).toContainText('server_name localhost');
  const ini = await lesson.openFile(UWSGI_INI);
  await expect(ini).toContainText('processes = 4');
  await lesson.button('Undo').click();
  await expect(ini).toContainText('processes = 5');
  await expect(lesson.panel('Files')).toContainText('Took back “Reset the lesson”. Undo');
});

test('wishes of the text on an idle page; then commands, files and requests of a server that runs', async ({ page }) => {
  test.setTimeout(180_000);
  const lesson = await Lesson.open(page);
  const files = lesson.panel('Files');
  const wish = (type: string, detail: unknown = null) =>
    page.evaluate(([name, data]) => window.dispatchEvent(new CustomEvent(name, { detail: data })), [type, detail] as const);
  const open = (file: string, line: number | null = null) => wish('ftr:open', { file, line });

  await test.step('a file, at its line; one that only root may write', async () => {
    await open(UWSGI_INI, 14);
    await expect(files.locator('.cm-activeLine')).toHaveText('processes = 4');
    await open('/etc/nginx/nginx.conf');
    await expect(files.getByRole('button', { name: 'nginx.conf read-only' })).toHaveAttribute('aria-pressed', 'true');
  });
  await test.step('a file that is not there is said so, until another one is shown', async () => {
    await open('/etc/none');
    await expect(files).toContainText('/etc/none could not be opened: there is no such file.');
    await open(UWSGI_INI);
    await expect(files.getByRole('textbox', { name: UWSGI_INI })).toBeVisible();
    await expect(files).not.toContainText('could not be opened');
  });
  await test.step('commands asked for one after the other are each typed at a prompt', async () => {
    await page.evaluate(() => {
      for (const command of ['echo one', 'echo two']) window.dispatchEvent(new CustomEvent('ftr:run', { detail: { command } }));
    });
    await expect
      .poll(() => lesson.screen(), SLOW)
      .toEqual([
        expect.stringMatching(/^root@\w+:~# echo one$/),
        'one',
        expect.stringMatching(/^root@\w+:~# echo two$/),
        'two',
        expect.stringMatching(/^root@\w+:~#$/),
      ]);
  });
  await test.step('Restart pressed twice starts the servers once', async () => {
    await lesson.started();
    await lesson.restartButton.dblclick();
    await lesson.started();
    await lesson.openTab('Terminal');
    const starts = lesson.serverLog.getByText('$ uwsgi --ini /srv/shop/uwsgi.ini');
    await expect(starts).toHaveCount(2);
    await expect(lesson.serverLog).not.toContainText('SIGKILL');
  });
  await test.step('more requests than are kept are all counted, and a refused one says what it was', async () => {
    await page.evaluate(() => window.dispatchEvent(new CustomEvent('ftr:send', { detail: { url: '/static/site.css', count: 64 } })));
    await expect(lesson.work.getByText('64 answers: 64 with 200.')).toBeAttached({ timeout: 20_000 });
    await page.evaluate(() => window.dispatchEvent(new CustomEvent('ftr:send', { detail: { url: 'http://localhost:81/x', count: 1 } })));
    await expect(lesson.answers.first()).toContainText('No answer');
    await lesson.openTab('Traffic');
    await expect(lesson.panel('Traffic').getByRole('row').nth(1)).toContainText('GET http://localhost:81/x');
  });
  await test.step('a directory: the sandbox refuses to read it', async () => {
    await open('/etc/nginx');
    await expect(files).toContainText('/etc/nginx could not be opened');
    await files.getByRole('button', { name: 'shop' }).first().click();
    await expect(files).not.toContainText('could not be opened');
  });
  await test.step('what the shell does to a file shows in the editor, and never replaces what was not saved', async () => {
    await lesson.openFile(UWSGI_INI);
    await lesson.openTab('Terminal');
    await lesson.type(`echo '; by the shell' > ${UWSGI_INI}; echo written`);
    await expect.poll(() => lesson.screen()).toContain('written');
    const editor = await lesson.openFile(UWSGI_INI);
    await expect(editor).toHaveText('; by the shell');

    await editor.click();
    await page.keyboard.type('; mine ');
    await lesson.openTab('Terminal');
    await lesson.type(`echo '; again' > ${UWSGI_INI}; echo rewritten`);
    await expect.poll(() => lesson.screen()).toContain('rewritten');
    await lesson.openTab('Files');
    await expect(lesson.panel('Files')).toContainText('A command changed uwsgi.ini in the sandbox');
    await expect(editor).toContainText('; mine');
    // Check and Restart go by the shell's text: the choice is there, too
    await lesson.openTab('Check');
    await expect(lesson.panel('Check')).toContainText('A command changed uwsgi.ini in the sandbox');
    await expect(lesson.panel('Check').getByRole('button', { name: 'Keep mine' })).toBeVisible();
    await lesson.openTab('Files');
    await lesson.button('Take the sandbox’s text').click();
    await expect(editor).toHaveText('; again');
    await lesson.button('Undo').click();
    await expect(editor).toContainText('; mine');
  });
});

for (const [wish, detail, seen] of [
  ['ftr:restart', null, (lesson: Lesson) => lesson.started()],
  ['ftr:checks', { make: true }, (lesson: Lesson) => new Checks(lesson).concluded(1)],
] as const) {
  test(`one wish of the text is enough on an idle page: ${wish} ${JSON.stringify(detail)}`, async ({ page }) => {
    const lesson = await Lesson.open(page);
    await page.evaluate(([type, data]) => window.dispatchEvent(new CustomEvent(type, { detail: data })), [wish, detail] as const);
    await seen(lesson);
  });
}

test('axe finds nothing in the checks before Run, the solution, and the files with a line to undo', async ({ page }) => {
  const { pane, lesson } = await openChecks(page);
  await pane.getByText('Stuck?').click();
  await pane.getByRole('button', { name: 'Show the solution' }).click();
  await expect(pane.getByLabel('The solution’s uwsgi.ini')).toBeVisible();
  await axeFindsNothing(page);
  await pane.getByRole('button', { name: /^Take all of/ }).click();
  await lesson.openFile(UWSGI_INI);
  await expect(lesson.button('Undo')).toBeVisible();
  await axeFindsNothing(page);
});
