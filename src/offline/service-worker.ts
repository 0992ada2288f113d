/**
 * The site's one service worker. It keeps the site for use without a network, and on hosts that cannot send headers it adds those that
 * isolate a lesson (src/headers.ts).
 *
 * One build, one cache. A worker knows the files of its own build and answers with them, so that a page never mixes two builds. A newer
 * worker fills a cache of its own beside and waits until all pages are closed or the learner says "use it"; a page of the older build that is
 * then still open finds its files in the older cache, which goes when no page is open.
 *
 * Written by hand: of workbox we would use precaching only, and it has neither the waiting, nor two builds side by side, nor the headers.
 */
import { isolationHeadersFor } from '../headers.ts';
import {
  cacheFor,
  cacheOf,
  cachesOf,
  ENGINE_CACHE,
  isEngine,
  isHashed,
  isOfBuild,
  isTask,
  neededBy,
  type OfflineList,
  SNAPSHOTS,
  type ToWorker,
  WHOLE_MARK,
} from './list.ts';

declare const self: ServiceWorkerGlobalScope;
/** The build writes it in front of this script. */
declare const OFFLINE: OfflineList;

const scope = new URL('.', self.location.href).href;
const root = new URL(scope).pathname;
const own = cacheOf(scope, OFFLINE.build);
const addresses = new Set(OFFLINE.files.map(([address]) => address));
/** At most so many files are fetched at once. */
const LANES = 4;

const oldCaches = async (): Promise<string[]> => (await caches.keys()).filter((name) => name.startsWith(cachesOf(scope)) && name !== own);

/** A file as a cache should have it: what a redirect led to could not answer for a page. */
const plain = ({ body, status, headers }: Response): Response => new Response(body, { status, headers });

/** Keeps one file, from an older build's cache when its name says that it is the same. Errors: the network's, or an Error that names the file. */
async function keep(address: string): Promise<void> {
  const cache = await caches.open(cacheFor(scope, OFFLINE.build, address));
  const url = scope + address;
  if ((await cache.match(url)) !== undefined) return;
  let found: Response | undefined;
  if (isHashed(address)) for (const name of await oldCaches()) found ??= await (await caches.open(name)).match(url);
  const response = found ?? (await fetch(url, { cache: isHashed(address) ? 'default' : 'no-cache' }));
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  if (!isHashed(address) && !isOfBuild(OFFLINE, address, await response.clone().text())) throw new Error(`${address} is of another build`);
  await cache.put(url, response.redirected ? plain(response) : response);
}

async function keepAll(list: Iterable<string>): Promise<void> {
  const queue = [...new Set(list)];
  const lane = async (): Promise<void> => {
    for (let address = queue.pop(); address !== undefined; address = queue.pop()) await keep(address);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/**
 * The shell, and again what the learner had of the build before. A browser that has room for one build only, but not for two, gets the new
 * one with as much as there is room for. Errors: the shell does not fit, or something does not come: then this worker is tried again later,
 * and what was there stays.
 */
async function fill(): Promise<void> {
  await keepAll(OFFLINE.shell.flatMap((place) => OFFLINE.files[place]?.[0] ?? []));
  await keepAgain().catch((error: unknown) => {
    if ((error as Partial<Error>).name !== 'QuotaExceededError') throw error;
  });
}

async function keepAgain(): Promise<void> {
  const wanted: string[] = [];
  for (const name of await oldCaches()) {
    const before = (await (await caches.open(name)).keys()).map(({ url }) => url.slice(scope.length));
    if (before.includes(WHOLE_MARK)) {
      wanted.push(...addresses);
      await (await caches.open(own)).put(scope + WHOLE_MARK, new Response());
    }
    for (const address of before) {
      if (address in OFFLINE.pages) wanted.push(...neededBy(OFFLINE, address, before.includes(`${address}task.json`)));
    }
  }
  await keepAll(wanted);
}

/** Throws away what older builds left, when no page of theirs can be open and no newer worker is filling its cache. */
async function tidy(): Promise<void> {
  if (self.registration.installing !== null || self.registration.waiting !== null) return;
  if ((await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).length > 0) return;
  for (const name of await oldCaches()) await caches.delete(name);
  const engine = await caches.open(ENGINE_CACHE);
  for (const { url } of await engine.keys()) {
    const address = url.slice(scope.length);
    // Python's snapshot is the page's own.
    if (url.startsWith(scope) && isEngine(address) && !address.startsWith(SNAPSHOTS) && !addresses.has(address)) await engine.delete(url);
  }
}

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(tidy()));

self.addEventListener('message', (event) => {
  const message = event.data as ToWorker;
  if (message.op === 'use') event.waitUntil(self.skipWaiting());
  if (message.op === 'list') event.ports[0]?.postMessage(OFFLINE);
  // What cannot be kept now can be at the next visit.
  if (message.op === 'keep' && message.build === OFFLINE.build)
    event.waitUntil(keepAll(neededBy(OFFLINE, message.address, message.runs)).catch(() => {}));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !url.href.startsWith(scope)) return;
  const address = url.pathname.slice(root.length).replace(/(^|\/)index\.html$/, '$1');
  // The engine's files are fetched, kept and found by the page itself.
  if (isEngine(address) && request.destination !== 'worker') return;
  if (request.mode === 'navigate') event.waitUntil(tidy());
  event.respondWith(answer(request, address, url.searchParams.get('build')));
});

/** `build`: the one of the page that asks for data without a hash in its name. */
async function answer(request: Request, address: string, build: string | null): Promise<Response> {
  // `document` is a page at the top of a window. In a frame it would be `iframe`: an embed stays as the host sent it.
  const isolates = ['document', 'worker'].includes(request.destination);
  const added = isolates ? Object.entries(isolationHeadersFor(`/${address}`)) : [];
  try {
    return withHeaders((await kept(address, build)) ?? (await fetch(request)), added);
  } catch (error) {
    if (request.mode !== 'navigate') throw error;
    // there it says what was asked for
    return Response.redirect(`${scope}offline/#${address}`);
  }
}

async function kept(address: string, build: string | null): Promise<Response | undefined> {
  const url = scope + address;
  const name = build === null || !isTask(address) ? own : cacheOf(scope, build);
  // Opening would make a cache for whatever name an address has. What is not here any more, or not yet, the host may have; the page checks it.
  if (name !== own && !(await caches.has(name))) return undefined;
  const found = await (await caches.open(name)).match(url);
  if (found !== undefined || !isHashed(address)) return found;
  for (const before of await oldCaches()) {
    const older = await (await caches.open(before)).match(url);
    if (older !== undefined) return older;
  }
  return undefined;
}

/** The response with these headers, too, unless the host has sent them itself. */
function withHeaders(response: Response, added: readonly (readonly [string, string])[]): Response {
  // A redirect is the browser's to follow; it cannot be copied either.
  if (response.type === 'opaqueredirect' || added.every(([name]) => response.headers.has(name))) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of added) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
