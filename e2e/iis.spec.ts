// The IIS view of the figure: the same run in IIS words, and the model of what IIS would have done with the same requests.
import type { Locator, Page } from '@playwright/test';
import { axeFaults, BOTH } from './axe.ts';
import { expect, Lesson, test } from './support.ts';

/** Opens the lesson's figure in the IIS view, at a moment of its recording. */
async function openIis(page: Page): Promise<{ figure: Locator; model: Locator; pool: Locator }> {
  const { figure } = await Lesson.open(page);
  // the figure wakes up when somebody turns to it
  await figure.getByRole('group', { name: /Space plays/ }).focus();
  await expect(figure.getByRole('slider', { name: 'Time' })).toBeEnabled({ timeout: 30_000 });
  await figure.getByRole('group', { name: 'View' }).getByRole('radio', { name: 'IIS', exact: true }).click();
  const model = figure.getByRole('region', { name: 'Model of IIS' });
  await expect(model).toBeVisible();
  return { figure, model, pool: figure.getByRole('combobox', { name: 'Pool' }) };
}

/** What a screen reader is told of the model now. */
const told = (model: Locator): Locator => model.getByRole('list', { name: 'The model now' });

test('the model is labelled, follows the clock of the figure and the settings of the pool', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  const { figure, model, pool } = await openIis(page);
  await expect(model.getByText('model', { exact: true })).toBeVisible();
  // each badge says its own truth
  await expect(model.getByText('model', { exact: true })).toHaveAttribute('data-truth', 'model');
  await expect(figure.locator('figcaption .truth')).toHaveText('recording');
  await expect(told(model)).toContainText('WAS watches the pool Shop.');
  await expect(model.getByRole('button', { name: /^w3wp / })).toHaveCount(1);

  await expect(told(model)).toContainText('0 answered, 0 refused with 503, 0 lost');

  await figure.getByRole('slider', { name: 'Time' }).press('End');
  await expect(told(model)).toContainText(/[1-9]\d* answered, 0 refused with 503/);

  await pool.selectOption('Web garden of 4');
  await expect(model.getByRole('button', { name: /^w3wp / })).toHaveCount(4);
  await expect(model.getByRole('listitem').filter({ hasText: 'A web garden' })).toHaveCount(1);
});

test('a mistake in the applicationHost.config is shown with its line, and the model goes on', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  const { model, pool } = await openIis(page);
  await pool.selectOption('Queue of 10');
  await model.getByText('applicationHost.config', { exact: true }).first().click();
  const text = model.getByRole('textbox', { name: 'applicationHost.config of the model' });
  const before = await text.inputValue();
  await text.fill(before.replace('queueLength="10"', 'queueLength="ten"'));
  await expect(model.getByRole('alert')).toContainText('Line 4: queueLength must be a whole number from 10 to 65535, not "ten"');
  await expect(text).toHaveAttribute('aria-invalid', 'true');
  await expect(told(model)).toContainText('which has space for 10');
  await model.getByRole('button', { name: 'Line 4' }).click();
  await expect(text).toBeFocused();

  await text.fill(before.replace('queueLength="10"', 'queueLength="25"'));
  await expect(model.getByRole('alert')).toBeEmpty();
  await expect(told(model)).toContainText('which has space for 25');
  await expect(pool).toHaveValue('Your own');
  await model.getByRole('button', { name: 'Reset to the default pool' }).click();
  await expect(told(model)).toContainText('which has space for 1000');
  await expect(pool).toHaveValue('Default pool');
});

test('by keyboard from part to part, and to the same run in IIS words', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  const { figure, model } = await openIis(page);
  const gate = model.getByRole('group', { name: /^HTTP\.sys/ });
  await gate.focus();
  await page.keyboard.press('ArrowRight');
  await expect(model.getByRole('button', { name: /^request queue/ })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(model.getByRole('group', { name: /^WAS/ })).toBeFocused();

  await figure.getByRole('radio', { name: 'IIS model' }).focus();
  await page.keyboard.press('ArrowLeft');
  const run = figure.getByRole('region', { name: 'This run in IIS words' });
  await expect(run).toBeVisible();
  await expect(model).toBeHidden();
  await expect(run.getByRole('group', { name: /no IIS runs here/ })).toBeVisible();
});

test('anybody can use it', async ({ page }) => {
  const { model } = await openIis(page);
  await model.getByText('applicationHost.config', { exact: true }).first().click();
  await model.getByText('Where this comes from').click();
  expect(await axeFaults(page, { parts: ['.iis'], sizes: BOTH })).toEqual([]);
});
