// WebContainer was wanted and does not start: the server runs in the tab, with the right reason. Here stands what answers, or does not,
// in the place of stackblitz.com.
import { expect, type Route, test } from '@playwright/test';
import { Chooser, never, outlast, ownClock, speaking, stackblitz } from './engine.ts';

const SILENT = 'stackblitz.com did not answer within 10 seconds.';
const failures: readonly {
  readonly name: string;
  readonly answer: (route: Route) => unknown;
  readonly says: string;
  readonly limit: number;
}[] = [
  ...(['failed', 'connectionrefused', 'namenotresolved', 'blockedbyclient'] as const).map((code) => ({
    name: `cannot be reached (${code})`,
    answer: (route: Route) => route.abort(code),
    says: SILENT,
    limit: 10_000,
  })),
  {
    name: 'answers 404',
    answer: (route) => route.fulfill({ status: 404, contentType: 'text/html', body: '<h1>Not found</h1>' }),
    says: SILENT,
    limit: 10_000,
  },
  {
    name: 'says its first word and then nothing',
    answer: speaking(''),
    says: 'The WebContainer was not up within 30 seconds.',
    limit: 30_000,
  },
];

for (const { name, answer, says, limit } of failures) {
  test(`stackblitz.com ${name}: the server runs in the tab, with the reason`, async ({ page }) => {
    await ownClock(page);
    await stackblitz(page, answer);
    const lesson = await Chooser.open(page);
    await lesson.agree();
    await expect(lesson.work.getByText(limit > 10_000 ? 'Booting the WebContainer' : 'Waiting for stackblitz.com')).toBeVisible();
    await expect(lesson.frames).toHaveCount(1);
    await outlast(page, limit, () => expect(lesson.note).toHaveCount(0));
    await expect(lesson.note).toContainText(says);
    await lesson.goesOn();
  });
}

test('stackblitz.com hangs, twice, and answers when nobody waits any more: that changes nothing', async ({ page }) => {
  await ownClock(page);
  const late: Route[] = [];
  await stackblitz(page, (route) => late.push(route));
  const lesson = await Chooser.open(page);
  await lesson.agree();
  await expect(lesson.work.getByText('Waiting for stackblitz.com')).toBeVisible();
  await expect(lesson.frames).toHaveCount(1);
  await outlast(page, 10_000, () => expect(lesson.note).toHaveCount(0));
  await expect(lesson.note).toContainText(SILENT);
  await lesson.goesOn();

  await lesson.note.getByRole('button', { name: 'Retry' }).click();
  await expect(lesson.frames).toHaveCount(1);
  await expect.poll(() => late.length).toBe(2);
  await outlast(page, 10_000, () => expect(lesson.note).toHaveCount(0));
  await expect(lesson.note).toContainText(SILENT);
  // their frames are gone, so there may be nobody to take the answers
  for (const route of late) await speaking('')(route).catch(() => {});
  await lesson.goesOn();
  await lesson.note.getByRole('button', { name: 'Stay in this tab' }).press('Enter');
  await expect(lesson.note).toHaveCount(0);
  await expect(lesson.firstButton).toBeFocused();
  await lesson.goesOn();
});

test('WebContainer refuses the browser: the server runs in the tab, with its words', async ({ page }) => {
  // as Comlink, which its client speaks, hands over an error
  const words = 'Your browser does not support all necessary features';
  await stackblitz(
    page,
    speaking(`port.onmessage = ({ data: { id } }) =>
      port.postMessage({ id, type: 3, name: 'throw', value: { isError: true, value: { name: 'Error', message: '${words}', stack: '' } } });`),
  );
  const lesson = await Chooser.open(page);
  await lesson.agree();
  await expect(lesson.note).toContainText(`WebContainer could not start: ${words}`);
  await lesson.goesOn();
});

test('the code of the engine does not load: the server runs in the tab', async ({ page }) => {
  await stackblitz(page, never);
  await page.route('**/assets/webcontainer*', (route) => route.abort());
  const lesson = await Chooser.open(page);
  await lesson.agree();
  await expect(lesson.note).toContainText('WebContainer could not start');
  await lesson.goesOn();
  expect(lesson.outside).toEqual([]);
});
