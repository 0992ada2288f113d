/**
 * From a request to its answer, in nginx's phases: the server's rules, the location, its rules (and round again when they
 * change the URI), access, try_files, the handler; then error pages and other internal redirects.
 */

import { parseAddress } from './config/directives/access.ts';
import type { AccessRule, Location } from './config/model.ts';
import { addedHeaders } from './filters.ts';
import { runRules } from './handlers/rewrite.ts';
import { serveFile } from './handlers/static.ts';
import { tryFiles } from './handlers/try-files.ts';
import { type Next, type Request, redirect, status } from './request.ts';
import { sendPage } from './response.ts';
import type { Found } from './router.ts';
import { pass } from './upstream/pass.ts';

/** Answer a request. False when the connection is to be closed without an answer. */
export async function dispatch(request: Request): Promise<boolean> {
  return finish(request, await fromServer(request));
}

/** Answer a request that failed before it had a location. */
export async function refuse(request: Request, code: number, detail: string): Promise<boolean> {
  return finish(request, status(code, detail));
}

async function finish(request: Request, first: Next): Promise<boolean> {
  for (let next = first; ; ) {
    switch (next.kind) {
      case 'done':
        return true;
      case 'close':
        return false;
      case 'status':
        next = await answerStatus(request, next.status, next.detail ?? '', next.location ?? null);
        break;
      case 'named':
        next = await toNamed(request, next.name);
        break;
      case 'uri':
        next = await toUri(request, next.uri, next.args ?? '');
    }
  }
}

/** The server's own rules come first, after every internal redirect again. */
async function fromServer(request: Request): Promise<Next> {
  const { location } = request.server;
  request.location = location;
  request.settings = location.settings;
  if (location.rules.length > 0) {
    const outcome = await runRules(request, location.rules, true);
    if (typeof outcome === 'object') {
      route(request, location, 'return');
      return outcome.next;
    }
  }
  return fromLocation(request, null);
}

/** Find the location (unless it is given by name) and go through its rules, until the URI stays. */
async function fromLocation(request: Request, named: Location | null): Promise<Next> {
  for (let given = named; ; given = null) {
    const found = given ? null : find(request);
    const location = given ?? found?.location ?? request.server.location;
    enter(request, location);
    if (found) {
      const refused = await checkFound(request, found);
      if (refused) return refused;
    }
    const { rules } = request.location;
    if (rules.length > 0 && location.kind !== 'server') {
      const outcome = await runRules(request, rules, false);
      if (outcome === 'changed') {
        if (--request.changesLeft === 0) return cycle(request, `processing "${request.uri}"`);
        continue;
      }
      if (typeof outcome === 'object') {
        route(request, location, 'return');
        return outcome.next;
      }
    }
    return handle(request);
  }
}

function find(request: Request): Found {
  const found = request.client.worker.router.location(request.server, request.uri);
  if (found.match) request.capture(found.match);
  return found;
}

function enter(request: Request, location: Location): void {
  const limits = location.limitExcept;
  const chosen = limits && !limits.methods.has(request.method) ? limits.location : location;
  request.location = chosen;
  request.settings = chosen.settings;
  request.content = chosen.content;
  request.locationIsValid = true;
  request.doing = '';
}

/** What nginx checks as soon as it has the location. */
async function checkFound(request: Request, { location, slashMissing }: Found): Promise<Next | null> {
  if (request.settings.internal && !request.internal) return status(404);
  const { maxBody } = request.settings;
  const length = request.contentLength ?? 0;
  if (maxBody > 0 && length > maxBody && request.errorStatus === 0) {
    request.askedToContinue = true;
    request.log('error', `client intended to send too large body: ${length} bytes`);
    return status(413);
  }
  if (slashMissing) {
    const query = request.args ? `?${request.args}` : '';
    return redirect(301, location.pattern + query);
  }
  return null;
}

async function handle(request: Request): Promise<Next> {
  const { settings, location, content } = request;
  if (settings.access.length > 0 && !isAllowed(settings.access, request.client.connection.peer)) {
    request.log('error', 'access forbidden by rule');
    route(request, location, 'static');
    return status(403);
  }
  if (location.tryFiles) {
    const next = await tryFiles(request, location.tryFiles);
    if (next) {
      route(request, location, content?.kind === 'uwsgi' || content?.kind === 'proxy' ? content.kind : 'static');
      return next;
    }
  }
  if (content?.kind === 'uwsgi' || content?.kind === 'proxy') {
    route(request, location, content.kind);
    return pass(request, content.kind, content.target);
  }
  route(request, location, 'static');
  if (settings.alias > 0 && !request.locationIsValid) {
    request.log('alert', `"alias" cannot be used in location "${location.pattern}" where URI was rewritten`);
    return status(500);
  }
  return serveFile(request);
}

/** The first rule that fits decides; without one everybody is let in. */
function isAllowed(rules: readonly AccessRule[], client: string): boolean {
  const address = parseAddress(client) ?? 0;
  const rule = rules.find(({ network }) => network === null || (address & network.mask) >>> 0 === network.address);
  return rule?.allow ?? true;
}

/** An error or redirect: a page of the configuration, else nginx's own. */
async function answerStatus(request: Request, code: number, detail: string, location: string | null): Promise<Next> {
  const { settings } = request;
  await request.client.sayContinue(request);
  request.errorStatus = code >= 494 && code <= 497 ? 400 : code;
  const known = settings.errorPages.get(code);
  if (known && !request.errorPageDone && request.changesLeft > 0) {
    if (!settings.recursiveErrorPages) request.errorPageDone = true;
    if (known.overwrite !== null) request.errorStatus = known.overwrite;
    const target = known.target(request);
    if (target.startsWith('@')) return { kind: 'named', name: target };
    if (target.startsWith('/')) {
      if (request.method !== 'HEAD') request.method = 'GET';
      const question = target.indexOf('?');
      return question < 0
        ? { kind: 'uri', uri: target }
        : { kind: 'uri', uri: target.slice(0, question), args: target.slice(question + 1) };
    }
    const kind = [301, 302, 303, 307, 308].includes(known.overwrite ?? 0) ? (known.overwrite ?? 302) : 302;
    request.errorStatus = kind;
    return sendPage(request, kind, '', target);
  }
  if (code === 416) {
    // nginx sees that there is no such part when the whole file's head is ready, so what the configuration adds to that stays
    const { lines } = addedHeaders(request, 200, { status: 200 });
    return sendPage(request, code, '', null, [...lines, ['Content-Range', detail]]);
  }
  return sendPage(request, code, detail, location);
}

async function toUri(request: Request, uri: string, args: string): Promise<Next> {
  if (--request.changesLeft === 0) return cycle(request, `internally redirecting to "${uri}"`);
  request.uri = uri;
  request.args = args;
  request.internal = true;
  request.rawIsValid = false;
  return fromServer(request);
}

async function toNamed(request: Request, name: string): Promise<Next> {
  if (--request.changesLeft === 0) return cycle(request, `redirect to named location "${name}"`);
  if (request.uri === '') {
    request.log('error', `empty URI in redirect to named location "${name}"`);
    return status(500);
  }
  const location = request.client.worker.router.named(request.server, name);
  if (!location) {
    request.log('error', `could not find named location "${name}"`);
    return status(500);
  }
  request.internal = true;
  return fromLocation(request, location);
}

function cycle(request: Request, doing: string): Next {
  request.log('error', `rewrite or internal redirection cycle while ${doing}`);
  return status(500);
}

function route(request: Request, location: Location, handler: 'static' | 'uwsgi' | 'proxy' | 'return'): void {
  request.client.event('nginx.route', request, { location: location.label, handler });
}
