// WebContainer was wanted and does not start: the server runs in the tab, with the right reason. Here stands what answers, or does not,
// in the place of stackblitz.com.
import { expect, type Route, test } from '@playwright/test';
import { Chooser, never, outlast, ownClock, speaking, stackblitz } from './engine.ts';

/** As Comlink, which its client speaks, hands over an error. */
const REFUSAL = 'Your browser does not support all necessary features';
const refuses = speaking(`port.onmessage = ({ data: { id } }) =>
  port.postMessage({ id, type: 3, name: 'throw', value: { isError: true, value: { name: 'Error', message: '${REFUSAL}', stack: '' } } });`);

const SILENT = 'stackblitz.com did not answer within 10 seconds.';
/** Who asked for an answer and has none. */
const late: Route[] = [];
const failures: readonly {
  readonly name: string;
  readonly answer: (route: Route) => unknown;
  readonly says: string;
  /** How long nothing is said (ms). */
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
  ...['hangs', 'hangs again'].map((name) => ({ name, answer: (route: Route) => late.push(route), says: SILENT, limit: 10_000 })),
  {
    name: 'says its first word and then nothing',
    answer: speaking(''),
    says: 'The WebContainer was not up within 30 seconds.',
    limit: 30_000,
  },
  { name: 'refuses the browser', answer: refuses, says: `WebContainer could not start: ${REFUSAL}`, limit: 0 },
];

test('WebContainer does not come up, in one way after the other: the server runs in the tab, with the reason, and Retry tries again', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await ownClock(page);
  let now: (route: Route) => unknown = never;
  let asked = 0;
  await stackblitz(page, (route) => {
    asked++;
    return now(route);
  });
  const lesson = await Chooser.open(page);
  await test.step('the code of the engine does not load', async () => {
    await page.route('**/assets/webcontainer*', (route) => route.abort());
    await lesson.agree();
    await expect(lesson.note).toContainText('WebContainer could not start');
    await lesson.goesOn();
    expect(lesson.outside).toEqual([]);
    await page.unroute('**/assets/webcontainer*');
  });
  for (const { name, answer, says, limit } of failures)
    await test.step(`stackblitz.com ${name}`, async () => {
      now = answer;
      const before = asked;
      await lesson.note.getByRole('button', { name: 'Retry' }).click();
      if (limit > 0) {
        await expect(lesson.work.getByText(limit > 10_000 ? 'Booting the WebContainer' : 'Waiting for stackblitz.com')).toBeVisible();
        await expect(lesson.frames).toHaveCount(1);
        await expect.poll(() => asked).toBeGreaterThan(before);
        await outlast(page, limit, () => expect(lesson.note).toHaveCount(0));
      }
      await expect(lesson.note).toContainText(says);
      await lesson.goesOn();
    });

  await test.step('it hung and answers when nobody waits any more: that changes nothing', async () => {
    expect(late).toHaveLength(2);
    // their frames are gone, so there may be nobody to take the answers
    for (const route of late.splice(0)) await speaking('')(route).catch(() => {});
    await lesson.goesOn();
    await lesson.note.getByRole('button', { name: 'Stay in this tab' }).press('Enter');
    await expect(lesson.note).toHaveCount(0);
    await expect(lesson.firstButton).toBeFocused();
    await lesson.goesOn();
  });
});
