/**
 * Boots a WebContainer with limits: StackBlitz' client has none. Its `boot` waits for ever for a frame of stackblitz.com that
 * may never speak, and a second `boot` waits for the first. A client opens one frame, hears one first word of it and never
 * takes the frame away again, so every boot has a client of its own, and the frame goes with the container or the attempt.
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
  /** From asking for a port of the container until it has an address. */
  readonly port: number;
}
export const LIMITS: Limits = { init: 10_000, boot: 30_000, ready: 15_000, port: 15_000 };

/** As in src/headers.ts: StackBlitz' frame has to be loaded under the policy of the page around it. */
const COEP = 'require-corp';
const ORIGIN = 'https://stackblitz.com';

/** What of the page the boot touches. */
export interface BootPage {
  /** Loads the client: a fresh one for every `attempt`, which counts from 0. */
  load(attempt: number): Promise<ContainerClient>;
  /** Where messages of frames arrive. */
  readonly messages: EventTarget;
  /** Takes the client's frame out of the page. */
  removeFrame(origin: string): void;
}

/** A container that is up. */
export interface Booted {
  readonly container: WebContainer;
  /** Tears it down and takes stackblitz.com's frame, with all that runs in it, out of the page. A second call does nothing. */
  close(): void;
}

let attempts = 0;
/** The pages that have a container, from the start of its boot until it is closed. */
const taken = new WeakSet<BootPage>();

interface BootWishes {
  readonly limits: Limits;
  readonly apiKey: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Stackblitz.com has spoken. */
  readonly onInit: () => void;
}

/** Errors: WebContainerError; the signal's reason. After an error nothing is left in the page. */
export async function bootContainer(page: BootPage, { limits, apiKey, signal, onInit }: BootWishes): Promise<Booted> {
  const client = await page.load(attempts++);
  signal?.throwIfAborted();
  // Two frames of stackblitz.com would be two containers, and removing one would remove both.
  if (taken.has(page)) throw new WebContainerError('boot-error', 'A page can have only a single WebContainer, and this one has one.');
  taken.add(page);
  const leave = (): void => {
    page.removeFrame(ORIGIN);
    taken.delete(page);
  };
  if (apiKey !== undefined) client.configureAPIKey(apiKey);
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
    const container = await promise;
    return { container, close: closing(container, leave) };
  } catch (error) {
    booting.then(
      (late) => late.teardown(),
      () => {},
    );
    leave();
    throw error;
  } finally {
    clearTimeout(initTimer);
    clearTimeout(bootTimer);
    stop.abort();
  }
}

function closing(container: WebContainer, leave: () => void): () => void {
  let closed = false;
  return () => {
    if (closed) return;
    closed = true;
    try {
      container.teardown();
    } finally {
      leave();
    }
  };
}
