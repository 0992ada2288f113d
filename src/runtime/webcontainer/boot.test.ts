import { setTimeout as sleep } from 'node:timers/promises';
import type { WebContainer } from '@webcontainer/api';
import { expect, test, vi } from 'vitest';
import { type BootPage, bootContainer, type ContainerClient, type Limits } from './boot.ts';

const LIMITS: Limits = { init: 60, boot: 150, ready: 100 };
const ORIGIN = 'https://stackblitz.com';

/** A page whose client's boot is `boot`; what it did is noted. */
function pageWith(boot: (speak: (origin: string) => void) => Promise<WebContainer>) {
  const messages = new EventTarget();
  const speak = (origin: string): void => {
    messages.dispatchEvent(new MessageEvent('message', { origin, data: { type: 'init' } }));
  };
  const client: ContainerClient = {
    WebContainer: { boot: vi.fn(() => boot(speak)) },
    configureAPIKey: vi.fn(),
  };
  const page = { load: vi.fn(async () => client), messages, removeFrame: vi.fn() } satisfies BootPage;
  return { page, client };
}

const container = () => ({ teardown: vi.fn() }) as unknown as WebContainer & { teardown: ReturnType<typeof vi.fn> };
const wishes = (more: { apiKey?: string; signal?: AbortSignal; onInit?: () => void } = {}) => ({
  limits: LIMITS,
  apiKey: undefined,
  signal: undefined,
  onInit: () => {},
  ...more,
});

test('up: under the page’s own policy, the first word told, the frame left alone', async () => {
  const made = container();
  const onInit = vi.fn();
  const { page, client } = pageWith(async (speak) => {
    speak(ORIGIN);
    return made;
  });
  expect(await bootContainer(page, wishes({ onInit }))).toBe(made);
  expect(client.WebContainer.boot).toHaveBeenCalledWith({ coep: 'require-corp', workdirName: 'sandbox' });
  expect(onInit).toHaveBeenCalledOnce();
  expect(page.removeFrame).not.toHaveBeenCalled();
  await sleep(LIMITS.boot + 20);
  expect(made.teardown).not.toHaveBeenCalled();
});

test('not a word, or only a stranger’s: no-init, and the frame is gone', async () => {
  const { page } = pageWith((speak) => {
    speak('https://example.com');
    return new Promise(() => {});
  });
  await expect(bootContainer(page, wishes())).rejects.toMatchObject({
    reason: 'no-init',
    message: expect.stringContaining('stackblitz.com'),
  });
  expect(page.removeFrame).toHaveBeenCalledWith(ORIGIN);
});

test('a word and then nothing: boot-timeout; what comes late is torn down', async () => {
  const late = Promise.withResolvers<WebContainer>();
  const { page } = pageWith((speak) => {
    speak(ORIGIN);
    return late.promise;
  });
  await expect(bootContainer(page, wishes())).rejects.toMatchObject({ reason: 'boot-timeout' });
  const made = container();
  late.resolve(made);
  await vi.waitFor(() => expect(made.teardown).toHaveBeenCalledOnce());
});

test('a refusal comes with its words, and the next attempt with a fresh client', async () => {
  const { page } = pageWith(async () => {
    throw new Error('Your browser does not support all necessary features');
  });
  await expect(bootContainer(page, wishes())).rejects.toMatchObject({
    reason: 'boot-error',
    message: 'Your browser does not support all necessary features',
  });
  const before = page.load.mock.calls.at(-1) as unknown as [number];
  await expect(bootContainer(page, wishes())).rejects.toThrow();
  expect(page.load.mock.calls.at(-1)).toEqual([before[0] + 1]);
});

test('called off: the signal’s reason, and nothing is left behind', async () => {
  const late = Promise.withResolvers<WebContainer>();
  const { page, client } = pageWith(() => late.promise);
  const stop = new AbortController();
  const booting = bootContainer(page, wishes({ signal: stop.signal }));
  await vi.waitFor(() => expect(client.WebContainer.boot).toHaveBeenCalled());
  stop.abort(new Error('The page was left.'));
  await expect(booting).rejects.toThrow('The page was left.');
  const made = container();
  late.resolve(made);
  await vi.waitFor(() => expect(made.teardown).toHaveBeenCalledOnce());
});

test('a client takes the key once, before its first boot', async () => {
  const { page, client } = pageWith(async () => container());
  await bootContainer(page, wishes({ apiKey: 'wc_key' }));
  await bootContainer(page, wishes({ apiKey: 'wc_key' }));
  expect(client.configureAPIKey).toHaveBeenCalledOnce();
  expect(client.configureAPIKey).toHaveBeenCalledWith('wc_key');
});
