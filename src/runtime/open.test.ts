import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Engine, type Environment, environmentHere, type OpenOptions, openRuntime, type Start, whyNotWebContainer } from './open.ts';
import type { Runtime } from './runtime.ts';
import { WebContainerError, type WebContainerReason } from './webcontainer/error.ts';

const GOOD: Environment = { setting: 'on', framed: false, isolated: true, ios: false, online: true };

/** One reason each. */
const FORBIDDEN = [
  ['off', { setting: 'off' }],
  ['framed', { framed: true }],
  ['ios', { ios: true }],
  ['not-isolated', { isolated: false }],
  ['offline', { online: false }],
] as const;

describe('where WebContainer is offered', () => {
  test.each(['on', 'default'] as const)('built with %s: in an isolated page of its own, online', (setting) => {
    expect(whyNotWebContainer({ ...GOOD, setting })).toBeNull();
  });

  test.each([
    ...FORBIDDEN,
    // a frame that happens to be isolated is no place for it either
    ['framed', { framed: true, isolated: true }],
    // what cannot be mended is said first
    ['framed', { framed: true, isolated: false, online: false }],
    ['ios', { ios: true, isolated: false }],
    ['not-isolated', { isolated: false, online: false }],
    ['off', { setting: 'off', framed: true, ios: true, isolated: false, online: false }],
  ] as const)('not: %s, in %o', (why, differs) => {
    expect(whyNotWebContainer({ ...GOOD, ...differs })).toBe(why);
  });
});

describe('what a page is', () => {
  afterEach(() => vi.unstubAllGlobals());

  const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';
  const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';
  const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148';

  function stub(userAgent: string, maxTouchPoints = 0, { onLine = true, framed = false, crossOriginIsolated = true } = {}): void {
    const self = {};
    vi.stubGlobal('navigator', { userAgent, maxTouchPoints, onLine });
    vi.stubGlobal('window', { self, top: framed ? {} : self, crossOriginIsolated });
  }

  test.each([
    [CHROME, 10, false],
    [MAC, 0, false],
    [MAC, 5, true],
    [IPHONE, 5, true],
  ])('%s with %i touch points: iOS %s', (userAgent, touchPoints, ios) => {
    stub(userAgent, touchPoints);
    expect(environmentHere('on')).toEqual({ ...GOOD, ios });
  });

  test('frame, isolation and network are those of the page', () => {
    stub(CHROME, 0, { onLine: false, framed: true, crossOriginIsolated: false });
    expect(environmentHere('default')).toEqual({ setting: 'default', framed: true, isolated: false, ios: false, online: false });
  });
});

/** A sandbox of which only matters where it runs and whether it was closed. */
function runtimeIn(kind: Engine): Runtime & { readonly closed: () => boolean } {
  let closed = false;
  const never = () => Promise.reject(new Error('This sandbox only opens and closes.'));
  return {
    kind,
    closed: () => closed,
    mount: never,
    readFile: never,
    readFolder: never,
    writeFile: never,
    removeFile: never,
    changes: never,
    apply: never,
    spawn: never,
    kill: never,
    request: never,
    on: () => () => {},
    dispose: () => {
      closed = true;
    },
  };
}

/** Opens with these starters, by default such that work at once. */
function open(differs: Partial<Omit<OpenOptions, 'start'>> = {}, starts: Partial<Record<Engine, Start>> = {}) {
  const engines: Engine[] = [];
  const texts: string[] = [];
  const options: OpenOptions = {
    prefer: 'webcontainer',
    environment: GOOD,
    start: { embedded: async () => runtimeIn('embedded'), webcontainer: async () => runtimeIn('webcontainer'), ...starts },
    onEngine: (engine) => void engines.push(engine),
    onProgress: ({ text }) => void texts.push(text),
    signal: new AbortController().signal,
    giveUp: new AbortController().signal,
    ...differs,
  };
  return { opened: openRuntime(options), engines, texts };
}

describe('opening a sandbox', () => {
  test('WebContainer where it is preferred and may run', async () => {
    const { opened, engines } = open();
    expect(await opened).toMatchObject({ runtime: { kind: 'webcontainer' }, why: 'ok', detail: '' });
    expect(engines).toEqual(['webcontainer']);
  });

  test('embedded where that is preferred', async () => {
    const { opened, engines } = open({ prefer: 'embedded' });
    expect(await opened).toMatchObject({ runtime: { kind: 'embedded' }, why: 'asked' });
    expect(engines).toEqual(['embedded']);
  });

  test.each(FORBIDDEN)('embedded where the page forbids the other: %s; that is not even tried', async (why, differs) => {
    const { opened, engines } = open({ environment: { ...GOOD, ...differs } });
    expect(await opened).toMatchObject({ runtime: { kind: 'embedded' }, why, detail: '' });
    expect(engines).toEqual(['embedded']);
  });

  test.each(['no-init', 'boot-timeout', 'boot-error', 'not-listening'] satisfies WebContainerReason[])(
    'embedded when WebContainer fails: %s',
    async (why) => {
      const { opened, engines } = open({}, { webcontainer: () => Promise.reject(new WebContainerError(why, 'its own words')) });
      expect(await opened).toMatchObject({ runtime: { kind: 'embedded' }, why, detail: 'its own words' });
      expect(engines).toEqual(['webcontainer', 'embedded']);
    },
  );

  test.each([
    [
      'an error of another kind',
      new TypeError('Failed to fetch dynamically imported module'),
      'Failed to fetch dynamically imported module',
    ],
    ['an error with a reason nobody knows', Object.assign(new Error('odd'), { reason: 'mood' }), 'odd'],
    ['something that is no error', 'odd', 'odd'],
  ])('%s counts as boot-error', async (_, thrown, detail) => {
    const { opened } = open({}, { webcontainer: () => Promise.reject(thrown) });
    expect(await opened).toMatchObject({ runtime: { kind: 'embedded' }, why: 'boot-error', detail });
  });

  test('what the embedded engine throws is thrown', async () => {
    const broken: Start = () => Promise.reject(new Error('no worker'));
    await expect(open({ prefer: 'embedded' }, { embedded: broken }).opened).rejects.toThrow('no worker');
    await expect(open({}, { webcontainer: broken, embedded: broken }).opened).rejects.toThrow('no worker');
  });
});

/** A start that ends when it is told to, and hears no signal. */
function deafStart(kind: Engine) {
  const runtime = runtimeIn(kind);
  const { promise, resolve } = Promise.withResolvers<Runtime>();
  let speak: (text: string) => void = () => {};
  const start: Start = (onProgress) => {
    speak = (text) => onProgress({ stage: 'boot', value: 0.5, text });
    return promise;
  };
  return { start, runtime, speak: (text: string) => speak(text), arrive: () => resolve(runtime) };
}

describe('nobody waits any more', () => {
  test('giving up WebContainer goes on embedded; what arrives late is closed and says nothing more', async () => {
    const late = deafStart('webcontainer');
    const giveUp = new AbortController();
    const { opened, texts } = open({ giveUp: giveUp.signal }, { webcontainer: late.start });
    late.speak('contacting');
    giveUp.abort();
    expect(await opened).toMatchObject({ runtime: { kind: 'embedded' }, why: 'asked' });
    late.speak('still at it');
    late.arrive();
    await vi.waitFor(() => expect(late.runtime.closed()).toBe(true));
    expect(texts).toEqual(['contacting']);
  });

  test.each(['embedded', 'webcontainer'] as const)('leaving while %s starts starts nothing else', async (prefer) => {
    const late = deafStart(prefer);
    const leave = new AbortController();
    const { opened, engines } = open({ prefer, signal: leave.signal }, { [prefer]: late.start });
    leave.abort(new Error('left'));
    await expect(opened).rejects.toThrow('left');
    late.arrive();
    await vi.waitFor(() => expect(late.runtime.closed()).toBe(true));
    expect(engines).toEqual([prefer]);
  });

  test('a sandbox that arrived in time is not closed', async () => {
    const { runtime } = await open().opened;
    expect((runtime as ReturnType<typeof runtimeIn>).closed()).toBe(false);
  });
});
