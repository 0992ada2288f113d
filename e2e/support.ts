/** What the tests of the lesson share: a learner's hands and eyes. Every wait is for a state that can be seen, never for a time. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type BrowserContext,
  test as base,
  expect,
  type FrameLocator,
  type Locator,
  type Page,
  type Request,
  type WebError,
} from '@playwright/test';

export const LESSON = '/lessons/which-worker/';
export const SITE_CONFIG = '/etc/nginx/sites-enabled/shop';
export const UWSGI_INI = '/srv/shop/uwsgi.ini';
export const APP = '/srv/shop/app/wsgi.py';

/** A cold start on a busy machine: engine, Python, four workers. */
const STARTED_WITHIN = 30_000;

/** Fails a test on an error that nobody caught, and on a request to another site. */
async function clean({ context }: { context: BrowserContext }, use: (nothing: undefined) => Promise<void>): Promise<void> {
  const problems: string[] = [];
  const uncaught = (error: WebError): void => void problems.push(`not caught: ${error.error()}`);
  const asked = (request: Request): void => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && !/^(localhost|127\.0\.0\.1)$/.test(hostname)) problems.push(`request to ${request.url()}`);
  };
  context.on('weberror', uncaught).on('request', asked);
  await use(undefined);
  // the context may be used again
  context.off('weberror', uncaught).off('request', asked);
  expect(problems).toEqual([]);
}

/** For every test of the lesson. */
export const test = base.extend<{ clean: undefined }>({ clean: [clean, { auto: true }] });

let visited: { readonly file: string; readonly context: BrowserContext } | undefined;

/**
 * A test in the browser that the test before it has used: it has what pages are made of and what a start needs, so that a start takes a
 * third less. The page is a new one, and nothing is left of what was done there. Not for who moves the context's clock, which stays moved,
 * nor for who wants to see things come.
 */
export const baseAgain = base.extend({
  context: async ({ browser }, use, { file }) => {
    // its options are those of the file
    if (visited?.file !== file) {
      await visited?.context.close();
      visited = { file, context: await browser.newContext() };
    }
    const { context } = visited;
    await use(context);
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await context.setOffline(false);
  },
  page: async ({ baseURL, context }, use) => {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    // all but the caches
    await session.send('Storage.clearDataForOrigin', { origin: baseURL ?? '', storageTypes: 'local_storage,indexeddb' });
    await session.detach();
    await use(page);
    for (const one of context.pages()) await one.close();
  },
});

/** The same for tests of the lesson. */
export const testAgain = baseAgain.extend<{ clean: undefined }>({ clean: [clean, { auto: true }] });

/**
 * The lesson where it stands: in a page, or in a frame of a course page. Its big parts are found by their place, because finding a role
 * looks at every element of a page, again and again while a test waits; that they have roles and names is a test of its own.
 */
export class Lesson {
  readonly page: Page;
  readonly root: Page | FrameLocator;

  constructor(page: Page, frame: FrameLocator | null = null) {
    this.page = page;
    this.root = frame ?? page;
  }

  static async open(page: Page): Promise<Lesson> {
    await page.goto(LESSON);
    return new Lesson(page);
  }

  /** The lesson's figure with its recording, standing still at its start. */
  static async recorded(page: Page): Promise<Lesson> {
    const lesson = await Lesson.open(page);
    await lesson.stage.focus();
    await expect(lesson.slider).toBeEnabled();
    return lesson;
  }

  /** The work area, beside the text. */
  get work(): Locator {
    return this.root.locator('#work');
  }
  get text(): Locator {
    return this.root.locator('main');
  }
  get runButton(): Locator {
    return this.work.getByRole('button', { name: 'Run', exact: true });
  }
  get restartButton(): Locator {
    return this.work.getByRole('button', { name: 'Restart servers' });
  }
  get figure(): Locator {
    return this.work.locator('figure');
  }
  /** The map, where the figure's keys work. */
  get stage(): Locator {
    return this.figure.getByRole('group', { name: /Space plays/ });
  }
  get slider(): Locator {
    return this.figure.getByRole('slider', { name: 'Time' });
  }
  /** Chooses one of the figure's views. */
  async view(name: 'Map' | 'Lanes' | 'Text' | 'Table' | 'IIS'): Promise<void> {
    const shown = { Map: '.map', Lanes: '.paper .time:not([data-cut])', Text: '.account li', Table: 'tbody tr', IIS: '.iis' }[name];
    await this.figure.getByRole('radio', { name }).check();
    await expect(this.figure.locator(shown).first()).toBeVisible();
  }
  async openMenu(): Promise<void> {
    await openMenu(this.figure);
  }
  /** Loads a saved log into the figure. */
  async load(file: Parameters<Locator['setInputFiles']>[0]): Promise<void> {
    await this.figure.locator('[type="file"]').setInputFiles(file);
  }
  /** Key of the request that the figure follows, or nothing. */
  async followed(): Promise<string> {
    return await this.figure.locator('.follow').inputValue();
  }
  /** Where the figure is in its log: `2.827 s`. */
  get clock(): Locator {
    return this.figure.locator('.clock');
  }
  get queue(): Locator {
    return this.figure.getByRole('group', { name: /^Listen queue/ });
  }
  get failure(): Locator {
    return this.work.getByRole('alert');
  }
  get terminal(): Locator {
    return this.work.getByRole('textbox', { name: 'Terminal input' });
  }
  /** Answers in the browser pane, newest first. */
  get answers(): Locator {
    return this.panel('Browser').locator('ol > li');
  }
  get serverLog(): Locator {
    // also while it is closed, and a line with its newest stands for it
    return this.panel('Terminal').locator('[role="log"]');
  }

  /** The room of a worker in the figure; its name says what is to be seen in it. */
  room(worker: number): Locator {
    return this.figure.getByRole('button', { name: new RegExp(`^worker ${worker}\\b`) });
  }
  panel(name: string): Locator {
    return this.work.locator(`[role='tabpanel'][id$='-panel-${name.toLowerCase()}']`);
  }
  button(name: string): Locator {
    return this.work.getByRole('button', { name, exact: true });
  }
  async openTab(name: string): Promise<void> {
    await this.work.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
    await expect(this.panel(name)).toBeVisible();
  }

  /** The learner has turned to the work area, and its script is there: all that a start loads comes after this. */
  async awake(): Promise<void> {
    await this.runButton.hover();
    await expect(this.work.locator('astro-island[ssr]')).toHaveCount(0);
  }

  async run(): Promise<void> {
    await this.runButton.click();
    await this.started();
  }

  /** The servers are up and all workers wait for requests. */
  async started(workers = 4): Promise<void> {
    await expect(this.restartButton.first()).toBeEnabled({ timeout: STARTED_WITHIN });
    await this.idle(workers);
  }
  async idle(workers = 4): Promise<void> {
    for (let worker = 1; worker <= workers; worker++)
      await expect(this.room(worker)).toHaveAccessibleName(/\bidle pid \d+/, { timeout: STARTED_WITHIN });
  }

  /** Types a line at the terminal's prompt and presses Enter; the terminal is open. */
  async type(line: string): Promise<void> {
    await this.prompted();
    await this.terminal.focus();
    await this.page.keyboard.type(`${line}\n`);
  }

  /** The shell waits for a command. */
  async prompted(): Promise<void> {
    await expect.poll(async () => (await this.screen()).at(-1), { timeout: STARTED_WITHIN }).toMatch(/^root@\w+:\S+# ?$/);
  }

  /** The lines on the terminal's screen that are not empty. */
  async screen(): Promise<string[]> {
    const rows = await this.panel('Terminal').locator('.xterm-rows > div').allTextContents();
    return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).filter(Boolean);
  }

  /** Opens a file in the editor. */
  async openFile(path: string): Promise<Locator> {
    await this.openTab('Files');
    await this.panel('Files')
      .getByRole('button', { name: path.slice(path.lastIndexOf('/') + 1) })
      .first()
      .click();
    const editor = this.panel('Files').getByRole('textbox', { name: path });
    await expect(editor).toBeVisible();
    return editor;
  }

  /** Replaces `from` by `to` in a file, through the editor; both are on one line. */
  async edit(path: string, from: string, to: string): Promise<void> {
    const editor = await this.openFile(path);
    const line = editor.locator('.cm-line').filter({ hasText: from }).first();
    const text = (await line.textContent()) ?? '';
    await line.click();
    await this.page.keyboard.press('End');
    await this.page.keyboard.press('Shift+Home');
    await this.page.keyboard.insertText(text.trimStart().replace(from, to));
    await expect(editor).toContainText(to);
  }

  async save(): Promise<void> {
    await this.button('Save and restart').click();
  }
}

/** Opens the menu of a figure, unless it is open. */
export async function openMenu(figure: Locator): Promise<void> {
  const menu = figure.locator('.menu');
  if ((await menu.getAttribute('open')) === null) await menu.locator('summary').click();
}

/** Keeps an island's script back until the returned function is called: what a learner does on a slow line comes before the script. */
export async function holdScript(page: Page, name: string): Promise<() => void> {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(`**/assets/${name}*`, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** `1.02 s` or `12 ms` as milliseconds. */
export function milliseconds(text: string): number {
  const [, value, unit] = /([\d.]+)\s(ms|s)\b/.exec(text) ?? [];
  if (value === undefined) throw new Error(`no time in "${text}"`);
  return Number(value) * (unit === 's' ? 1000 : 1);
}

/** What the browser keeps of the work on the lesson: the changed files by path, with their texts; of what is no file, none. */
export async function keptFiles(page: Page): Promise<ReadonlyMap<string, string>> {
  const files = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('ftr:work');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const stored = await new Promise<{ record: { changes: Record<string, { data?: Uint8Array } | null> } } | undefined>((resolve) => {
      const request = db.transaction('work').objectStore('work').get('which-worker');
      request.onsuccess = () => resolve(request.result);
    });
    db.close();
    return Object.entries(stored?.record.changes ?? {}).map(([path, change]) => [path, new TextDecoder().decode(change?.data)] as const);
  });
  return new Map(files);
}

/** A course page at another site (127.0.0.1 is not localhost) with the given body and headers; `close` ends its server. */
export async function coursePage(
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ url: string; close: () => void }> {
  const server = createServer((_request, response) => {
    response
      .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers })
      .end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>A course</title><link rel="icon" href="data:,">${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

export { expect };
