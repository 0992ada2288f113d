/**
 * Boots a WebContainer with limits: StackBlitz' client has none. Its `boot` waits for ever for a frame of stackblitz.com that
 * may never speak, and a second `boot` waits for the first. After a failure here its frame is gone, a container that comes
 * late is torn down, and the next attempt loads the client anew.
 */
import type { BootOptions, configureAPIKey, WebContainer } from '@webcontainer/api';
import { WebContainerError } from './error.ts';

/** What this project uses of StackBlitz' client. */
export interface ContainerClient {
  readonly WebContainer: { boot(options?: BootOptions): Promise<WebContainer> };
  readonly configureAPIKey: typeof configureAPIKey;
}

/** Milliseconds. */
export interface Limits {
  /** Until the first word of stackblitz.com. */
  readonly init: number;
  /** Until the container is up. */
  readonly boot: number;
  /** From starting the engine until it says that it is ready. */
  readonly ready: number;
}
export const LIMITS: Limits = { init: 10_000, boot: 30_000, ready: 15_000 };

/** As in src/headers.ts: StackBlitz' frame has to be loaded under the policy of the page around it. */
const COEP = 'require-corp';
const ORIGIN = 'https://stackblitz.com';

/** What of the page the boot touches. */
export interface BootPage {
  /** Loads the client; `attempt` counts the boots that failed: after each it must be a fresh one. */
  load(attempt: number): Promise<ContainerClient>;
  /** Where messages of frames arrive. */
  readonly messages: EventTarget;
  /** Takes the client's frame out of the page. */
  removeFrame(origin: string): void;
}

let failures = 0;
/** The clients that know the key: each takes it only before its first boot. */
const keyed = new WeakSet<ContainerClient>();

interface BootWishes {
  readonly limits: Limits;
  readonly apiKey: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Stackblitz.com has spoken. */
  readonly onInit: () => void;
}

/** Errors: WebContainerError; the signal's reason. */
export async function bootContainer(page: BootPage, { limits, apiKey, signal, onInit }: BootWishes): Promise<WebContainer> {
  const client = await page.load(failures);
  signal?.throwIfAborted();
  if (apiKey !== undefined && !keyed.has(client)) {
    client.configureAPIKey(apiKey);
    keyed.add(client);
  }
  const { promise, resolve, reject } = Promise.withResolvers<WebContainer>();
  const stop = new AbortController();
  const seconds = (ms: number): number => Math.round(ms / 1000);
  const initTimer = setTimeout(
    () => reject(new WebContainerError('no-init', `stackblitz.com did not answer within ${seconds(limits.init)} seconds.`)),
    limits.init,
  );
  const bootTimer = setTimeout(
    () => reject(new WebContainerError('boot-timeout', `The WebContainer was not up within ${seconds(limits.boot)} seconds.`)),
    limits.boot,
  );
  const onMessage = (event: Event): void => {
    const { origin, data } = event as MessageEvent<{ type?: unknown } | null>;
    if (origin !== ORIGIN || data?.type !== 'init') return;
    clearTimeout(initTimer);
    onInit();
  };
  page.messages.addEventListener('message', onMessage, { signal: stop.signal });
  signal?.addEventListener('abort', () => reject(signal.reason), { signal: stop.signal });

  const booting = client.WebContainer.boot({ coep: COEP, workdirName: 'sandbox' });
  booting.then(resolve, (error: Error) => reject(new WebContainerError('boot-error', error.message)));
  try {
    return await promise;
  } catch (error) {
    failures++;
    booting.then(
      (late) => late.teardown(),
      () => {},
    );
    page.removeFrame(ORIGIN);
    throw error;
  } finally {
    clearTimeout(initTimer);
    clearTimeout(bootTimer);
    stop.abort();
  }
}
