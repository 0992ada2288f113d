// The terminal as somebody uses it who knows one: Tab, history, Ctrl-R, programs with a screen of their own, several shells.
import { expect, type Locator } from '@playwright/test';
import { axeFaults } from './axe.ts';
import { Lesson, baseAgain as test } from './support.ts';

/** The shell that is to be seen: its last lines that are not empty. */
const shownShell = (lesson: Lesson): Locator => lesson.panel('Terminal').locator('.terminal:visible');

async function rows(lesson: Lesson): Promise<string[]> {
  const all = await shownShell(lesson).locator('.xterm-rows > div').allTextContents();
  return all.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).filter(Boolean);
}
const last = async (lesson: Lesson): Promise<string | undefined> => (await rows(lesson)).at(-1);

test('Tab completes, the history is searched, top has the screen for itself, nano opens the editor', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.run();
  await lesson.openTab('Terminal');
  await lesson.prompted();
  await lesson.terminal.focus();

  await test.step('a command, a folder, a file', async () => {
    await page.keyboard.type('hea');
    await page.keyboard.press('Tab');
    await expect.poll(() => last(lesson)).toBe('root@web:~# head');
    await page.keyboard.type('-n 1 /etc/ng');
    await page.keyboard.press('Tab');
    await expect.poll(() => last(lesson)).toBe('root@web:~# head -n 1 /etc/nginx/');
    await page.keyboard.type('ngin');
    await page.keyboard.press('Tab');
    await expect.poll(() => last(lesson)).toBe('root@web:~# head -n 1 /etc/nginx/nginx.conf');
    await page.keyboard.press('Enter');
    await expect.poll(() => last(lesson)).toBe('root@web:~#');
    expect((await rows(lesson)).at(-2)).toBe('user www-data;');
  });

  await test.step('several: a list, and the line again below it', async () => {
    await page.keyboard.type('nginx -s re');
    await page.keyboard.press('Tab');
    await expect
      .poll(async () => (await rows(lesson)).slice(-3))
      .toEqual(['root@web:~# nginx -s re', 'reload  reopen', 'root@web:~# nginx -s re']);
    await page.keyboard.type('l');
    await page.keyboard.press('Tab');
    await expect.poll(() => last(lesson)).toBe('root@web:~# nginx -s reload');
    await page.keyboard.press('Control+c');
    await expect.poll(() => last(lesson)).toBe('root@web:~#');
  });

  await test.step('arrows and Ctrl-R', async () => {
    await page.keyboard.type('uname -m\n');
    await expect.poll(async () => (await rows(lesson)).at(-2)).toBe('wasm32');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => last(lesson)).toBe('root@web:~# uname -m');
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+r');
    await page.keyboard.type('una');
    await expect.poll(() => last(lesson)).toBe("root@web:~# (reverse-i-search)`una': uname -m");
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await rows(lesson)).slice(-3)).toEqual(['root@web:~# uname -m', 'wasm32', 'root@web:~#']);
  });

  await test.step('top, until q', async () => {
    await page.keyboard.type('top\n');
    await expect.poll(() => last(lesson)).toMatch(/q ends it$/);
    expect((await rows(lesson))[0]).toMatch(/^top - /);
    await page.keyboard.press('q');
    await expect.poll(() => last(lesson)).toBe('root@web:~#');
    expect((await rows(lesson)).at(-2)).toBe('root@web:~# top');
  });

  await test.step('nano', async () => {
    await page.keyboard.type('nano /etc/nginx/nginx.conf\n');
    await expect(lesson.panel('Files').getByRole('textbox', { name: '/etc/nginx/nginx.conf' })).toBeVisible();
  });
});

test('several shells: by keyboard and by mouse, each with its own, closed with what runs in it', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.run();
  await lesson.openTab('Terminal');
  await lesson.prompted();
  const panel = lesson.panel('Terminal');
  const tab = (number: number): Locator => panel.getByRole('tab', { name: `Shell ${number}` });
  await lesson.type('cd /srv');

  await panel.getByRole('button', { name: 'New shell' }).focus();
  await page.keyboard.press('Enter');
  await expect(tab(2)).toHaveAttribute('aria-selected', 'true');
  await expect(lesson.terminal).toBeFocused();
  await expect.poll(() => last(lesson)).toBe('root@web:~#');
  await page.keyboard.type('tail -f /var/log/nginx/access.log\n');
  expect(await axeFaults(page)).toEqual([]);

  await tab(2).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(tab(1)).toBeFocused();
  await expect.poll(() => last(lesson)).toBe('root@web:/srv#');
  await lesson.terminal.focus();
  await page.keyboard.type('ps -C tail -o args\n');
  await expect.poll(async () => (await rows(lesson)).at(-2)).toBe('tail -f /var/log/nginx/access.log');

  await tab(2).focus();
  await page.keyboard.press('Enter');
  await panel.getByRole('button', { name: 'Close shell 2' }).click();
  await expect(tab(2)).toHaveCount(0);
  await expect(lesson.terminal).toBeFocused();
  await page.keyboard.type('clear\n');
  await expect.poll(() => rows(lesson)).toEqual(['root@web:/srv#']);
  await page.keyboard.type('ps -C tail -o args\n');
  await expect.poll(async () => (await rows(lesson)).slice(-2)).toEqual(['COMMAND', 'root@web:/srv#']);

  await test.step('80 columns; the log is a line beneath, or beside it, as wide as one likes', async () => {
    const line = 'x'.repeat(80);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.keyboard.type(`clear; echo ${line}\n`);
    await expect.poll(() => rows(lesson)).toEqual([line, 'root@web:/srv#']);
    await expect(lesson.serverLog).toBeHidden();
    const summary = panel.locator('summary');
    await expect(summary).toContainText(/Server log(nginx|uwsgi) ./);
    await summary.press('Enter');
    await expect(lesson.serverLog).toContainText('spawned uWSGI worker 4');
    await expect(lesson.serverLog).toBeInViewport({ ratio: 1 });
    const width = async () => (await panel.locator('.screens').boundingBox())?.width ?? 0;
    const before = await width();
    const split = panel.getByRole('separator', { name: 'Width of the terminal' });
    await split.press('Shift+ArrowLeft');
    expect(await width()).toBeCloseTo(before - 64, 0);
    await split.press('Enter');
    expect(await width()).toBeCloseTo(before, 0);
    await summary.press('Enter');
    await expect(lesson.serverLog).toBeHidden();
  });
});

test('a program that prints without end leaves the page alive; Ctrl-C and Ctrl-Z are heard; entered lines outlast a reload', async ({
  page,
}) => {
  // room for more rows than the flood's test counts
  await page.setViewportSize({ width: 1280, height: 1000 });
  const lesson = await Lesson.open(page);
  await lesson.run();
  await lesson.openTab('Terminal');
  await lesson.prompted();
  await lesson.terminal.focus();
  const flood = async (line: string): Promise<void> => {
    await page.keyboard.type(`${line}\n`);
    // it prints, and goes on printing
    await expect.poll(async () => (await rows(lesson)).filter((row) => row === 'x').length).toBeGreaterThan(5);
  };
  /** The page is asked for a frame and gives one. */
  const frame = (): Promise<unknown> => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));

  for (const line of ['yes x', 'while true; do echo x; done', `python3 -c "while True: print('x')"`]) {
    await test.step(line, async () => {
      await flood(line);
      for (let i = 0; i < 5; i++) await frame();
      const copied = lesson
        .panel('Terminal')
        .getByRole('status')
        .filter({ hasText: /Copied|does not allow/ });
      await lesson.panel('Terminal').getByRole('button', { name: 'Copy output' }).click();
      await expect(copied).toBeVisible();
      await lesson.terminal.focus();
      await page.keyboard.press('Control+c');
      await expect.poll(() => last(lesson)).toBe('root@web:~#');
      await page.keyboard.type('clear\n');
      await expect.poll(() => rows(lesson)).toEqual(['root@web:~#']);
    });
  }

  await test.step('one line of ten million characters', async () => {
    await page.keyboard.type(`python3 -c "open('/tmp/big', 'w').write('y' * 10_000_000)"; cat /tmp/big\n`);
    await expect.poll(async () => (await rows(lesson)).some((row) => row.includes('yyyy')), { timeout: 20_000 }).toBe(true);
    await frame();
    await expect.poll(() => last(lesson), { timeout: 10_000 }).toMatch(/#$/);
    await page.keyboard.type('clear\n');
  });

  await test.step('Ctrl-Z, jobs, bg, fg', async () => {
    await page.keyboard.type('sleep 300\n');
    await expect.poll(async () => (await rows(lesson)).at(-1)).toBe('root@web:~# sleep 300');
    await page.keyboard.press('Control+z');
    await expect
      .poll(async () => (await rows(lesson)).slice(-2))
      .toEqual([expect.stringMatching(/^\[1\]\+ {2}Stopped +sleep 300$/), 'root@web:~#']);
    await page.keyboard.type('bg\n');
    await expect.poll(async () => (await rows(lesson)).slice(-2)).toEqual(['[1] sleep 300 &', 'root@web:~#']);
    await page.keyboard.type('fg\n');
    await expect.poll(() => last(lesson)).toBe('sleep 300');
    await page.keyboard.press('Control+c');
    await expect.poll(() => last(lesson)).toBe('root@web:~#');
  });

  await test.step('a loop over several lines', async () => {
    await page.keyboard.type('for i in 1 2\n');
    await expect.poll(() => last(lesson)).toBe('>');
    await page.keyboard.type('do echo line $i; done\n');
    await expect.poll(async () => (await rows(lesson)).slice(-3)).toEqual(['line 1', 'line 2', 'root@web:~#']);
  });

  await test.step('after a reload', async () => {
    await page.reload();
    await lesson.run();
    await lesson.openTab('Terminal');
    await lesson.prompted();
    await lesson.terminal.focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => last(lesson)).toBe('root@web:~# do echo line $i; done');
    await page.keyboard.press('Control+c');
    await expect.poll(() => last(lesson)).toBe('root@web:~#');
    await page.keyboard.type('history 2\n');
    await expect.poll(async () => (await rows(lesson)).at(-3)).toMatch(/^ +\d+ {2}do echo line \$i; done$/);
  });
});
