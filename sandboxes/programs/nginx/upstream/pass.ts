/**
 * `uwsgi_pass` and `proxy_pass`: the body is read first, then one server after another is asked until one answers. Every
 * way this can fail has nginx's own status and words.
 */
import { type Connection, isSystemError, type SystemError } from '../../../host/host.ts';
import { concat } from '../../http/bytes.ts';
import { Reader } from '../../http/reader.ts';
import { parseUpstream } from '../config/addresses.ts';
import type { PassSettings } from '../config/pass-model.ts';
import type { Group, Target } from '../config/upstream-model.ts';
import { BadBody, nextPiece, readBody } from '../handlers/body.ts';
import { DONE, type Next, type Request, status, type UpstreamState } from '../request.ts';
import { accelRedirect } from './accel.ts';
import { readHead, type UpstreamHead } from './answer.ts';
import type { Attempts, Peer } from './balancer.ts';
import { packet } from './packet.ts';
import { proxyAddress, proxyRequest, proxyUri } from './proxy.ts';
import { relay } from './relay.ts';
import { timedOut, UpstreamFailure, Watch } from './watch.ts';

/** A request up to this size goes with the connection itself, into the socket's buffer, before anybody has accepted. */
const WITH_CONNECT = 64 * 1024;
/** Asked again of another server only where the configuration says so: they may already have had an effect. */
const NOT_IDEMPOTENT = new Set(['POST', 'LOCK', 'PATCH']);

/** A request on its way to a group of servers. */
interface Trip {
  readonly request: Request;
  readonly family: 'uwsgi' | 'proxy';
  readonly settings: PassSettings;
  readonly group: Group;
  readonly attempts: Attempts;
  /** The URI that the server behind gets; '' for uwsgi. */
  readonly uri: string;
  readonly target: Target;
  /** The body follows as it comes, and is not kept. */
  readonly streamed: boolean;
  readonly started: number;
}

export async function pass(request: Request, family: 'uwsgi' | 'proxy', target: Target): Promise<Next> {
  const settings = request.settings[family];
  const group = target.group ?? groupByAddress(request, family, target);
  if (typeof group === 'number') return status(group);
  const streamed = isStreamed(request, family, settings);
  if (streamed) await request.client.sayContinue(request);
  else {
    const refused = await readBody(request);
    if (refused) return refused;
  }
  const { worker, host } = request.client;
  const uri = family === 'proxy' ? proxyUri(request, target) : '';
  const attempts = worker.balancer(group).start(request);
  if (settings.nextTries > 0) attempts.left = Math.min(attempts.left, settings.nextTries);
  return tryAll({ request, family, settings, group, attempts, uri, target, streamed, started: host.now() });
}

/** `request_buffering off`: not for a body that has come with the head, or of which nothing is passed on. */
function isStreamed(request: Request, family: 'uwsgi' | 'proxy', settings: PassSettings): boolean {
  if (settings.requestBuffering || request.chunkedBody || request.incoming.isBuffered) return false;
  return settings.passBody && (family === 'uwsgi' || settings.body === null);
}

/** An address that was made from variables: a group's name, or a plain address; a status when it is none. */
function groupByAddress(request: Request, family: 'uwsgi' | 'proxy', target: Target): Group | number {
  const url = target.address?.(request) ?? '';
  const address = family === 'proxy' ? proxyAddress(request, url) : url.replace(/^uwsgi:\/\//, '');
  if (address === null) {
    request.log('error', `invalid URL prefix in "${url}"`);
    return 500;
  }
  const group = request.client.worker.group(address);
  if (group) return group;
  const parsed = parseUpstream(address, family === 'proxy' ? 80 : null);
  if ('problem' in parsed) {
    // The sandbox has no name server, and nginx asks none that is not named in its configuration.
    if (parsed.problem === 'host not found') {
      request.log('error', `no resolver defined to resolve ${address.replace(/:\d+$/, '')}`);
      return 502;
    }
    request.log('error', `${parsed.problem} in upstream "${address}"`);
    return 500;
  }
  const peer = { ...parsed.value, weight: 1, maxConns: 0, maxFails: 1, failTimeout: 10_000, backup: false, down: false };
  return { name: address, place: null, explicit: false, peers: [peer], method: { kind: 'round-robin' } };
}

async function tryAll(trip: Trip): Promise<Next> {
  const { request, attempts, group } = trip;
  for (let first = true; ; first = false) {
    const peer = attempts.next();
    const state = newState(request, peer?.config.name ?? group.name, first);
    request.upstreams.push(state);
    request.upstreamLabel = label(trip, state.name);
    if (peer === null) {
      request.log('error', 'no live upstreams while connecting to upstream');
      state.status = 502;
      fail(request, '', 'no live upstreams', 502);
      return status(502);
    }
    const next = await ask(trip, peer, state);
    if (next) return next;
  }
}

/** What stands after `upstream:` in log lines: a socket's path is followed by a colon. */
function label({ family, uri }: Trip, name: string): string {
  return `${family === 'uwsgi' ? 'uwsgi' : 'http'}://${name}${name.startsWith('unix:') ? ':' : ''}${uri}`;
}

const newState = (request: Request, name: string, first: boolean): UpstreamState => ({
  name,
  newGroup: first && request.upstreams.length > 0,
  status: 0,
  connectTime: null,
  headerTime: null,
  responseTime: 0,
  length: 0,
  received: 0,
  sent: 0,
});

/** Ask one server. Null when it failed and another one is to be asked. */
async function ask(trip: Trip, peer: Peer, state: UpstreamState): Promise<Next | null> {
  const { request, attempts, settings, family } = trip;
  const { client } = request;
  const begun = client.host.now();
  const elapsed = (): number => client.host.now() - begun;
  let watch: Watch | null = null;
  let freed = false;
  const free = (failed: boolean, action: string): void => {
    if (!freed && attempts.free(peer, failed)) request.log('warn', `upstream server temporarily disabled while ${action}`);
    freed = true;
  };
  try {
    const bytes = requestBytes(trip);
    const small = bytes.length <= WITH_CONNECT;
    const connection = await connect(trip, peer, small ? bytes : null);
    state.connectTime = elapsed();
    state.sent = bytes.length;
    client.event('nginx.upstream', request, { upstream: connection.id, address: peer.config.name });
    watch = new Watch(request, settings, connection);
    if (!small) await watch.write(bytes);
    const reader = new Reader(connection);
    const early = trip.streamed ? reader.more() : null;
    if (early) await streamBody(trip, watch, early);
    const head = await readHead(watch, reader, settings.bufferSize, family, early);
    state.headerTime = elapsed();
    state.status = head.status;
    request.upstreamHead = head.headers;
    if (head.bare) request.log('error', 'upstream sent no valid HTTP/1.0 header while reading response header from upstream');
    if (mayTryNext(trip, head.status, true) && attempts.left > 1) {
      free(head.status !== 403 && head.status !== 404, 'reading response header from upstream');
      return null;
    }
    if (intercepts(request, settings, head)) return status(head.status);
    const elsewhere = accelRedirect(request, settings, head);
    if (elsewhere) return elsewhere;
    await relay(request, watch, reader, head, { family, target: trip.target, state });
    return DONE;
  } catch (error) {
    if (error instanceof BadBody) {
      fail(request, watch?.connection.id ?? '', 'the request body did not come', request.status);
      return error.next;
    }
    if (!(error instanceof UpstreamFailure)) throw error;
    return failed(trip, error, { watch, state, free });
  } finally {
    state.responseTime = elapsed();
    watch?.end();
    free(false, '');
  }
}

interface Failed {
  readonly watch: Watch | null;
  readonly state: UpstreamState;
  readonly free: (failed: boolean, action: string) => void;
}

/** Log a failure. Null when another server is to be asked; else what the client gets. */
function failed(trip: Trip, failure: UpstreamFailure, { watch, state, free }: Failed): Next | null {
  const { request, settings, attempts } = trip;
  const { client } = request;
  const upstream = watch?.connection.id ?? '';
  if (client.gone && !settings.ignoreAbort) {
    const what = 'epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too';
    if (!client.timedOut) request.log('info', `${what} while ${request.status === 0 ? 'sending request to upstream' : 'reading upstream'}`);
    fail(request, upstream, 'client closed connection', 499);
    request.status ||= 499;
    return { kind: 'close' };
  }
  const action = failure.message.slice(failure.message.indexOf(' while ') + 7);
  const begun = request.status !== 0;
  const timeout = failure.status === 504;
  // nginx lets go of the server before it logs a time-out, and after it has logged anything else.
  if (timeout && !begun) {
    free(true, action);
    request.upstreamLabel = request.upstreamLabel.replace(/:$/, '');
  }
  request.log(failure.level, failure.message);
  fail(request, upstream, failure.message, failure.status);
  if (!begun) {
    state.status = failure.status;
    if (failure.kind !== null) free(true, action);
  }
  if (begun) return { kind: 'close' };
  return attempts.left > 0 && failure.kind !== null && mayTryNext(trip, failure.kind, watch !== null) ? null : status(failure.status);
}

const fail = (request: Request, upstream: string, reason: string, code: number): void =>
  request.client.event('nginx.upstream.failed', request, { upstream, reason, status: code });

/** Does the configuration allow another server after this failure or status? */
function mayTryNext({ request, settings, streamed, started }: Trip, what: string | number, wasSent: boolean): boolean {
  const { next, nextTimeout } = settings;
  const kind = typeof what === 'number' ? `http_${what}` : what;
  if (![...next].some((one) => one === kind)) return false;
  if (wasSent && NOT_IDEMPOTENT.has(request.method) && !next.has('non_idempotent')) return false;
  // What was sent of it is gone.
  if (wasSent && streamed) return false;
  return nextTimeout === 0 || request.client.host.now() - started < nextTimeout;
}

/** `intercept_errors`: an error page for what the server behind answered. */
function intercepts(request: Request, settings: PassSettings, head: UpstreamHead): boolean {
  return settings.intercept && head.status >= 300 && request.settings.errorPages.has(head.status);
}

async function connect({ request, settings }: Trip, peer: Peer, first: Uint8Array | null): Promise<Connection> {
  const { client } = request;
  client.worker.countConnection();
  try {
    const timeout = settings.connectTimeout;
    return await client.host.connect(peer.config.address, first === null ? { timeout } : { timeout, first });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ETIMEDOUT') throw timedOut('connecting to upstream');
    const call = 'path' in peer.config.address ? `connect() to ${peer.config.name}` : 'connect()';
    const message = `${call} failed (${error.errno}: ${error.strerror}) while connecting to upstream`;
    throw new UpstreamFailure(502, connectLevel(error), 'error', message);
  }
}

/** A refused or full queue is an error; a missing socket file or a missing permission is critical: someone must act. */
const connectLevel = (error: SystemError): 'error' | 'crit' =>
  error.code === 'ECONNREFUSED' || error.code === 'EAGAIN' || error.code === 'ECONNRESET' ? 'error' : 'crit';

/** The head of the request in the family's protocol, and the body when it was read. */
function requestBytes({ request, family, settings, uri, target }: Trip): Uint8Array {
  const head = family === 'uwsgi' ? packet(request) : proxyRequest(request, uri, target);
  if (!settings.passBody) return head;
  const body = family === 'proxy' && settings.body ? null : request.body;
  return body ? concat([head, body]) : head;
}

/** Pass the body on as it comes, until the server behind says something (or goes): then it wants no more. Throws BadBody, UpstreamFailure. */
async function streamBody({ request }: Trip, watch: Watch, early: Promise<boolean>): Promise<void> {
  let wanted = true;
  const spoken = early.then(
    () => 'spoken' as const,
    () => 'spoken' as const,
  );
  for (;;) {
    request.doing = ' while sending request to upstream';
    const coming = nextPiece(request, () => wanted);
    const first = await Promise.race([coming, spoken]);
    // A client that has gone takes the connection to the server behind with it.
    wanted = first !== 'spoken' || request.client.gone;
    const piece = wanted ? await coming : null;
    request.doing = '';
    if (!wanted) request.abandon(coming);
    if (piece === null) return;
    await watch.write(piece);
  }
}
