// The figure's log as a file: saved, copied, loaded, and what others have written into one.
import { readFile } from 'node:fs/promises';
import { coursePage, expect, Lesson, test } from './support.ts';

test.use({ viewport: { width: 1280, height: 1000 } });

test('a log saved from a live run can be loaded again, and the run comes back as it was left', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.run();
  await lesson.button('Send a request').click();
  await expect(lesson.figure.getByRole('button', { name: / 1 served\b/ })).toHaveCount(1);
  await lesson.openMenu();
  const saving = page.waitForEvent('download');
  await lesson.figure.getByRole('button', { name: /^Save the log/ }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toBe('which-worker-live.ndjson');
  await expect(lesson.figure.getByRole('alert')).toContainText('Saved as which-worker-live.ndjson.');
  const path = await file.path();
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ v: 1, kind: 'recording', lesson: 'which-worker' });

  await lesson.button('Pause').click();
  const left = await lesson.clock.textContent();
  await lesson.load(path);
  await expect(lesson.figure.locator('.truth')).toHaveText('recording');
  await expect(lesson.figure.locator('.origin')).toContainText(path.slice(path.lastIndexOf('/') + 1).slice(0, 8));
  await lesson.stage.focus();
  await page.keyboard.press('End');
  await expect(lesson.figure.locator('.sentence')).toContainText('request 1: 200, and the visitor has the answer');
  await lesson.view('Text');
  await expect(lesson.figure.getByText(/^\d+ lines$/)).toBeVisible();
  await lesson.view('Map');

  // what happens meanwhile is not lost
  await lesson.button('Send a request').click();
  await expect(lesson.answers.filter({ hasText: '200 OK' })).toHaveCount(2);
  await lesson.button('Back to live').click();
  await expect(lesson.figure.locator('.truth')).toHaveText('live');
  await expect(lesson.clock).toHaveText(left ?? '');
  await expect(lesson.button('Play')).toBeVisible();
  await expect(lesson.figure.locator('.pace')).toHaveText(/^\d+\.\d s behind$/);
  await lesson.button('Jump to live').click();
  await expect(lesson.figure.getByRole('group', { name: /^The visitor\. 2 × 2xx/ })).toBeVisible();
  await expect(lesson.figure.locator('.pace')).not.toHaveText(/behind/);

  // the recording can still be seen, with the real servers beside it
  await lesson.openMenu();
  await lesson.figure.getByRole('button', { name: 'Back to the recording' }).click();
  await expect(lesson.figure.locator('.truth')).toHaveText('recording');
  await lesson.figure.getByRole('radio', { name: 'Real servers' }).check();
  await expect(lesson.figure).toContainText('Recording of the real');
  await lesson.button('Back to live').click();
  await expect(lesson.figure.locator('.truth')).toHaveText('live');
  await expect(lesson.figure.getByRole('radio', { name: 'Real servers' })).toBeHidden();
});

test('a file that is no log is refused with the line, and nothing changes', async ({ page }) => {
  const lesson = await Lesson.recorded(page);
  await lesson.load({ name: 'bad.ndjson', mimeType: 'text/plain', buffer: Buffer.from('{"v":1,"kind":"recording"}\n') });
  await expect(lesson.figure.getByRole('alert')).toContainText(
    'bad.ndjson is no saved log: trace, line 1: lesson of the header must be text',
  );
  await expect(lesson.figure.locator('.from')).toBeEmpty();
  await expect(lesson.room(1)).toBeVisible();
  await lesson.load({ name: 'text.txt', mimeType: 'text/plain', buffer: Buffer.from('hello\n') });
  await expect(lesson.figure.getByRole('alert')).toContainText('line 1: not JSON');
});

test('in a frame that forbids downloads the log can be copied', async ({ page, baseURL }) => {
  const course = await coursePage(
    `<iframe sandbox="allow-scripts" style="width:1200px;height:900px" src="${baseURL}/lessons/which-worker/"></iframe>`,
  );
  try {
    await page.goto(course.url);
    const lesson = new Lesson(page, page.frameLocator('iframe'));
    await lesson.stage.focus();
    await expect(lesson.slider).toBeEnabled();
    await lesson.openMenu();
    await lesson.figure.getByRole('button', { name: /^Save the log/ }).click();
    await expect(lesson.figure.getByRole('alert')).toContainText('If no file came');
    await lesson.figure.getByRole('button', { name: 'Copy the text' }).click();
    await expect(lesson.figure.getByRole('alert')).toContainText('Copied.');
  } finally {
    course.close();
  }
});

test('what a loaded file says stays text in every view', async ({ page }) => {
  const lesson = await Lesson.recorded(page);
  const header = { v: 1, kind: 'recording', lesson: 'x', scenario: 'x', inputs: '', made: '2026-01-01T00:00:00Z' };
  const evil = '"><img src=x onerror=alert(1)>';
  const request = { type: 'client.request', t: 1, pid: 5, seq: 1, conn: evil, n: 1, method: evil, url: `http://localhost/${evil}` };
  const answer = { type: 'client.response', t: 2, pid: 5, seq: 2, conn: evil, n: 1, status: 200, bytes: 1, server: evil };
  const text = [header, request, answer].map((line) => JSON.stringify(line)).join('\n');
  await lesson.load({ name: 'evil.ndjson', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await expect(lesson.figure.locator('.from')).toHaveText('evil.ndjson');
  for (const view of ['Map', 'Lanes', 'Text', 'Table'] as const) {
    await lesson.view(view);
    await expect(lesson.figure.locator('.other, .stage').filter({ visible: true })).not.toBeEmpty();
    await expect(lesson.figure.locator('img')).toHaveCount(0);
  }
  await expect(lesson.figure.locator('tbody .request')).toHaveText(`${evil} /${evil}`);
});
