// The map: its filter, in the page and in the address.
import { expect, test } from './support.ts';

test('the map is filtered by words, group and likeness, and the address keeps it', async ({ page }) => {
  await page.goto('/map/?q=harakiri');
  const count = page.getByRole('status').filter({ hasText: 'rows' });
  await expect(count).toHaveText(/^\d of \d+ rows$/);
  await expect(page.getByRole('row', { name: /^harakiri = 30/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^Ubuntu server/ })).toBeHidden();
  // a group with nothing left has no head either
  await expect(page.getByRole('heading', { name: 'HTTPS' })).toBeHidden();

  const words = page.getByRole('searchbox', { name: 'With the words' });
  await words.fill('no such thing anywhere');
  await expect(page.getByText('No row has all of that.')).toBeVisible();
  await expect(page.getByRole('table')).toBeHidden();
  await page.getByRole('button', { name: 'Show all' }).press('Enter');
  await expect(count).toHaveText(/^All \d+ rows$/);
  await expect(words).toBeFocused();
  await expect(page).toHaveURL(/\/map\/$/);

  await page.getByRole('combobox', { name: 'In' }).selectOption('Static files');
  await page.getByRole('radio', { name: 'different' }).press('Space');
  await expect(page).toHaveURL(/\/map\/\?group=static&same=different$/);
  await page.reload();
  await expect(page.getByRole('radio', { name: 'different' })).toBeChecked();
  await expect(page.getByRole('row', { name: /^alias or root/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^location \/static\// })).toBeHidden();

  // a link to a row comes before a filter that hides it
  await page.goto('/map/?same=same#harakiri');
  await expect(page.getByRole('row', { name: /^harakiri = 30/ })).toBeInViewport();

  // on paper its head does not lie over what is printed
  const head = page.getByRole('columnheader').first();
  await expect(head).toHaveCSS('position', 'sticky');
  await page.emulateMedia({ media: 'print' });
  await expect(head).toHaveCSS('position', 'static');
});

test('on a phone a cell is its label and one text, with code in it or without', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/map/');
  const cell = page.getByRole('cell').filter({ hasText: 'UseWindowsService(), or a unit file' }).first();
  const code = await cell.getByRole('code').boundingBox();
  const rest = await cell.evaluate((td) => {
    const range = document.createRange();
    range.selectNodeContents(td);
    return Math.min(...[...range.getClientRects()].map(({ left }) => left));
  });
  // not in the column of the labels
  expect(Math.round(rest)).toBe(Math.round((await cell.locator('span').boundingBox())?.x ?? 0));
  expect(code?.x).toBeGreaterThanOrEqual(rest);
});
