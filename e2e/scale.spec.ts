// The model in lesson 4: fetched when it comes into sight, moved by the keyboard, set by its table. Its numbers are unit-tested.
import { expect, test } from './support.ts';

test('the model of the three ways to grow', async ({ page }) => {
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (/ScaleModel/.test(request.url())) scripts.push(request.url());
  });
  await page.goto('/lessons/three-ways/');
  const model = page.getByRole('group', { name: 'Three ways to grow' });
  const cores = model.getByRole('slider', { name: 'Up: cores in each machine' });
  await expect(cores).toBeDisabled();
  expect(scripts).toEqual([]);

  await cores.scrollIntoViewIfNeeded();
  await expect(cores).toBeEnabled();
  await cores.focus();
  for (let n = 1; n < 8; n++) await page.keyboard.press('ArrowRight');
  await expect(model).toContainText('One process uses one core: seven are idle.');
  await expect(model.getByRole('button', { name: '8 cores, 1 process' })).toHaveAttribute('aria-pressed', 'true');

  await model.getByRole('slider', { name: 'In: processes on each machine' }).press('End');
  await expect(model).toContainText('Eight processes more than the cores can feed only take turns');
  await model.getByRole('radio', { name: /waits 90 ms/ }).check();
  await expect(model).toContainText('16 processes wait for their database');

  await model.getByRole('button', { name: '4 machines, 2 cores and 2 processes each' }).click();
  await expect(model.getByRole('slider', { name: 'Out: machines' })).toHaveValue('4');
  await expect(model.getByRole('radio', { name: 'computes for 100 ms' })).toBeChecked();
  await expect(model).toContainText('8 of 8 cores in use');
});
