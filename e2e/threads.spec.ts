// Lesson 6 draws the learner's own runs beside the recorded ones: what the work area says happened comes into the text.
import { SLOW } from './course.ts';
import { expect, Lesson, test } from './support.ts';

test('requests that were sent together are drawn where their kind and the number of processes belong', async ({ page }) => {
  await page.goto('/lessons/gil/');
  const own = page.locator('.runs.own');
  const cells = own.getByRole('cell');
  await expect(cells).toHaveCount(4);
  await expect(cells.filter({ hasText: 'Nothing yet.' })).toHaveCount(4);
  await new Lesson(page).runButton.click();
  await page.evaluate(() =>
    window.dispatchEvent(new CustomEvent('ftr:send', { detail: { url: '/wait?ms=100', count: 4, inTurn: false } })),
  );
  await expect(cells.first()).toContainText(/All done after [\d.]+\sm?s, about [\d.]+\sm?s each in a worker/, SLOW);
  await expect(cells.first().locator('rect')).toHaveCount(4);
  await expect(cells.filter({ hasText: 'Nothing yet.' })).toHaveCount(3);
  await expect(own).toContainText(/lines: \d+ ms apart/);
});
