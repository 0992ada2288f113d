import { setTimeout as sleep } from 'node:timers/promises';
import type { WebContainer } from '@webcontainer/api';
import { expect, test, vi } from 'vitest';
import { type BootPage, bootContainer, type ContainerClient, type Limits } from './boot.ts';

const LIMITS: Limits = { init: 60, boot: 150, ready: 100, port: 100 };
const ORIGIN = 'https://stackblitz.com';

/** A page whose client's boot is `boot`; what it did is noted. */
function pageWith(boot: (speak: (origin: string) => void) => Promise<WebContainer>) {
  const messages = new EventTarget();
  const speak = (origin: string): void => {
    messages.dispatchEvent(new MessageEvent('message', { origin, data: { type: 'init' } }));
  };
  const client = {
    WebContainer: { boot: vi.fn(() => boot(speak)) },
    configureAPIKey: vi.fn(),
  } satisfies ContainerClient;
  const page = { load: vi.fn(async (_attempt: number) => client), messages, removeFrame: vi.fn() } satisfies BootPage;
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

test('up: under the page’s own policy, the first word told, the frame left alone until it is closed', async () => {
  const made = container();
  const onInit = vi.fn();
  const { page, client } = pageWith(async (speak) => {
    speak(ORIGIN);
    return made;
  });
  const { container: booted, close } = await bootContainer(page, wishes({ onInit }));
  expect(booted).toBe(made);
  expect(client.WebContainer.boot).toHaveBeenCalledWith({ coep: 'require-corp', workdirName: 'sandbox' });
  expect(onInit).toHaveBeenCalledOnce();
  expect(page.removeFrame).not.toHaveBeenCalled();
  await sleep(LIMITS.boot + 20);
  expect(made.teardown).not.toHaveBeenCalled();
  close();
  close();
  expect(made.teardown).toHaveBeenCalledOnce();
  expect(page.removeFrame).toHaveBeenCalledExactlyOnceWith(ORIGIN);
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

test('a refusal comes with its words', async () => {
  const { page } = pageWith(async () => {
    throw new Error('Your browser does not support all necessary features');
  });
  await expect(bootContainer(page, wishes())).rejects.toMatchObject({
    reason: 'boot-error',
    message: 'Your browser does not support all necessary features',
  });
});

test('every boot has a fresh client, after one that went well too', async () => {
  const refusing = pageWith(async () => {
    throw new Error('no');
  });
  const { page } = pageWith(async () => container());
  await expect(bootContainer(refusing.page, wishes())).rejects.toThrow('no');
  (await bootContainer(page, wishes())).close();
  (await bootContainer(page, wishes())).close();
  const [[first = 0] = []] = refusing.page.load.mock.calls;
  expect(page.load.mock.calls).toEqual([[first + 1], [first + 2]]);
});

test('a page has one container at a time', async () => {
  const { page } = pageWith(async () => container());
  const { close } = await bootContainer(page, wishes());
  await expect(bootContainer(page, wishes())).rejects.toMatchObject({ reason: 'boot-error' });
  expect(page.removeFrame).not.toHaveBeenCalled();
  close();
  (await bootContainer(page, wishes())).close();
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

test('a client takes the key before it boots', async () => {
  const { page, client } = pageWith(async () => container());
  await bootContainer(page, wishes({ apiKey: 'wc_key' }));
  expect(client.configureAPIKey).toHaveBeenCalledExactlyOnceWith('wc_key');
  const [asked, booted] = [client.configureAPIKey, client.WebContainer.boot].map(({ mock }) => mock.invocationCallOrder[0]);
  expect(asked).toBeLessThan(booted ?? 0);
});
