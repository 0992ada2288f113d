// The page that a preview in a tab of its own asks for its container.
import { expect, type Page, test } from '@playwright/test';

const CONNECT = '/webcontainer/connect/2f6b';

/** What the learner answered to whether stackblitz.com may be contacted. */
async function answered(page: Page, contact: 'yes' | 'no' | null): Promise<void> {
  await page.goto('/');
  await page.evaluate((choice) => localStorage.setItem('ftr:engine', JSON.stringify(choice)), { version: 1, engine: null, contact });
}

test('opened by a preview it holds StackBlitz’ frame, and passes messages on both ways', async ({ page, context }) => {
  const frame = `<!doctype html><script>
    addEventListener('message', ({ data }) => parent.postMessage('the frame heard ' + data, '*'));
    parent.postMessage('the frame is there', '*');
  </script>`;
  const headers = { 'Cross-Origin-Resource-Policy': 'cross-origin' };
  await context.route('https://stackblitz.com/**', (route) => route.fulfill({ contentType: 'text/html', headers, body: frame }));
  // a page without isolation, as a preview's own
  await answered(page, 'yes');
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

for (const contact of ['no', null] as const) {
  test(`opened by another site without the learner’s yes (${contact}): nobody is contacted, nothing is passed on`, async ({
    page,
    context,
  }) => {
    const asked: string[] = [];
    await context.route('https://stackblitz.com/**', (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    await answered(page, contact);
    // a page of another origin, which the learner happens to visit
    await page.route('https://elsewhere.example/', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    const site = new URL(page.url()).origin;
    await page.goto('https://elsewhere.example/');
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.evaluate((address) => void window.open(address), site + CONNECT)]);
    await popup.waitForLoadState('networkidle');
    await expect(popup.getByRole('heading', { level: 1 })).toHaveText('This request found no location.');
    expect(await popup.evaluate(() => window.opener !== null)).toBe(true);
    await expect(popup.locator('iframe')).toHaveCount(0);
    expect(asked).toEqual([]);
  });
}

test('opened by hand it is an address that does not exist', async ({ page, context }) => {
  await context.route('https://stackblitz.com/**', (route) => route.abort());
  const answer = await page.goto(CONNECT);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This request found no location.');
  await expect(page.locator('iframe')).toHaveCount(0);
});
