// The look round the screen: offered once, by keyboard all the way, and found again in the list of keys.
import { axeFaults } from './axe.ts';
import { expect, test } from './support.ts';

test('a look round: from stop to stop by keyboard, back to where it began, and not offered again', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto('/lessons/which-worker/');
  const offer = page.getByRole('button', { name: 'A look round, 1 minute' });
  const note = page.getByRole('dialog', { name: 'A look round', exact: true });
  const heading = note.getByRole('heading');
  await offer.press('Enter');
  await expect(heading).toBeFocused();
  await expect(heading).toHaveText(/1 of 6:\s+The text/);
  await page.keyboard.press('Enter');
  await expect(heading).toHaveText(/2 of 6:/);
  await page.keyboard.press('ArrowRight');
  await expect(heading).toHaveText(/3 of 6:\s+Run/);
  await expect(heading).toBeFocused();
  await expect(note).toBeInViewport({ ratio: 1 });
  expect(await axeFaults(page, { parts: ['[role="dialog"]'] })).toEqual([]);

  // nothing is locked: what it speaks of can be pressed
  await page.getByRole('tab', { name: 'Check' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Check' })).toBeVisible();
  await note.getByRole('button', { name: 'Back' }).click();
  await expect(heading).toHaveText(/2 of 6:/);
  await page.keyboard.press('Escape');
  await expect(note).toHaveCount(0);
  await expect(offer).toBeFocused();

  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(offer).toBeHidden();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).getByRole('button', { name: 'A look round the screen' }).click();
  await expect(heading).toHaveText(/1 of 6:/);
  for (let stop = 2; stop <= 6; stop++) await page.keyboard.press('ArrowRight');
  await note.getByRole('button', { name: 'Done' }).click();
  await expect(note).toHaveCount(0);
});

test('a look round: declined, where the browser keeps nothing', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('not here', 'SecurityError');
      },
    });
  });
  await page.goto('/lessons/which-worker/');
  await page.getByRole('button', { name: 'No, thanks' }).click();
  await expect(page.getByText('It waits in the list of keys: press ?.')).toBeFocused();
});
