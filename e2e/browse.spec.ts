// The browser of the work area as somebody uses it who knows one: pages with their parts, forms, history, a certificate that nobody trusts.
import type { FrameLocator, Locator } from '@playwright/test';
import { BRIDGE, framePolicy, SANDBOX } from '../src/workspace/browser/bridge.ts';
import { axeFaults } from './axe.ts';
import { expect, Lesson, test } from './support.ts';

test.use({ viewport: { width: 1280, height: 1000 } });
// one start of the sandbox serves many steps
test.describe.configure({ timeout: 100_000 });

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
    const radio = this.lesson.page.getByRole('radio', { name: view });
    await this.pane.locator('label').filter({ has: radio }).click();
  }
  /** Requests so far, the oldest first: `GET /static/home.css`. */
  async requests(): Promise<string[]> {
    const rows = await this.lesson.answers.locator('.path').allTextContents();
    return rows.map((row) => row.trim()).reverse();
  }
}

const NGINX =
  'server { listen 443 ssl; server_name localhost; ssl_protocols TLSv1.3; ssl_certificate /tls/c; ssl_certificate_key /tls/k; default_type text/plain; location / { return 200 "over tls"; } } ' +
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
    await lesson.answers
      .last()
      .getByRole('button', { name: /^Open request \d/ })
      .click();
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

  await test.step('a page that has left its frame is closed, and comes back when it is loaded again', async () => {
    await browser.pane.locator('iframe').evaluate((frame: HTMLIFrameElement) => {
      frame.srcdoc = 'elsewhere';
    });
    await expect(browser.pane).toContainText('The page tried to leave its frame and was closed.');
    await browser.pane.getByRole('button', { name: 'Reload' }).click();
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

  await test.step('what is typed while a page loads stays', async () => {
    await browser.go('/slow?ms=1000');
    await expect(browser.bar).toHaveValue('http://localhost/slow?ms=1000');
    await browser.bar.fill('/static/');
    await expect(browser.pane.getByRole('region', { name: 'Page' })).toContainText('waited 1000 ms');
    await expect(browser.bar).toHaveValue('/static/');
  });

  await test.step('a redirect is followed, each hop a request; the answer as it came', async () => {
    await browser.go('localhost:8081/x');
    await expect(title).toHaveText('About the shop');
    await expect(browser.bar).toHaveValue('http://localhost/static/about.html');
    expect((await browser.requests()).slice(-3, -1)).toEqual(['GET http://localhost:8081/x', 'GET /static/about.html']);
    await browser.see('Answer');
    await expect(browser.pane.locator('.answer')).toContainText('HTTP/1.1 200 OK');
    await expect(browser.pane.locator('.answer').getByLabel('Body')).toContainText('<!doctype html>');
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

/** What a hostile page tries. `RAN` would stand in it if any of its code had run. */
const RAN = 'document.body.append([`RA`,`N`].join(``)),top.postMessage([`RA`,`N`].join(``),`*`),top.hacked=1';
const attack = (leak: string): string =>
  `<!doctype html><meta http-equiv=refresh content="0;url=${leak}refresh"><base href="/static/" target=_top><title>Attack</title>` +
  `<link rel=stylesheet href="${leak}link.css"><style>@import "${leak}import.css"; body { background: \\75 rl(${leak}css) } p { background: image-set("${leak}set" 1x) }</style>` +
  `<h1>Attack</h1><script>${RAN}</script><script src="${leak}script.js"></script><img src=x onerror="${RAN}"><img src="${leak}img"><body onload="${RAN}">` +
  `<svg onload="${RAN}"><script>${RAN}</script><image href="${leak}svg"/></svg><iframe srcdoc="<script>${RAN}</script>"></iframe>` +
  `<object data="${leak}object"></object><video src="${leak}video" autoplay></video><math><mtext><style><img src=x onerror="${RAN}"></style></mtext></math>` +
  `<a id=js href="javascript:${RAN}">script</a> <a id=out href="${leak}a" target=_top>out</a><form action="${leak}form" target=_top><button id=send>send</button></form>`;

test('a hostile page runs nothing and reaches nobody; load, and what the charts say of it', async ({ page, baseURL }) => {
  const lesson = await Lesson.open(page);
  await lesson.run();
  // this very site, under the name by which it would be somebody else: what gets there has left the sandbox
  const leak = `${(baseURL ?? '').replace('localhost', '127.0.0.1')}/leak/`;
  await prepare(lesson, { 'attack.html': attack(leak) }, 'true');
  const leaks: string[] = [];
  // Chromium tells also of requests that the frame's policy stopped: one that got out has an answer
  page.on('response', (response) => {
    if (response.url().includes('/leak/')) leaks.push(response.url());
  });
  await page.evaluate(() => window.addEventListener('message', ({ data }) => data === 'RAN' && Object.assign(window, { hacked: 1 })));
  const address = page.url();
  const browser = new Browser(lesson);

  await test.step('in the pane', async () => {
    await browser.go('/static/attack.html');
    const shown = browser.page.locator('body');
    await expect(shown).toContainText('Attack');
    await expect(browser.pane).toContainText('Not shown: 2 scripts');
    // what leads away is asked of the sandbox's browser: it knows no such machine
    await browser.page.locator('#send').click();
    await expect(browser.pane).toContainText('ERR_CONNECTION_REFUSED');
    await browser.bar.press('Alt+ArrowLeft');
    await browser.page.locator('#js').click();
    await browser.page.locator('#out').click();
    await expect(browser.bar).toHaveValue(`${leak}a`);
  });

  await test.step('in the frame alone, as if nothing had been taken out of the page', async () => {
    await page.evaluate(
      ([sandbox, policy, bridge, html]) => {
        const frame = document.createElement('iframe');
        frame.id = 'alone';
        frame.setAttribute('sandbox', sandbox);
        frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><script nonce="n">${bridge}</script>${html}`;
        document.body.append(frame);
        return new Promise((resolve) => frame.addEventListener('load', resolve));
      },
      [SANDBOX, framePolicy('n'), BRIDGE, attack(leak).replace(/<meta[^>]*>/, '')] as const,
    );
    const alone = page.frameLocator('#alone');
    await alone.locator('#js').click();
    await alone.locator('#send').click();
    await expect(alone.locator('body')).not.toContainText('RAN');
    await page.evaluate(() => document.querySelector('#alone')?.remove());
  });
  expect(leaks).toEqual([]);
  expect(page.url()).toBe(address);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);

  await test.step('load', async () => {
    await lesson.openTab('Traffic');
    const traffic = lesson.panel('Traffic');
    await traffic.getByText('What is sent:').click();
    await traffic.getByLabel('/', { exact: true }).fill('0');
    await traffic.getByRole('textbox', { name: 'Another path' }).fill('/slow?ms=400');
    await traffic.getByRole('button', { name: 'Add' }).click();
    await traffic.getByRole('button', { name: '8 at once' }).click();
    await expect(traffic).toContainText('8 sent, 8 under way');
    await expect(traffic.getByText('4 of 4 at once in the last second.')).toBeVisible();
    await expect(traffic).toContainText('8 sent, 0 under way');
    await traffic.getByRole('button', { name: 'Burst of 40' }).dblclick();
    await expect(traffic).toContainText('Cannot keep up: 60 under way is all that this visitor sends at once, so 20 were not sent.');
    await expect(traffic.getByText(/^[45]\d at once in the last second\.$/)).toBeVisible();
    await traffic.getByRole('slider', { name: 'Steady load' }).press('ArrowRight');
    await expect(traffic).toContainText(/\b7\d sent/);
    await traffic.getByRole('button', { name: 'Stop' }).click();
    await expect(traffic).toContainText(/ 0 under way/, { timeout: 20_000 });
    expect(await axeFaults(page, { parts: ['[id$=panel-traffic]'] })).toEqual([]);
  });
});
