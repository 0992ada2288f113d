/** The page's side of the site's service worker: whether it can be had, and what is said to it. */
import { siteBase, siteBuild } from '../site.ts';
import type { OfflineList, ToWorker } from './list.ts';

/** The page's service workers, or null where the browser has none or refuses them: over plain HTTP, in a sandboxed frame, in some private windows. */
export function serviceWorkers(): ServiceWorkerContainer | null {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null;
  }
}

/** Where the site's own worker lies. An origin may hold other sites beside this one, with workers of theirs. */
export const workerScript = (): string => new URL(`${siteBase()}service-worker.js`, location.href).href;

/** Registers the worker for this site. Errors: the browser's. The browser's own cache must never keep an old version of it alive. */
export function registerWorker(workers: ServiceWorkerContainer): Promise<ServiceWorkerRegistration> {
  return workers.register(workerScript(), { scope: siteBase(), updateViaCache: 'none' });
}

export const tell = (worker: ServiceWorker | null | undefined, message: ToWorker): void => worker?.postMessage(message);

/** This page's address below the site's root: `lessons/iis/`. */
const pageAddress = (): string =>
  location.href
    .slice(siteBase().length)
    .replace(/[?#].*$/, '')
    .replace(/(^|\/)index\.html$/, '$1');

/** Asks the worker to keep this page; with all that its server needs, when it `runs`. Nothing where there is no worker, or the learner saves data. */
export async function keepThisPage(runs: boolean): Promise<void> {
  const build = siteBuild();
  const registration = await serviceWorkers()?.getRegistration(siteBase());
  if (registration?.active?.scriptURL !== workerScript() || build === undefined) return;
  if ((navigator as { connection?: { saveData?: boolean } }).connection?.saveData) return;
  tell(registration.active, { op: 'keep', address: pageAddress(), build, runs });
}

/** The list of the worker that is in charge. Errors: an Error when it does not answer. */
export function listOf(worker: ServiceWorker): Promise<OfflineList> {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => reject(new Error('the browser does not answer')), 10_000);
    port1.onmessage = ({ data }: MessageEvent<OfflineList>) => {
      clearTimeout(timer);
      resolve(data);
    };
    worker.postMessage({ op: 'list' } satisfies ToWorker, [port2]);
  });
}
