/**
 * The Runtime suite on the default engine as it stands in a page: its frame, the kernel's worker, a worker for each process. The
 * suite itself runs out here; calls go into the page, and what the engine says comes out of it.
 */
import { type Browser, expect, type Page, test } from '@playwright/test';
import { bundle } from '../scripts/engine/bundle.ts';
import type { EngineFrame, Notice } from '../src/runtime/engine-frame.ts';
import { CLOSED, type Engine, EngineRuntime } from '../src/runtime/engine-runtime.ts';
import type { Files, Runtime } from '../src/runtime/runtime.ts';
import { runtimeSuite } from '../src/runtime/testing.ts';

const SITE = 'https://site.example';

declare global {
  interface Window {
    engine: EngineFrame;
    /** Given by the test. */
    heard(notice: Notice): void;
  }
}

let browser: Browser;
const pages = new Set<Page>();

test.beforeAll(({ browser: given }) => {
  browser = given;
});
test.afterAll(() => Promise.all([...pages].map((page) => page.close())));

async function open(files: Files): Promise<Runtime> {
  const page = await browser.newPage();
  pages.add(page);
  const [script, kernel, plain, client] = await Promise.all([
    bundle('sandboxes/host/worker/frame.ts', { format: 'iife', platform: 'browser' }),
    bundle('sandboxes/host/worker/kernel.ts', { format: 'es', platform: 'browser' }),
    bundle('sandboxes/host/worker/plain-process.ts', { format: 'es', platform: 'browser' }),
    bundle('src/runtime/engine-frame.ts', { format: 'es', platform: 'browser' }),
  ]);
  const runtime = new EngineRuntime('embedded');
  await page.exposeFunction('heard', (notice: Notice) => {
    if (notice.op !== 'pythonBase') runtime.receive(notice);
  });
  await page.route(`${SITE}/**`, (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: client ?? '' })
      : route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Engine</title>' }),
  );
  await page.goto(SITE);
  await page.evaluate(
    async ([script, kernel, plain]) => {
      const address = '/engine-frame.js';
      const { EngineFrame: Frame } = (await import(address)) as { EngineFrame: typeof EngineFrame };
      window.engine = await Frame.open(script, { kernel, plain, python: '' }, (notice) => window.heard(notice));
    },
    [script ?? '', kernel ?? '', plain ?? ''] as const,
  );
  runtime.attach(engineIn(page));
  await runtime.mount(files);
  return runtime;
}

/** The engine of a page, seen from out here. */
function engineIn(page: Page): Engine {
  return {
    call: (name, args) =>
      page
        .evaluate(([name, args]) => window.engine.call(name as 'mount', args as never), [name, args] as const)
        // as the page's own callers see it: the message without the story of its way out here
        .catch((error: Error) => {
          throw new Error(error.message.replace(/^page\.evaluate: Error: /, '').split('\n')[0]);
        }) as Promise<never>,
    close: () => void page.evaluate(() => window.engine.close()),
  };
}

test('the frame refuses calls once it is closed, and leaves nothing in the page', async () => {
  const runtime = await open({});
  const page = [...pages].at(-1) as Page;
  runtime.dispose();
  await expect(engineIn(page).call('read', ['/etc/hosts'])).rejects.toThrow(CLOSED);
  await expect(page.locator('iframe')).toHaveCount(0);
});

runtimeSuite(
  {
    describe: test.describe,
    test: (name, body) => test(name, body),
    expect,
    beforeAll: (body) => test.beforeAll(body),
    afterAll: (body) => test.afterAll(body),
  },
  'embedded, in a browser',
  open,
);
