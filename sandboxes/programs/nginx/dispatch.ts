/** From a request to its answer: `return` of the server, location, size check, handler; and round again after internal redirects. */
import { header } from '../http/head.ts';
import type { Location } from './config/model.ts';
import { answerReturn } from './handlers/return.ts';
import { serveFile } from './handlers/static.ts';
import { tryFiles } from './handlers/try-files.ts';
import { passToUwsgi } from './handlers/uwsgi.ts';
import { type Next, type Request, status } from './request.ts';
import { sendPage } from './response.ts';

/** nginx gives up after so many internal redirects. */
const MOST_REDIRECTS = 10;

/** Answer a request. False when the connection is to be closed without an answer. */
export async function dispatch(request: Request): Promise<boolean> {
  const { router } = request.client.worker;
  let next: Next = { kind: 'uri', uri: request.uri };
  const first = request.server.location.handlers.return;
  if (first) {
    route(request, request.server.location);
    next = await answerReturn(request, first);
  }
  for (let redirects = 0; ; redirects++) {
    if (redirects > MOST_REDIRECTS) {
      request.log('error', `rewrite or internal redirection cycle while internally redirecting to "${request.uri}"`);
      next = status(500);
    }
    if (next.kind === 'done') return true;
    if (next.kind === 'close') return false;
    if (next.kind === 'status') {
      await sendPage(request, next.status, next.detail);
      return true;
    }
    if (next.kind === 'named') {
      const location = router.named(request.server, next.name);
      if (location) next = await handle(request, location);
      else {
        request.log('error', `could not find named location "${next.name}"`);
        next = status(500);
      }
      continue;
    }
    request.uri = next.uri;
    const found = router.location(request.server, request.uri);
    request.captures = found.captures ?? request.captures;
    next = await handle(request, found.location);
  }
}

async function handle(request: Request, location: Location): Promise<Next> {
  route(request, location);
  const { handlers, settings } = location;
  const length = Number(header(request.head.headers, 'content-length') ?? 0);
  if (settings.maxBody > 0 && length > settings.maxBody) {
    request.log('error', `client intended to send too large body: ${length} bytes`);
    return status(413);
  }
  if (handlers.return && location.kind !== 'server') return answerReturn(request, handlers.return);
  if (handlers.tryFiles) {
    const next = await tryFiles(request, handlers.tryFiles);
    if (next) return next;
  }
  return handlers.uwsgiPass ? passToUwsgi(request, handlers.uwsgiPass) : serveFile(request);
}

function route(request: Request, location: Location): void {
  request.location = location;
  request.settings = location.settings;
  const { handlers } = location;
  const handler = handlers.return ? 'return' : handlers.uwsgiPass ? 'uwsgi' : 'static';
  request.client.event('nginx.route', request, { location: location.label, handler });
}
