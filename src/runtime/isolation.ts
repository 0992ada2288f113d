/**
 * Cross-origin isolation, which the WebContainer engine needs and the embedded one does not. Lessons have it from the host's
 * headers; on a host that cannot send them, the site's service worker adds them (src/offline/service-worker.ts), from the next load on.
 */
import { registerWorker, serviceWorkers, workerScript } from '../offline/worker.ts';
import { siteBase } from '../site.ts';

/**
 * `isolated`: it is there. `reload`: `reloadIsolated` brings it. Otherwise why it cannot be had: the page stands in a frame,
 * came over plain HTTP, or the browser has no service workers (or refuses them, as in some private windows).
 */
export type Isolation = 'isolated' | 'reload' | 'framed' | 'insecure' | 'no-service-worker';

/** Is this page isolated, and if not, can it be? */
export function isolation(): Isolation {
  if (globalThis.crossOriginIsolated) return 'isolated';
  if (window.top !== window) return 'framed';
  if (!window.isSecureContext) return 'insecure';
  return serviceWorkers() === null ? 'no-service-worker' : 'reload';
}

/** The service worker in charge of this site, ours or another's. */
async function inCharge(workers: ServiceWorkerContainer): Promise<{ registration: ServiceWorkerRegistration; ours: boolean } | null> {
  const registration = await workers.getRegistration(siteBase());
  if (registration === undefined) return null;
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  // One that has no worker yet is being registered by this page.
  return { registration, ours: worker === null || worker.scriptURL === workerScript() };
}

/**
 * Loads this page again, isolated; for a page where `isolation()` says `reload`. Does not return when it works.
 * Errors: an Error in words for the learner. The page was not reloaded then.
 */
export async function reloadIsolated(): Promise<never> {
  const workers = serviceWorkers();
  if (workers === null || isolation() !== 'reload') throw new Error('This page cannot be loaded in isolation.');
  if (workers.controller?.scriptURL === workerScript()) {
    // It has added the headers already, in vain: another reload would only go round in circles.
    throw new Error('The page was loaded in isolation, but this browser does not isolate it.');
  }
  const present = await inCharge(workers);
  // One of a wider scope stays where it is beside ours; one of our own scope would be replaced.
  if (present && !present.ours && present.registration.scope === new URL(siteBase(), location.href).href)
    throw new Error('Another service worker is in charge of this address, and it does not isolate the page.');
  try {
    await registerWorker(workers);
    await workers.ready;
  } catch (error) {
    throw new Error(`The page could not be prepared for isolation: ${error instanceof Error ? error.message : error}`);
  }
  location.reload();
  return new Promise<never>(() => {});
}
