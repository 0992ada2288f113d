// The lesson with its server in a WebContainer: the same figure, terminal, files and checks, and what only this engine has.
import type { DoubleHost } from '../scripts/double/host.ts';
import { axeFaults } from './axe.ts';
import { expect, type Lesson, UWSGI_INI } from './support.ts';
import { REAL, runInContainer, STARTED, test, withDouble } from './webcontainer/container.ts';

// high enough for a whole list in the terminal
test.use({ viewport: { width: 1280, height: 1400 } });
test.setTimeout(240_000);

let host: DoubleHost | null = null;
test.beforeEach(async ({ page }) => {
  if (!REAL) host = await withDouble(page);
});
test.afterEach(async () => {
  await host?.close();
});

/** jsh's own, which the double's terminal cuts in two, or that of the shell in its place. */
const PROMPT = /^.*(❯|\$|\ufffd)/m;

const jsh = (lesson: Lesson) => lesson.panel('Terminal').getByRole('group', { name: /^Shell of the container/ });

async function screenOf(lesson: Lesson): Promise<string> {
  const rows = await jsh(lesson).locator('.xterm-rows > div').allTextContents();
  return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n');
}

test('a request, the figure, the terminal, a worker that is killed', async ({ page }) => {
  const lesson = await runInContainer(page);
  await expect(lesson.figure.getByText('live', { exact: true })).toBeVisible();
  await lesson.button('Send a request').click();
  const answer = lesson.answers.first();
  await expect(answer).toContainText(/Hello from worker [1-4] \(pid \d+\)/, STARTED);
  const [, worker, pid] = /Hello from worker (\d) \(pid (\d+)\)/.exec((await answer.textContent()) ?? '') ?? [];
  await expect(lesson.room(Number(worker))).toHaveAccessibleName(new RegExp(`^worker ${worker} idle pid ${pid} · 1 served`));

  await lesson.openTab('Terminal');
  await lesson.type('ps aux');
  await expect.poll(() => lesson.screen(), STARTED).toContainEqual(expect.stringMatching(new RegExp(`^www-data\\s+${pid} .*uwsgi`)));
  await lesson.type(`kill -9 ${pid}`);
  await expect(lesson.serverLog).toContainText(new RegExp(`Respawned uWSGI worker ${worker} \\(new pid: \\d+\\)`), STARTED);
  const [, fresh] =
    new RegExp(`Respawned uWSGI worker ${worker} \\(new pid: (\\d+)\\)`).exec((await lesson.serverLog.textContent()) ?? '') ?? [];
  await expect(lesson.room(Number(worker))).toHaveAccessibleName(new RegExp(`^worker ${worker} idle pid ${fresh} · 0 served`), STARTED);

  await lesson.openTab('Browser');
  await lesson.button('Send 8 at once').click();
  await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(9, STARTED);
});

test('the container’s own shell edits the same files, and the checks see it', async ({ page }) => {
  const lesson = await runInContainer(page);
  const editor = await lesson.openFile(UWSGI_INI);
  await expect(editor).toContainText('processes = 4');
  await lesson.openTab('Terminal');
  await lesson.button('jsh').click();
  await expect.poll(() => screenOf(lesson), STARTED).toMatch(PROMPT);
  expect(await axeFaults(page)).toEqual([]);
  await jsh(lesson).getByRole('textbox').focus();
  // no program of the sandbox: Node, which only the container has
  const edit =
    "const f='srv/shop/uwsgi.ini',fs=require('fs');fs.writeFileSync(f,String(fs.readFileSync(f)).replace('processes = 4','processes = 8'))";
  await page.keyboard.type(`node -e "${edit}"\n`);
  await lesson.openTab('Files');
  // seen without asking: the container says which files have changed
  await expect(editor).toContainText('processes = 8', STARTED);

  await lesson.openTab('Check');
  const checks = lesson.panel('Check');
  await lesson.restartButton.first().click();
  await lesson.idle(8);
  await checks.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(checks.getByRole('listitem').filter({ hasText: 'uwsgi.ini asks for eight workers' })).toContainText('passed', STARTED);
  await expect(checks.getByRole('listitem').filter({ hasText: 'Eight different workers have said that they are ready' })).toContainText(
    'passed',
  );
});

test('in a tab of its own; then back into this tab: the container is gone, and the edits are kept', async ({ page }) => {
  const lesson = await runInContainer(page);
  await lesson.openTab('Browser');
  await lesson.button('Get an address for a tab of its own').click();
  const link = lesson.panel('Browser').getByRole('link', { name: 'Open this server in a tab of its own' });
  await expect(link).toBeVisible(STARTED);
  const address = (await link.getAttribute('href')) ?? '';
  // Of the real one the tab is StackBlitz' page: for a person to look at.
  if (!REAL) expect(await (await fetch(address)).text()).toMatch(/Hello from worker [1-4]/);

  await lesson.edit(UWSGI_INI, 'processes = 4', 'processes = 2 ');
  await lesson.work.getByRole('button', { name: 'Run in this tab' }).click();
  await expect(lesson.work.getByRole('button', { name: 'Run in WebContainer' })).toBeVisible(STARTED);
  await lesson.started(2);
  await lesson.openTab('Terminal');
  await expect(lesson.button('jsh')).toHaveCount(0);
  if (!REAL) await expect.poll(() => [host?.running, host?.nodes]).toEqual([0, 0]);
});
