// Cards to sort and to match: by keyboard, with a reason for every answer.
import { axeFaults } from './axe.ts';
import { expect, test } from './support.ts';

test('sorting by keyboard: a wrong answer gets a reason, a right one counts', async ({ page }) => {
  await page.goto('/lessons/nginx/');
  const set = page.getByRole('group', { name: /^Whose job is it, on a server/ });
  const card = set.getByRole('group', { name: 'Sends logo.png' });
  await expect(set.locator('.why:visible')).toHaveCount(0);
  await card.getByRole('radio', { name: 'Python' }).focus();
  await page.keyboard.press('Space');
  await expect(set).toContainText(/Not quite: Nginx\. A file from the disk/);
  await expect(set.getByRole('status')).toHaveText('0 of 10 are right, 1 not yet.');
  await page.keyboard.press('ArrowLeft');
  await expect(card.getByRole('radio', { name: 'Nginx' })).toBeChecked();
  await expect(set).toContainText(/Right\. A file from the disk/);
  await expect(set.getByRole('status')).toHaveText('1 of 10 are right.');
  expect(await axeFaults(page, { parts: ['.sort'] })).toEqual([]);
});

test('matching: a wrong answer says whose counterpart it is and does not give the right one away', async ({ page }) => {
  await page.goto('/lessons/iis/');
  const set = page.getByRole('group', { name: /^Which part here/ });
  const list = set.getByRole('combobox', { name: 'WAS' });
  await list.selectOption('a uWSGI worker');
  await expect(set.locator('.why:visible')).toHaveText(/^Not quite\. That is the counterpart of something else: w3wp\.exe\.$/);
  await list.selectOption('the uWSGI master');
  await expect(set.locator('.why:visible')).toHaveText(/^Right\. Both start workers/);
  await list.selectOption('is here…');
  await expect(set.locator('.why:visible')).toHaveCount(0);
  await expect(set.getByRole('status')).toHaveText('0 of 8 are right.');
  // every card has one answer, and each answer is taken once
  for (const one of await page.locator('.sort li:has(select)').all()) {
    await one.getByRole('combobox').selectOption((await one.getAttribute('data-right')) ?? '');
    await expect(one.locator('.verdict')).toHaveText('Right.');
  }
  await expect(set.getByRole('status')).toHaveText('8 of 8 are right.');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('the cards stand there with their answers', async ({ page }) => {
    await page.goto('/lessons/nginx/');
    const card = page.locator('.sort li').filter({ hasText: 'Sends logo.png' });
    await expect(card.getByText('Nginx. A file from the disk.')).toBeVisible();
    await expect(card.getByRole('radio')).toHaveCount(0);
  });
});
