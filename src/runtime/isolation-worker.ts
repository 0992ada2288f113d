/**
 * The site's one service worker, for hosts that cannot send headers: it adds the isolation headers of src/headers.ts.
 * A page registers it when a learner asks for the engine that needs them (isolation.ts), never by itself.
 *
 * It keeps nothing: every page comes from the network as if it were not there. When the host begins to send the headers
 * itself, the worker takes itself away.
 */
import { isolationHeadersFor } from '../headers.ts';

declare const self: ServiceWorkerGlobalScope;

const root = new URL('.', self.location.href).pathname;

/** Nothing is kept, so a new version can take over at once. */
self.addEventListener('install', () => void self.skipWaiting());

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  // `document` is a page at the top of a window. In a frame it would be `iframe`: an embed stays as the host sent it.
  if (origin !== self.location.origin || !['document', 'worker'].includes(request.destination)) return;
  const headers = Object.entries(isolationHeadersFor(`/${pathname.slice(root.length)}`));
  if (headers.length > 0) event.respondWith(isolated(request, headers));
});

async function isolated(request: Request, added: readonly (readonly [string, string])[]): Promise<Response> {
  const response = await fetch(request);
  // A redirect is the browser's to follow; it cannot be copied either.
  if (response.type === 'opaqueredirect') return response;
  if (request.destination === 'document' && added.every(([name]) => response.headers.has(name))) {
    await self.registration.unregister();
    return response;
  }
  const headers = new Headers(response.headers);
  for (const [name, value] of added) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
