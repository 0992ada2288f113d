// The browser of the work area as somebody uses it who knows one: pages with their parts, forms, history, a certificate that nobody trusts.
import type { FrameLocator, Locator } from '@playwright/test';
import { axeFaults } from './axe.ts';
import { expect, Lesson, test } from './support.ts';

test.use({ viewport: { width: 1280, height: 1000 } });

const STATIC = '/srv/shop/static';
/** A little site: a page with all that a page loads, one to go to, and one that attacks. */
const SITE: Readonly<Record<string, string>> = {
  'home.html':
    '<!doctype html><title>Home</title><link rel=stylesheet href=home.css><h1>Home</h1><img src=dot.svg alt=dot id=dot>' +
    '<a href=about.html>About</a> <a href=#end>To the end</a> <a href=/go>Moved</a>' +
    '<form action=/count method=post><input name=who value="a b"><button>Post it</button></form>' +
    '<form action=/static/about.html><input name=q value=1><button>Look up</button></form><p style="margin-top:200vh" id=end>The end</p>',
  'home.css': '@import "more.css"; h1 { background: url(dot.svg) }',
  'more.css': 'h1 { color: rgb(1, 2, 3) }',
  'dot.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="red"/></svg>',
};

/** Lays files in the sandbox and runs a command there, by the terminal. */
async function prepare(lesson: Lesson, files: Readonly<Record<string, string>>, command: string): Promise<void> {
  const writes = Object.entries(files).map(([name, text]) => `echo '${text.replaceAll("'", `'\\''`)}' > ${STATIC}/${name}`);
  await lesson.openTab('Terminal');
  await lesson.prompted();
  await lesson.terminal.focus();
  await lesson.page.keyboard.insertText([...writes, command, 'echo all""done'].join(' && '));
  await lesson.page.keyboard.press('Enter');
  await expect.poll(() => lesson.screen()).toContain('alldone');
  await lesson.openTab('Browser');
}

class Browser {
  readonly lesson: Lesson;
  readonly pane: Locator;
  readonly bar: Locator;
  constructor(lesson: Lesson) {
    this.lesson = lesson;
    this.pane = lesson.panel('Browser');
    this.bar = this.pane.getByRole('textbox', { name: 'Address' });
  }
  get page(): FrameLocator {
    return this.pane.frameLocator('iframe');
  }
  async go(url: string): Promise<void> {
    await this.bar.fill(url);
    await this.bar.press('Enter');
  }
  async see(view: 'Page' | 'Answer' | 'Network'): Promise<void> {
    await this.pane.getByRole('radio', { name: view }).check({ force: true });
  }
  /** Requests so far, the oldest first: `GET /static/home.css`. */
  async requests(): Promise<string[]> {
    const rows = await this.lesson.answers.locator('.path').allTextContents();
    return rows.map((row) => row.trim()).reverse();
  }
}

const NGINX =
  'server { listen 443 ssl; server_name localhost; ssl_protocols TLSv1.3; ssl_certificate /tls/c; ssl_certificate_key /tls/k; location / { return 200 "over tls"; } } ' +
  'server { listen 8081; location / { return 302 http://localhost/static/about.html; } }';
const SERVE = [
  'mkdir -p /tls',
  'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /tls/k -out /tls/c -subj /CN=localhost 2>/dev/null',
  `echo '${NGINX}' > /etc/nginx/sites-enabled/more`,
  'nginx -s reload',
].join(' && ');

test('a page with its parts, links and forms; the way back; a certificate that nobody trusts', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.run();
  await prepare(lesson, SITE, SERVE);
  const browser = new Browser(lesson);
  const title = browser.page.getByRole('heading', { level: 1 });

  await test.step('what the page asks for are requests like any other', async () => {
    await browser.go('/static/home.html');
    await expect(title).toHaveCSS('color', 'rgb(1, 2, 3)');
    await expect(browser.bar).toHaveValue('http://localhost/static/home.html');
    await expect.poll(() => browser.page.locator('#dot').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(8);
    const [first, ...parts] = await browser.requests();
    expect(first).toBe('GET /static/home.html');
    expect(parts.sort()).toEqual(['GET /static/dot.svg', 'GET /static/home.css', 'GET /static/more.css']);
    await browser.see('Network');
    await expect(lesson.answers.first()).toContainText('a file');
    await lesson.answers.last().locator('summary').click();
    await lesson.answers.last().getByRole('button', { name: /^Open request \d/ }).click();
    await expect(page.getByRole('dialog')).toContainText('GET /static/home.html');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  await test.step('links, parts of a page, back and forward by keyboard', async () => {
    await browser.see('Page');
    await browser.page.getByRole('link', { name: 'To the end' }).click();
    await expect(browser.bar).toHaveValue('http://localhost/static/home.html#end');
    await expect(browser.page.locator('#end')).toBeInViewport();
    await browser.page.getByRole('link', { name: 'About' }).click();
    await expect(title).toHaveText('About the shop');
    await browser.bar.press('Alt+ArrowLeft');
    await expect(title).toHaveText('Home');
    await expect(browser.bar).toHaveValue('http://localhost/static/home.html#end');
    await browser.pane.getByRole('button', { name: 'Forward' }).click();
    await expect(title).toHaveText('About the shop');
  });

  await test.step('forms send what was typed, and a form is not sent again without asking', async () => {
    await browser.go('/static/home.html');
    await browser.page.getByRole('button', { name: 'Look up' }).click();
    await expect(browser.bar).toHaveValue('http://localhost/static/about.html?q=1');
    await browser.go('/static/home.html');
    await browser.page.getByRole('button', { name: 'Post it' }).click();
    await expect(browser.bar).toHaveValue('http://localhost/count');
    expect((await browser.requests()).at(-1)).toBe('POST /count');
    await browser.pane.getByRole('button', { name: 'Reload' }).click();
    await expect(browser.pane).toContainText('Send the form again?');
  });

  await test.step('a redirect is followed, each hop a request; the answer as it came', async () => {
    await browser.go('localhost:8081/x');
    await expect(title).toHaveText('About the shop');
    await expect(browser.bar).toHaveValue('http://localhost/static/about.html');
    expect((await browser.requests()).slice(-3, -1)).toEqual(['GET http://localhost:8081/x', 'GET /static/about.html']);
    await browser.see('Answer');
    await expect(browser.pane.locator('.answer')).toContainText('HTTP/1.1 200 OK');
    await expect(browser.pane.locator('.answer').getByLabel('Body')).toContainText('<!doctype html>');
    expect(await axeFaults(page, { parts: ['[id$=panel-browser]'] })).toEqual([]);
  });

  await test.step('nobody listens', async () => {
    await browser.go('http://localhost:81/');
    await expect(browser.pane).toContainText('nobody listens on port 81');
    await expect(browser.pane).toContainText('ERR_CONNECTION_REFUSED');
  });

  await test.step('a certificate that nobody trusts, and going on all the same', async () => {
    await browser.go('https://localhost/');
    await expect(browser.pane.getByRole('heading', { name: 'Your connection is not private' })).toBeVisible();
    await expect(browser.pane).toContainText('NET::ERR_CERT_AUTHORITY_INVALID');
    await browser.pane.getByRole('button', { name: 'Advanced' }).click();
    expect(await axeFaults(page, { parts: ['[id$=panel-browser]'] })).toEqual([]);
    await browser.pane.getByRole('button', { name: 'Proceed to localhost (unsafe)' }).click();
    await expect(browser.pane.getByLabel('Page', { exact: true }).filter({ hasText: 'over tls' })).toBeVisible();
    await expect(browser.pane.getByRole('img', { name: /Not secure: https/ })).toBeVisible();
  });
});
