// A lesson in a learning platform: the 1.2 package with everything in it, unpacked below a path of a platform whose run-time is scorm-again.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { at, dist } from '../scripts/lib/paths.ts';
import { listen } from '../scripts/lib/static-server.ts';
import { launcherScripts, packageFiles, zipped } from '../scripts/scorm/package.ts';
import { expect, Lesson, test, UWSGI_INI } from './support.ts';

test.setTimeout(120_000);
test.use({ viewport: { width: 1280, height: 1000 } });

const CONTENT = '/pluginfile.php/42/mod_scorm/content/1/';
const PLAYER = '/mod/scorm/player.php';
/** Of what a package has, what Moodle knows a media type for. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** The platform keeps what was committed, and has a secret of the learner's. */
const player =
  (): string => `<!doctype html><title>Course</title><script>${readFileSync(at('node_modules/scorm-again/dist/scorm12.min.js'), 'utf8')}</script>
<script>
document.cookie = 'session=secret';
window.API = new Scorm12API({ autocommit: false, logLevel: 5 });
API.loadFromJSON(JSON.parse(localStorage.getItem('kept') ?? '{}'));
for (const call of ['LMSCommit', 'LMSFinish']) API.on(call, () => localStorage.setItem('kept', JSON.stringify(API.cmi)));
API.on('LMSFinish', () => localStorage.setItem('finished', 'yes'));
</script><iframe title="lesson" src="${CONTENT}index.html" width="1240" height="960"></iframe>`;

let folder: string;
let server: Server;
let platform: string;
const missing: string[] = [];

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scorm-'));
  const lesson = { slug: 'which-worker', title: 'Which worker takes it?', wheels: [] };
  const zip = zipped(
    packageFiles({ lesson, version: '1.2', mode: 'bundled', site: null, dist, scripts: await launcherScripts(), shipped: null }),
  );
  for (const [file, bytes] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), bytes);
  }
  // no directory has an index, and what has no known type is sent as bytes
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://platform').pathname;
    if (path === PLAYER) return response.writeHead(200, { 'Content-Type': 'text/html' }).end(player());
    try {
      const bytes = readFileSync(join(folder, path.startsWith(CONTENT) ? path.slice(CONTENT.length) : 'none'));
      return response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'document/unknown' }).end(bytes);
    } catch {
      missing.push(path);
      return response.writeHead(404).end();
    }
  });
  platform = `http://localhost:${await listen(server, 0)}`;
});
test.afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

interface Kept {
  readonly suspend_data: string;
  readonly core: Readonly<Record<string, unknown>>;
  readonly interactions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const kept = (page: Page): Promise<Kept> => page.evaluate(() => JSON.parse(localStorage.getItem('kept') ?? '{}'));

test('what a learner does arrives at the platform, and is there again; code of the sandbox has not the platform’s origin', async ({
  page,
}) => {
  await page.goto(platform + PLAYER);
  const frame = page.frameLocator('iframe').frameLocator('iframe');
  const lesson = new Lesson(page, frame);
  const place = frame.locator('.pager .at');
  await expect(place).toHaveText('Step 1 of 7');
  await expect(frame.locator('.kept')).toContainText('kept by the page around this');
  expect(await kept(page)).toMatchObject({ core: { lesson_status: 'incomplete' } });
  const next = frame.getByRole('button', { name: 'The next step' });
  while (await next.isEnabled()) await next.click();
  await expect(place).toHaveText('Your turn');
  const answer = frame.locator('.question').first().getByRole('radio').first();
  await answer.check();
  await expect.poll(async () => (await kept(page)).interactions[0]).toMatchObject({ id: 'which-worker/question-1', result: 'wrong' });

  await lesson.run();
  const sandbox = page.frames().find((one) => one.url() === 'about:srcdoc' && one.parentFrame()?.url().includes('/embed/which-worker/'));
  const stolen = await sandbox?.evaluate(() =>
    [
      () => top?.document.cookie,
      () => parent.document.body.textContent,
      () => Reflect.get(top ?? {}, 'API'),
      () => localStorage.length,
    ].map((take) => {
      try {
        return String(take());
      } catch (error) {
        return (error as Error).name;
      }
    }),
  );
  expect([await sandbox?.evaluate(() => origin), stolen]).toEqual(['null', Array(4).fill('SecurityError')]);

  await lesson.edit(UWSGI_INI, 'processes = 4', 'processes = 8');
  await lesson.save();
  await lesson.openTab('Check');
  await lesson.panel('Check').getByRole('button', { name: 'Check', exact: true }).click();
  await expect
    .poll(async () => Object.values((await kept(page)).interactions), { timeout: 40_000 })
    .toContainEqual(expect.objectContaining({ id: 'which-worker/eight-workers', type: 'performance', result: 'correct' }));
  const before = await kept(page);
  expect(Number((before.core['score'] as { raw: string }).raw)).toBeGreaterThan(0);
  expect(before.suspend_data.length).toBeLessThanOrEqual(4096);

  // the platform closes the lesson; the browser forgets what it kept itself
  await page.evaluate(() => document.querySelector('iframe')?.remove());
  await expect.poll(() => page.evaluate(() => localStorage.getItem('finished'))).toBe('yes');
  expect(await kept(page)).toMatchObject({
    core: { lesson_status: 'incomplete', exit: 'suspend', session_time: expect.stringMatching(/^00:0\d:\d\d$/) },
  });
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (key !== 'kept') localStorage.removeItem(key);
  });
  await page.reload();
  await expect(place).toHaveText('Your turn');
  await expect(answer).toBeChecked();
  expect(missing.filter((path) => path !== '/favicon.ico')).toEqual([]);
});
