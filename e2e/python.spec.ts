/** Python in the lesson's terminal: typed lines, a fault, Ctrl-C at the prompt and while code runs, Ctrl-D, and a virtual environment. */
import { expect, Lesson, test } from './support.ts';

test('python3 at the terminal', async ({ page }) => {
  test.setTimeout(150_000);
  const lesson = await Lesson.open(page);
  await lesson.run();
  await lesson.openTab('Terminal');
  const shows = (line: string | RegExp): Promise<void> =>
    expect.poll(() => lesson.screen(), { timeout: 30_000 }).toContainEqual(typeof line === 'string' ? line : expect.stringMatching(line));
  const lastIs = (line: RegExp): Promise<void> =>
    expect.poll(async () => (await lesson.screen()).at(-1), { timeout: 30_000 }).toMatch(line);

  /** A line for Python, not for the shell. */
  const enter = (line: string): Promise<void> => page.keyboard.type(`${line}\n`);

  await test.step('expressions, a function, a fault, Ctrl-C, Ctrl-D', async () => {
    await lesson.type('python3');
    await shows(/^Python 3\.14\.\d+ /);
    await lastIs(/^>>>\s*$/);
    await enter('6 * 7');
    await shows('42');
    await enter('def twice(x):');
    await lastIs(/^\.\.\.\s*$/);
    await enter('    return x + x');
    await enter('');
    await lastIs(/^>>>\s*$/);
    await enter("twice('ha')");
    await shows("'haha'");
    await enter('1 / 0');
    await shows('ZeroDivisionError: division by zero');

    await page.keyboard.type('never mi');
    await page.keyboard.press('Control+C');
    await shows('KeyboardInterrupt');
    await lastIs(/^>>>\s*$/);
    await page.keyboard.press('Control+D');
    await lastIs(/# ?$/);

    // Its files are the sandbox's files.
    await lesson.type(`clear; python3 -c 'open("/tmp/note", "w").write("from python\\n")'; cat /tmp/note`);
    await shows('from python');

    await lesson.type(`clear; python3 -c 'print("busy"); [1 for _ in iter(int, 1)]'`);
    await shows('busy');
    await page.keyboard.press('Control+C');
    await shows(/Ctrl-C has ended Python/);
    await lesson.type('echo code $?');
    await shows('code 130');
  });
  await test.step('a loop that prints without end: the terminal keeps up, and Ctrl-C ends it', async () => {
    await lesson.type(`clear; python3 -c 'import itertools; [print("line", i) for i in itertools.count()]'`);
    await expect.poll(() => lesson.screen(), { timeout: 30_000 }).toContainEqual(expect.stringMatching(/^line \d{4,}$/));
    await page.keyboard.press('Control+C');
    await lesson.type('echo still here');
    await expect.poll(() => lesson.screen()).toContain('still here');
    expect((await lesson.screen()).filter((line) => line.includes('still here'))).toHaveLength(2);
  });
  await test.step('a virtual environment in the browser', async () => {
    await lesson.type('cd /srv/shop; python3 -m venv venv; . venv/bin/activate; python -c "import sys; print(sys.prefix)"');
    await expect.poll(() => lesson.screen(), { timeout: 60_000 }).toContain('/srv/shop/venv');
  });
});
