// A lesson in pages of other people: the element and its protocol, across sites, sandboxed, and without the script; the builder and the examples.
import type { FrameLocator, Page } from '@playwright/test';
import { coursePage, expect, test } from './support.ts';

test.use({ viewport: { width: 1280, height: 800 } });

/** What a course page has written down of its lessons: `a step 2`. */
const HOST = `<script>
  window.seen = [];
  for (const name of ['ready', 'resize', 'step', 'progress', 'answered', 'score', 'completed', 'state', 'key', 'error'])
    addEventListener('rf-' + name, (event) => { event.preventDefault(); seen.push([event.target.id, name, event.detail]); });
  window.state = (id) => seen.findLast((one) => one[0] === id && one[1] === 'state')[2].state;
  window.call = (id, method, ...args) => document.getElementById(id)[method](...args).then((value) => value ?? 'done', (error) => error.code + ': ' + error.message);
</script>`;

type Told = readonly [id: string, event: string, detail: Record<string, unknown>];
const seen = (page: Page): Promise<Told[]> => page.evaluate('seen');
const call = (page: Page, id: string, method: string, ...args: readonly unknown[]): Promise<unknown> =>
  page.evaluate(`call(${JSON.stringify([id, method, ...args]).slice(1, -1)})`);
const told = async (page: Page, id: string, event: string): Promise<Record<string, unknown>[]> =>
  (await seen(page)).filter((one) => one[0] === id && one[1] === event).map(([, , detail]) => detail);
const frameOf = (page: Page, id: string): FrameLocator => page.frameLocator(`#${id} iframe`);

test('across sites: two elements, every method and event, nothing mixed, nothing taken from strangers', async ({ page, baseURL }) => {
  const course = await coursePage(`${HOST}<script src="${baseURL}/request-flow.js" async></script>
    <request-flow id="a" src="${baseURL}/embed/v1/which-worker/" theme="dark" colour="red"><a href="x">the link</a></request-flow>
    <div style="height:6000px"></div>
    <request-flow id="b" src="${baseURL}/embed/nginx/?panels=figure&lang=de"></request-flow>`);
  try {
    await page.goto(course.url);
    const a = frameOf(page, 'a');
    await expect.poll(() => told(page, 'a', 'ready')).toHaveLength(1);
    expect(await told(page, 'a', 'ready')).toEqual([
      expect.objectContaining({
        version: 1,
        lesson: 'which-worker',
        title: 'Which worker takes it?',
        methods: expect.arrayContaining(['restore']),
      }),
    ]);
    await expect(page.getByText('the link')).toBeHidden();
    // as high as it is, and so without a scroll bar
    await expect.poll(() => a.locator('html').evaluate((html) => html.scrollHeight - innerHeight)).toBe(0);
    expect(await a.locator('html').getAttribute('data-theme')).toBe('dark');

    expect(await call(page, 'a', 'gotoStep', 2)).toBe('done');
    await expect(a.getByRole('heading', { level: 2 })).toHaveText('Send ten: there are no turns');
    expect((await told(page, 'a', 'step')).at(-1)).toEqual({ id: 'step-2', index: 2 });
    expect(await call(page, 'a', 'gotoStep', 99)).toMatch(/^no-step: There is no step 99 here/);
    expect(await call(page, 'a', 'setSpeed', 3)).toMatch(/^bad-arguments: setSpeed\(speed\): speed must be one of 0.1, /);
    expect(await call(page, 'a', 'setTheme', 'light')).toBe('done');
    expect(await a.locator('html').getAttribute('data-theme')).toBe('light');

    // the picture: fetched because it is asked for
    expect(await call(page, 'a', 'setSpeed', 0.5)).toBe('done');
    expect(await call(page, 'a', 'seek', 2000)).toBe('done');
    expect(await call(page, 'a', 'play')).toBe('done');
    await expect(a.locator('figure.playing')).toBeVisible();
    await call(page, 'a', 'pause');
    const state = await call(page, 'a', 'getState');
    expect(state).toMatchObject({ lesson: 'which-worker', step: 2, playing: false, speed: 0.5, theme: 'light' });
    expect((state as { ms: number }).ms).toBeGreaterThanOrEqual(2000);

    // a frame beside it, and words that are none of the protocol, change nothing
    await page.evaluate(() => {
      const stranger = document.createElement('iframe');
      stranger.srcdoc = `<script>for (const one of [parent.frames[0]]) one.postMessage({ ns: 'request-flow', v: 1, hello: true }, '*', [new MessageChannel().port2])</script>`;
      document.body.append(stranger);
      for (const junk of [null, 'hello', { ns: 'request-flow', v: 1, hello: true }, { ns: 'request-flow', v: 9, hello: true }])
        frames[0]?.postMessage(junk, '*');
      return new Promise((resolve) => stranger.addEventListener('load', resolve));
    });
    expect(await call(page, 'a', 'gotoStep', 8)).toBe('done');

    // what the learner does
    await a.locator('#quiz fieldset').first().getByRole('radio').first().check();
    await expect.poll(() => told(page, 'a', 'answered')).toHaveLength(1);
    expect((await told(page, 'a', 'answered'))[0]).toMatchObject({ id: 'which-worker/question-1', type: 'choice' });
    expect((await told(page, 'a', 'state')).at(-1)?.['state']).toMatch(/"answers":\{"0":/);
    await a.getByRole('button', { name: 'The step before' }).focus();
    await page.keyboard.press('PageDown');
    await expect.poll(() => told(page, 'a', 'key')).toEqual([{ key: 'PageDown' }]);

    // what the host has kept counts more
    expect(await call(page, 'a', 'restore', '{"version":2,"lessons":{"gil":{}}}')).toMatch(/^bad-state: That is no state of which-worker/);
    const kept = { steps: [1, 2, 3], checks: [], answers: {}, place: { step: 3, at: 1 } };
    expect(await call(page, 'a', 'restore', JSON.stringify({ version: 2, lessons: { 'which-worker': kept } }))).toBe('done');
    await expect(a.locator('.kept')).toHaveText('Your progress is kept by the page around this.');
    await expect(a.locator('#step-3')).toBeVisible();
    expect((await told(page, 'a', 'score')).at(-1)).toMatchObject({ raw: 0 });

    // the other one is lazy, and has heard of none of it
    expect((await seen(page)).filter(([id]) => id === 'b')).toEqual([]);
    const waiting = call(page, 'b', 'getState');
    await page.locator('#b').scrollIntoViewIfNeeded();
    expect(await waiting).toMatchObject({ lesson: 'nginx', step: 0 });
    expect(await told(page, 'b', 'error')).toEqual([
      { code: 'bad-parameter', message: expect.stringMatching(/^lang=de was ignored\. The course is in English only/) },
    ]);
    // what was asked of it is refused when it goes
    const left = call(page, 'b', 'runChecks');
    await page.evaluate(() => document.getElementById('b')?.remove());
    expect(await left).toMatch(/^closed: /);
    expect(await page.locator('iframe[title="Interactive lesson"]').count()).toBe(1);
  } finally {
    course.close();
  }
});

test('in sandbox="allow-scripts": everything works, nothing is kept, the checks are made', async ({ page, baseURL }) => {
  const course = await coursePage(`${HOST}<script type="module" src="${baseURL}/embed/v1/request-flow.js"></script>
    <request-flow id="a" sandbox="allow-scripts" src="${baseURL}/embed/v1/which-worker/" loading="eager"></request-flow>
    <request-flow id="b" sandbox="allow-scripts" src="${baseURL}/embed/v1/which-werker/" loading="eager"><a href="x">the link</a></request-flow>
    <request-flow id="p" sandbox="allow-scripts" src="${baseURL}/embed/v1/playground/?start=broken" loading="eager"></request-flow>
    <iframe title="none" src="${baseURL}/embed/v1/which-werker/"></iframe>`);
  try {
    await page.goto(course.url);
    const outcome = call(page, 'a', 'runChecks');
    // a name that is mistyped
    expect(await call(page, 'b', 'play')).toBe(`no-lesson: There is no lesson at ${baseURL}/embed/v1/which-werker/.`);
    await expect(page.getByText('There is no lesson at')).toBeVisible();
    await expect(page.getByText('the link')).toBeVisible();
    await expect(page.frameLocator('iframe[title="none"]').locator('body > :visible')).toHaveText([
      /^There is no lesson at this address\. See all lessons$/,
    ]);
    const a = frameOf(page, 'a');
    await expect(a.locator('.kept')).toHaveText(/This browser keeps nothing in this frame/);
    expect(await a.locator('html').evaluate(() => origin)).toBe('null');
    // the playground has a picture, and neither steps nor checks
    expect(await call(page, 'p', 'getState')).toMatchObject({ lesson: 'playground', step: 0, playing: false });
    expect(await call(page, 'p', 'play')).toBe('done');
    expect(await call(page, 'p', 'gotoStep', 1)).toMatch(/^no-step: /);
    expect(await call(page, 'p', 'runChecks')).toBe('no-checks: There is nothing to check here.');
    expect(await told(page, 'p', 'error')).toEqual([]);
    expect(await outcome).toMatchObject({ passed: expect.any(Number), total: expect.any(Number), missing: expect.any(Array) });
    await expect(a.getByRole('list', { name: 'Checks' })).toBeVisible();
    expect(await call(page, 'a', 'getState')).toMatchObject({ kept: 'memory' });
  } finally {
    course.close();
  }
});

test('a plain frame: one step and no more, its height for Canvas, the slide’s words for the picture', async ({ page, baseURL }) => {
  const src = `${baseURL}/embed/v1/which-worker/?size=s&step=3&colour=red`;
  const course = await coursePage(`<h1>Course</h1><iframe title="lesson" src="${src}" width="420" height="600"></iframe>
    <script>window.heights = []; addEventListener('message', ({ data }) => data.subject === 'lti.frameResize' && heights.push(data.height));</script>`);
  try {
    const lines: string[] = [];
    page.on('console', (message) => lines.push(message.text()));
    await page.goto(course.url);
    const frame = page.frameLocator('iframe');
    await expect(frame.locator('#step-3')).toBeVisible();
    await expect(frame.locator('.step:visible')).toHaveCount(1);
    await expect(frame.getByRole('navigation', { name: 'Steps' })).toBeHidden();
    await expect.poll(() => page.evaluate('heights.at(-1)')).toBeGreaterThan(600);
    expect(lines).toEqual([expect.stringMatching(/^colour is no parameter here/)]);
    await page.evaluate(() => frames[0]?.postMessage('slide:start', '*'));
    await expect(frame.locator('figure.playing')).toBeVisible();
    await page.evaluate(() => frames[0]?.postMessage('slide:stop', '*'));
    await expect(frame.locator('figure.playing')).toHaveCount(0);
  } finally {
    course.close();
  }
});

test('the builder: its snippet is what the preview shows', async ({ page }) => {
  await page.goto('/embed/');
  const choice = (name: string) => page.getByRole('combobox', { name, exact: true });
  await choice('Lesson').selectOption('gil');
  await choice('First step').selectOption('2');
  await choice('Size').selectOption('s');
  const snippet = page.locator('#snippet');
  await expect(snippet).toContainText('/embed/v1/gil/"');
  await expect(snippet).toContainText('step="2" size="s"');
  const preview = page.frameLocator('.preview iframe');
  await expect(preview.locator('#step-2')).toBeVisible();
  await expect(page.locator('.events')).toContainText('rf-ready');
  await page.getByRole('radio', { name: /^Plain frame/ }).check();
  await expect(snippet).toContainText('/embed/v1/gil/?step=2&amp;size=s"');
  await choice('Lesson').selectOption('playground');
  await choice('Begin with').selectOption('short-queue');
  await expect(page.frameLocator('.preview iframe').getByLabel('Begin with')).toHaveValue('play-short-queue');
});

test('the examples run: a page that keeps progress, slides with a clicker, documentation, a learning platform', async ({ page }) => {
  await page.goto('/embed/examples/plain.html');
  const lesson = page.frameLocator('iframe');
  await expect(lesson.locator('.kept')).toHaveText('Your progress is kept by the page around this.');
  await lesson.getByRole('button', { name: 'The next step' }).click();
  await expect.poll(() => page.locator('progress').evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(0);
  // the page's own note counts, whatever the browser has kept for the lesson
  await page.evaluate(() => localStorage.removeItem('ftr:progress'));
  await page.reload();
  await expect.poll(() => page.locator('progress').evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(0);

  await page.goto('/embed/examples/slides.html');
  await page.keyboard.press('ArrowRight');
  await expect(page.frameLocator('request-flow iframe').locator('figure.playing')).toBeVisible();
  await page
    .frameLocator('request-flow iframe')
    .getByRole('link', { name: /^Open the whole/ })
    .focus();
  await page.keyboard.press('PageDown');
  await expect(page).toHaveURL(/#\/2$/);
  await expect(page.frameLocator('section > iframe').locator('figure.playing')).toBeVisible();

  await page.goto('/embed/examples/docs.html');
  await expect(page.frameLocator('iframe').locator('#step-3')).toBeVisible();
  await page.goto('/embed/examples/lms.html');
  await expect.poll(() => page.locator('iframe').evaluate((frame) => frame.style.height)).not.toBe('900px');
});
