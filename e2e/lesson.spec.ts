// The lesson as a learner goes through it: read, run, send, watch, kill, answer.
import { test as alone, expect, holdScript, LESSON, Lesson, milliseconds, testAgain as test } from './support.ts';

test.use({ viewport: { width: 1280, height: 1000 } });

alone('reading the whole lesson loads nothing of the sandbox', async ({ page }) => {
  const paths: string[] = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  const lesson = await Lesson.open(page);
  for (const heading of await lesson.text.getByRole('heading', { level: 2 }).all()) await heading.scrollIntoViewIfNeeded();
  await page.waitForLoadState('networkidle');
  expect(paths.filter((path) => path.startsWith('/engine/'))).toEqual([]);
  // the work area costs nothing either, until somebody turns to it
  expect(paths.filter((path) => /Workspace|recording/.test(path))).toEqual([]);
  await expect(lesson.runButton).toBeVisible();
});

test('Run, then a request: the answer, the worker that took it, the same in the text view; then ps and curl by hand', async ({ page }) => {
  const lesson = await Lesson.open(page);
  const bar = lesson.work.getByRole('progressbar', { name: 'Starting the sandbox' });
  const shown = bar.waitFor();
  await lesson.runButton.click();
  await shown;
  await expect(lesson.figure.getByText('live', { exact: true })).toBeVisible({ timeout: 30_000 });
  await lesson.started();
  await expect(bar).toHaveCount(0);

  await lesson.button('Send a request').click();
  await expect(lesson.answers).toHaveCount(1);
  const answer = lesson.answers.first();
  await expect(answer).toContainText(/200 OK\s+GET \//);
  await expect(answer).toContainText(/Hello from worker [1-4] \(pid \d+\)/);
  const [, worker, pid] = /Hello from worker (\d) \(pid (\d+)\)/.exec((await answer.textContent()) ?? '') ?? [];
  await expect(answer.getByText(`worker ${worker} pid ${pid}`)).toBeVisible();
  await expect(lesson.room(Number(worker))).toHaveAccessibleName(new RegExp(`^worker ${worker} idle pid ${pid} · 1 served`));
  for (const other of [1, 2, 3, 4].filter((one) => one !== Number(worker)))
    await expect(lesson.room(other)).toHaveAccessibleName(/ 0 served\b/);

  await answer.getByText('200 OK').click();
  await expect(answer.getByText('text/plain; charset=utf-8')).toBeVisible();
  await expect(answer.getByText(/^nginx/)).toBeVisible();

  await lesson.view('Text');
  const account = lesson.figure.getByRole('list', { name: 'What happened' });
  for (const line of [
    /nginx.* listens on 0\.0\.0\.0:80/,
    /request 1 leaves the visitor: GET \/$/,
    /request 1 is at the gate, nginx has read it/,
    new RegExp(`worker ${worker} takes request 1 from the listen queue`),
    new RegExp(`worker ${worker} is done with request 1, status 200`),
    /request 1: 200, and the visitor has the answer/,
  ])
    await expect(account.getByRole('listitem').filter({ hasText: line })).toHaveCount(1);

  // high enough for the whole list
  await page.setViewportSize({ width: 1280, height: 1400 });
  await lesson.view('Map');
  await lesson.openTab('Terminal');
  await lesson.type('ps aux');
  const listing = [
    /^USER\s+PID\b.*COMMAND$/,
    /^www-data\s+\d+ .*uwsgi --ini \/srv\/shop\/uwsgi\.ini$/,
    /nginx: master process nginx -g daemon off;$/,
    /nginx: worker process$/,
  ];
  for (const line of listing) await expect.poll(() => lesson.screen()).toContainEqual(expect.stringMatching(line));
  const rooms = await Promise.all([1, 2, 3, 4].map((worker) => lesson.room(worker).getAttribute('aria-label')));
  const pids = rooms.map((name) => /pid (\d+)/.exec(name ?? '')?.[1]);
  const screen = await lesson.screen();
  for (const pid of pids) expect(screen).toContainEqual(expect.stringMatching(new RegExp(`^www-data\\s+${pid} .*uwsgi`)));

  await lesson.type('clear; curl -i localhost/');
  await expect.poll(() => lesson.screen()).toContainEqual(expect.stringMatching(/^Hello from worker [1-4] \(pid \d+\)$/));
  const printed = await lesson.screen();
  expect(printed).toContain('HTTP/1.1 200 OK');
  expect(printed).toContainEqual(expect.stringMatching(/^Server: nginx/));
  expect(printed).toContain('Content-Type: text/plain; charset=utf-8');
});

test('eight at once: four work, four wait in the queue, two waves; then one, whose worker is killed', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.run();
  // all in one look, because it is about one moment
  const crowded = page.waitForFunction(() => {
    const names = [...document.querySelectorAll('figure [data-node]')].map((node) => node.getAttribute('aria-label') ?? '');
    return (
      names.some((name) => /^Listen queue .*: 4 waiting/.test(name)) && names.filter((name) => /^worker \d busy/.test(name)).length === 4
    );
  });
  await lesson.button('Send 8 at once').click();
  await crowded;
  await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(8, { timeout: 20_000 });
  await expect(lesson.queue).toHaveAccessibleName(/: 0 waiting, limit 100$/);

  const times = (await lesson.answers.locator('.time').allTextContents()).map(milliseconds).sort((a, b) => a - b);
  expect(times[0]).toBeGreaterThanOrEqual(1000);
  // the second wave began when the first was over
  for (const time of times.slice(4)) expect(time).toBeGreaterThanOrEqual(1900);
  expect(times[7]).toBeLessThan(10_000);

  await expect.poll(() => served(lesson)).toBe(8);

  await lesson.openTab('Traffic');
  const rows = lesson.panel('Traffic').getByRole('row');
  await expect(rows).toHaveCount(9);
  const waited = (await rows.locator('td:nth-child(5)').allTextContents()).map(milliseconds);
  expect(waited.filter((ms) => ms >= 800)).toHaveLength(4);

  await test.step('kill -9 of the busy worker: 502 from nginx, DAMN in the log, a new pid in the room', async () => {
    await lesson.text.getByRole('button', { name: 'Send one slow request' }).click();
    const busy = lesson.figure.getByRole('button', { name: /^worker \d busy/ });
    await expect(busy).toHaveCount(1);
    const [, worker, pid] = /^worker (\d) .*pid (\d+)/.exec((await busy.getAttribute('aria-label')) ?? '') ?? [];
    await lesson.text.getByRole('button', { name: 'Run ps aux' }).click();
    await expect.poll(() => lesson.screen()).toContainEqual(expect.stringMatching(new RegExp(`^www-data\\s+${pid} .*uwsgi`)));
    await lesson.type(`kill -9 ${pid}`);

    await expect(lesson.serverLog).toContainText(`DAMN ! worker ${worker} (pid: ${pid}) died, killed by signal 9 :( trying respawn ...`);
    await expect(lesson.serverLog).toContainText(new RegExp(`Respawned uWSGI worker ${worker} \\(new pid: \\d+\\)`));
    const [, fresh] =
      new RegExp(`Respawned uWSGI worker ${worker} \\(new pid: (\\d+)\\)`).exec((await lesson.serverLog.textContent()) ?? '') ?? [];
    expect(fresh).not.toBe(pid);
    await expect(lesson.room(Number(worker))).toHaveAccessibleName(new RegExp(`^worker ${worker} idle pid ${fresh} · 0 served`));

    await lesson.openTab('Browser');
    const answer = lesson.answers.first();
    await expect(answer).toContainText(/502 Bad Gateway\s+GET \/slow\?ms=10000/);
    // before the ten seconds were over
    expect(milliseconds((await answer.locator('.time').textContent()) ?? '')).toBeLessThan(10_000);
    await answer.getByText('502 Bad Gateway').first().click();
    await expect(answer.getByLabel('Body')).toContainText(/<center><h1>502 Bad Gateway<\/h1><\/center>\s*<hr><center>nginx/);
    await expect(lesson.figure.getByRole('group', { name: /^The visitor\. 8 × 2xx, 1 × 5xx/ })).toBeVisible();
  });
});

test('the table of Traffic was open before a request; the figure pauses while requests go on, steps both ways, and catches up', async ({
  page,
}) => {
  const lesson = await Lesson.open(page);
  await lesson.run();
  await lesson.openTab('Traffic');
  await expect(lesson.panel('Traffic')).toContainText('No request yet');
  await lesson.button('Send a request').click();
  const sentence = lesson.figure.locator('.sentence');
  await expect(sentence).toHaveText(/request 1: 200, and the visitor has the answer/);
  await expect(lesson.figure.getByRole('button', { name: / 1 served\b/ })).toHaveCount(1);
  await lesson.openTab('Traffic');
  await expect(lesson.panel('Traffic').getByRole('row').nth(1)).toContainText('200');

  await lesson.button('Pause').click();
  const held = await lesson.clock.textContent();
  await lesson.button('Send a request').click();
  await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(2);
  await expect(lesson.clock).toHaveText(held ?? '');
  await expect(lesson.figure.getByRole('button', { name: / 1 served\b/ })).toHaveCount(1);

  await lesson.button('Step forward').click();
  await expect(lesson.clock).not.toHaveText(held ?? '');
  await expect(sentence).toHaveText(/request 2 leaves the visitor/);
  await lesson.button('Step forward').click();
  await expect(sentence).not.toHaveText(/request 2 leaves the visitor/);
  await lesson.button('Step back').click();
  await expect(sentence).toHaveText(/request 2 leaves the visitor/);
  await lesson.button('Step back').click();
  await expect(sentence).toHaveText(/request 1: 200, and the visitor has the answer/);

  await lesson.button('Jump to live').click();
  await expect.poll(() => served(lesson)).toBe(2);
  await expect(lesson.button('Pause')).toBeVisible();
});

// moves the clock
alone('the recording plays before Run, at the speed that was chosen', async ({ page }) => {
  await page.clock.install({ time: 0 });
  const lesson = await Lesson.open(page);
  const slider = lesson.figure.getByRole('slider', { name: 'Time' });
  const at = async () => Number(await slider.inputValue());
  // the first touch fetches the workspace and is not lost
  await lesson.button('Play').click();
  await expect(lesson.button('Pause')).toBeVisible();
  await expect(slider).toBeEnabled();
  // from here on time passes only when the test says so
  await page.clock.pauseAt(60_000);
  const advance = async () => {
    const before = await at();
    await page.clock.runFor(1000);
    return (await at()) - before;
  };
  // give or take the frames that were under way when time stopped
  const once = await advance();
  expect(once).toBeGreaterThan(700);
  expect(once).toBeLessThan(1100);
  await lesson.figure.getByRole('combobox', { name: 'Speed' }).selectOption('2');
  const twice = await advance();
  expect(twice).toBeGreaterThan(once * 1.5);
  expect(twice).toBeLessThan(2200);
  await lesson.button('Pause').click();
  expect(await advance()).toBe(0);
  await expect(lesson.figure.getByText('recording', { exact: true })).toBeVisible();
});

test('the first click is enough: Send in the work area', async ({ page }) => {
  const release = await holdScript(page, 'LessonWorkspace');
  const lesson = await Lesson.open(page);
  const button = lesson.button('Send a request');
  const drawnByTheBuild = await button.elementHandle();
  await button.click();
  release();
  await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(1, { timeout: 30_000 });
  // hydrated as it stood, not thrown away and drawn anew
  expect(await drawnByTheBuild?.evaluate((element) => element.isConnected)).toBe(true);
});

test('the scripts of the tabs do not come before the answer that was asked for first', async ({ page }) => {
  const lesson = await Lesson.open(page);
  const answered = lesson.panel('Browser').evaluate(
    (panel) =>
      new Promise<number>((resolve) => {
        new MutationObserver((_changes, observer) => {
          if (!panel.querySelector('ol > li strong')?.textContent?.startsWith('200')) return;
          observer.disconnect();
          resolve(performance.now());
        }).observe(panel, { childList: true, characterData: true, subtree: true });
      }),
  );
  await lesson.button('Send a request').click();
  const begun = (): Promise<number | undefined> =>
    page.evaluate(() => performance.getEntriesByType('resource').find(({ name }) => name.includes('/TerminalPane'))?.startTime);
  await expect.poll(begun, { timeout: 30_000 }).toBeGreaterThan(0);
  expect(await begun()).toBeGreaterThan(await answered);
});

test('the first click is enough: a button in the text', async ({ page }) => {
  const release = await holdScript(page, 'LessonWorkspace');
  const lesson = await Lesson.open(page);
  await lesson.text.getByRole('button', { name: 'Send 10, one after another' }).click();
  release();
  await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(10, { timeout: 35_000 });
});

test('the first click is enough: a command in the text', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.text.getByRole('button', { name: 'Run ps aux' }).click();
  await expect.poll(() => lesson.screen(), { timeout: 30_000 }).toContainEqual(expect.stringMatching(/^www-data\s+\d+ .*uwsgi --ini/));
});

test('the first click is enough, also before the page’s own scripts have come', async ({ page }) => {
  const release = await holdScript(page, 'Lesson.');
  await page.goto(LESSON, { waitUntil: 'commit' });
  const lesson = new Lesson(page);
  await lesson.text.getByRole('button', { name: 'Send a request' }).click();
  release();
  await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(1, { timeout: 35_000 });
});

test('search is pressed before its script has come', async ({ page }) => {
  const release = await holdScript(page, 'Page.');
  await page.goto('/', { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Search' }).click();
  release();
  await expect(page.getByRole('combobox', { name: 'Search' })).toBeFocused();
});

test('a click while the workspace cannot be fetched says so, and is carried out by Try again', async ({ page }) => {
  // from the first moment: where a server has run before, the page asks for it by itself
  await page.route('**/assets/LessonWorkspace*', (route) => route.abort());
  const lesson = await Lesson.open(page);
  await lesson.runButton.click();
  await expect(lesson.failure).toContainText('This part of the page could not be loaded');
  await page.unroute('**/assets/LessonWorkspace*');
  await lesson.button('Try again').click();
  await lesson.started();
  await expect(lesson.failure).toHaveCount(0);
});

test('the quiz explains each answer and remembers the last', async ({ page }) => {
  const release = await holdScript(page, 'Lesson.');
  await page.goto(LESSON, { waitUntil: 'commit' });
  const quiz = page.getByRole('group', { name: /Several workers are idle/ });
  const seen = { useInnerText: true };
  // at once, though the script that remembers has not come yet
  await quiz.getByRole('radio', { name: /Nginx\. It keeps a list/ }).check();
  await expect(quiz).toContainText('Not quite. Nginx knows one address, the socket.', seen);
  release();
  await expect.poll(() => page.evaluate(() => localStorage.getItem('ftr:progress'))).toContain('"chosen":0');
  await quiz.getByRole('radio', { name: /Worker 3\. It accepted/ }).check();
  await expect(quiz).toContainText('Right. All idle workers wait on the same socket', seen);
  await expect(quiz).not.toContainText('Not quite.', seen);
  await page.reload();
  await quiz.scrollIntoViewIfNeeded();
  await expect(quiz.getByRole('radio', { name: /Worker 3\. It accepted/ })).toBeChecked();
  await expect(quiz).toContainText('Right.', seen);
});

/** How many requests the rooms of the figure say were served, together. */
async function served(lesson: Lesson): Promise<number> {
  const names = await Promise.all([1, 2, 3, 4].map((worker) => lesson.room(worker).getAttribute('aria-label')));
  return names.reduce((sum, name) => sum + Number(/(\d+) served/.exec(name ?? '')?.[1]), 0);
}
