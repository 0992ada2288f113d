// The page that a preview in a tab of its own asks for its container.
import { expect, test } from '@playwright/test';

const CONNECT = '/webcontainer/connect/2f6b';

test('opened by a preview it holds StackBlitz’ frame, and passes messages on both ways', async ({ page, context }) => {
  const frame = `<!doctype html><script>
    addEventListener('message', ({ data }) => parent.postMessage('the frame heard ' + data, '*'));
    parent.postMessage('the frame is there', '*');
  </script>`;
  const headers = { 'Cross-Origin-Resource-Policy': 'cross-origin' };
  await context.route('https://stackblitz.com/**', (route) => route.fulfill({ contentType: 'text/html', headers, body: frame }));
  // a page without isolation, as a preview's own
  await page.goto('/');
  const heard = await page.evaluate(async (address) => {
    const told: string[] = [];
    const enough = new Promise<void>((resolve) => {
      addEventListener('message', ({ data, source }) => {
        told.push(data);
        if (told.length === 1) (source as Window).postMessage('hello', '*');
        else resolve();
      });
    });
    window.open(address);
    await enough;
    return told;
  }, CONNECT);
  expect(heard).toEqual(['the frame is there', 'the frame heard hello']);
  const connecting = context.pages().at(-1);
  await expect(connecting?.locator('iframe') ?? page.locator('none')).toHaveAttribute('src', `https://stackblitz.com${CONNECT}`);
});

test('opened by hand it is an address that does not exist', async ({ page, context }) => {
  await context.route('https://stackblitz.com/**', (route) => route.abort());
  const answer = await page.goto(CONNECT);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This request found no location.');
  await expect(page.locator('iframe')).toHaveCount(0);
});
