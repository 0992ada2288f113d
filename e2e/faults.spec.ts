// Things that go wrong: mistakes in the learner's files, and parts of the page or the browser that are missing.
import { test as anyhow } from '@playwright/test';
import { APP, expect, keptFiles, Lesson, SITE_CONFIG, test, UWSGI_INI } from './support.ts';

test.use({ viewport: { width: 1280, height: 1000 } });

interface Mistake {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly line: number;
  /** What the program prints, word for word as the real one does. */
  readonly says: readonly (string | RegExp)[];
  /** What stands at the line. */
  readonly complaint: string;
}

const mistakes: Readonly<Record<string, Mistake>> = {
  'nginx: a misspelt directive': {
    file: SITE_CONFIG,
    from: 'server_name localhost;',
    to: 'servername localhost;',
    line: 3,
    says: [`nginx: [emerg] unknown directive "servername" in ${SITE_CONFIG}:3`, '[nginx ended: exit code 1]'],
    complaint: 'unknown directive "servername"',
  },
  'nginx: a missing semicolon': {
    file: SITE_CONFIG,
    from: 'listen 80;',
    to: 'listen 80',
    line: 3,
    says: [`nginx: [emerg] invalid parameter "server_name" in ${SITE_CONFIG}:3`],
    complaint: 'invalid parameter "server_name"',
  },
  'uWSGI: a misspelt option, with strict': {
    file: UWSGI_INI,
    from: 'processes = 4',
    to: 'procesess = 4',
    line: 14,
    says: ['[strict-mode] unknown config directive: procesess', '[uwsgi ended: exit code 1]'],
    complaint: '[strict-mode] unknown config directive: procesess',
  },
  'Python: a syntax error': {
    file: APP,
    from: 'def application(environ, start_response):',
    to: 'def application(environ, start_response)',
    line: 10,
    says: [
      `File "${APP}", line 10`,
      "SyntaxError: expected ':'",
      "unable to load app 0 (mountpoint='') (callable not found or import error)",
      '*** no app loaded. GAME OVER ***',
      '[uwsgi ended: exit code 22]',
    ],
    complaint: "SyntaxError: expected ':'",
  },
};

test('a mistake is said in the program’s words, at its line, and taken back; it is kept meanwhile', async ({ page }) => {
  test.setTimeout(150_000);
  const lesson = await Lesson.open(page);
  await lesson.run();
  const steps = Object.entries(mistakes);
  for (const [index, [name, { file, from, to, line, says, complaint }]] of steps.entries())
    await test.step(name, async () => {
      await lesson.edit(file, from, to);
      await lesson.save();

      // the note: who, why, where, what next
      await expect(lesson.failure).toContainText('ended while it was starting', { timeout: 15_000 });
      await expect(lesson.failure.getByRole('button', { name: 'Retry' })).toBeVisible();
      await lesson.failure.getByRole('button', { name: `Open ${file} at line ${line}` }).click();
      const pane = lesson.panel('Files');
      const editor = pane.getByRole('textbox', { name: file });
      await expect(editor).toBeFocused();
      await expect(editor.locator('.cm-activeLine')).toHaveText(await lineOf(lesson, file, line));
      await expect(pane.getByRole('list', { name: 'What the programs say' })).toContainText(complaint);
      await expect(pane.locator('.cm-lint-marker-error')).toHaveCount(1);
      await lesson.openTab('Terminal');
      for (const words of says) await expect(lesson.serverLog).toContainText(words);

      // the edit is kept: here, and in a page that is opened anew
      const last = index === steps.length - 1;
      if (last) await page.reload();
      const again = await lesson.openFile(file);
      await expect(again).toContainText(to);

      // and taken back: reset, think again, reset
      const short = file.slice(file.lastIndexOf('/') + 1);
      await lesson.button(`Reset ${short}`).click();
      await expect(again).toContainText(from);
      await lesson.button('Undo').click();
      await expect(again.getByText(to, { exact: true })).toBeVisible();
      await lesson.button(`Reset ${short}`).click();
      await lesson
        .button(last ? 'Run with these files' : 'Restart servers')
        .first()
        .click();
      await lesson.started();
      await expect(lesson.failure).toHaveCount(0);
      await lesson.openTab('Browser');
      await lesson.button('Send a request').click();
      await expect(lesson.answers.first()).toContainText('200 OK');
    });
});

/** In turn, on one page; a file that has come is kept, so each of them is lost once. */
const losses = [
  [
    { part: 'assets/embedded', how: 'does not come', says: 'The sandbox could not be loaded' },
    { part: 'engine/python-stdlib', how: 'does not come', says: 'the network did not answer' },
    { part: 'engine/python-stdlib', how: 'is not there', says: 'the site answered 404' },
  ],
  [{ part: 'engine/python-process', how: 'does not come', says: 'the network did not answer' }],
] as const;

for (const lost of losses) {
  const parts = lost.map(({ part, how }) => `${part} ${how}`).join(', then ');
  test(`a start fails because ${parts}; Retry is enough once it does`, async ({ page }) => {
    const lesson = await Lesson.open(page);
    let press = lesson.runButton;
    for (const { part, how, says } of lost) {
      const pattern = `**/${part}.*`;
      await page.route(pattern, (route) => (how === 'is not there' ? route.fulfill({ status: 404, body: 'Not found' }) : route.abort()));
      await press.click();
      await expect(lesson.failure).toContainText('The sandbox could not be loaded');
      const [, file = ''] = /^engine\/(.+)/.exec(part) ?? [];
      await expect(lesson.failure).toContainText(file ? new RegExp(`${file}\\.[0-9a-f]+\\.\\w+ could not be downloaded: ${says}`) : says);
      await page.unroute(pattern);
      press = lesson.failure.getByRole('button', { name: 'Retry' });
    }
    await press.click();
    await lesson.started();
    await expect(lesson.failure).toHaveCount(0);
    await lesson.button('Send a request').click();
    await expect(lesson.answers.first()).toContainText('200 OK');
  });
}

for (const missing of ['Worker', 'WebAssembly']) {
  test(`a browser without ${missing} is told so at once, and the lesson stays readable with its recording`, async ({ page }) => {
    await page.addInitScript((name) => Reflect.deleteProperty(window, name), missing);
    const engine: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/engine/')) engine.push(request.url());
    });
    const lesson = await Lesson.open(page);
    await expect(lesson.work.getByText('This browser cannot run the server.')).toBeVisible();
    await expect(lesson.runButton).toHaveCount(0);
    await expect(lesson.text.getByRole('heading', { name: 'Send one, and see who took it' })).toBeVisible();
    await lesson.button('Play').click();
    await expect(lesson.figure.getByRole('button', { name: /^worker \d busy/ })).not.toHaveCount(0);
    await lesson.text.getByRole('button', { name: 'Send a request' }).click();
    await lesson.openFile(UWSGI_INI);
    await expect(lesson.panel('Files').getByRole('textbox')).toContainText('plugins = python3');
    expect(engine).toEqual([]);
  });
}

async function lineOf(lesson: Lesson, file: string, line: number): Promise<string> {
  return (
    (await lesson
      .panel('Files')
      .getByRole('textbox', { name: file })
      .locator('.cm-line')
      .nth(line - 1)
      .textContent()) ?? ''
  );
}

test('while it runs: nginx is stopped, the kept Python snapshot is spoilt, the sandbox goes; each time it can be started again', async ({
  page,
}) => {
  test.setTimeout(150_000);
  const lesson = await Lesson.open(page);
  await lesson.run();
  await test.step('nginx is stopped in the terminal: the visitor hears of it, and Restart brings it back', async () => {
    await lesson.openTab('Terminal');
    await lesson.type('ps -e -o user,pid,args');
    await expect.poll(() => lesson.screen()).toContainEqual(expect.stringMatching(/nginx: worker process$/));
    const [, master] = /^root +(\d+) nginx: master process/m.exec((await lesson.screen()).join('\n')) ?? [];
    await lesson.type(`kill ${master}`);
    await expect(lesson.serverLog).toContainText('[nginx ended: exit code 0]');
    await expect(lesson.figure.getByRole('group', { name: /^nginx, the gate/ })).toHaveAccessibleName(/not running|dead/);
    await lesson.openTab('Browser');
    await lesson.button('Send a request').click();
    await expect(lesson.answers.first()).toContainText('Connection refused: nobody listens on port 80');
    await lesson.restartButton.click();
    await lesson.started();
    await lesson.button('Send a request').click();
    await expect(lesson.answers.first()).toContainText('200 OK');
  });
  await test.step('the sandbox’s frame is gone without a word: said, with the files kept, and one press starts it again', async () => {
    await lesson.openTab('Terminal');
    await lesson.type('echo kept > /srv/shop/note.txt; echo written');
    await expect.poll(() => lesson.screen()).toContain('written');
    // what was written is kept by the page before the sandbox goes
    await expect.poll(async () => (await keptFiles(page)).get('/srv/shop/note.txt')).toBe('kept\n');
    await page.locator('iframe[title="Sandbox engine"]').evaluate((frame) => frame.remove());
    await expect(lesson.failure).toContainText('The sandbox broke. It does not answer any more.', { timeout: 30_000 });
    await expect(lesson.failure).toContainText('Your files are kept.');
    await lesson.failure.getByRole('button', { name: 'Start it again' }).click();
    await lesson.started();
    await expect(lesson.failure).toHaveCount(0);
    await lesson.openTab('Terminal');
    await lesson.type('cat /srv/shop/note.txt');
    await expect.poll(() => lesson.screen()).toContain('kept');
  });
  await test.step('a kept Python snapshot that does not work is forgotten, and the server starts all the same', async () => {
    const snapshot = (change: 'spoil' | null) =>
      page.evaluate(async (wanted) => {
        const cache = await caches.open('sandbox-engine');
        const request = (await cache.keys()).find(({ url }) => url.includes('/base-snapshot/'));
        if (request && wanted) await cache.put(request, new Response('not a snapshot'));
        return request === undefined ? 'none' : ((await (await cache.match(request))?.blob())?.size ?? 0);
      }, change);
    await expect.poll(() => snapshot(null)).toBeGreaterThan(1_000_000);
    await snapshot('spoil');

    await Lesson.open(page);
    await lesson.run();
    await lesson.button('Send a request').click();
    await expect(lesson.answers.first()).toContainText('200 OK');
    await expect.poll(() => snapshot(null)).toBe('none');
  });
});

test('on a device with little memory there are fewer workers, and the server log says why', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 2 }));
  const lesson = await Lesson.open(page);
  await lesson.runButton.click();
  await lesson.started(2);
  await expect(lesson.room(3)).toHaveAccessibleName(/\bempty\b/);
  await lesson.openTab('Terminal');
  await expect(lesson.work.getByText('[sandbox] processes = 4: this device has little memory, there is room for 2 workers')).toBeAttached();
  await lesson.button('Send a request').click();
  await expect(lesson.answers.first()).toContainText('200 OK');
});

// what is missing here is missed in every process, and some say so on the browser's console: that is no fault of the page
anyhow('no memory for Python: said, with what helps', async ({ page }) => {
  const words = 'WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance';
  const scarce = `const none = () => { throw new RangeError('${words}'); };
    WebAssembly.instantiate = async () => none();\n`;
  await page.route('**/engine/python-process.*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: scarce + (await answer.text()) });
  });
  const lesson = await Lesson.open(page);
  await lesson.runButton.click();
  await expect(lesson.failure).toContainText('The browser has no memory left', { timeout: 30_000 });
  await expect(lesson.failure).toContainText('Close other tabs, or write fewer processes into uwsgi.ini');
});
