/**
 * `uwsgi_pass`: one connection for each request. The body is read whole first, as nginx does by default; then the packet
 * goes out, the answer's head comes back and its body is relayed. Every way this can fail has nginx's own status and words.
 */
import { type Connection, isSystemError, type SystemError } from '../../../host/host.ts';
import { concat } from '../../http/bytes.ts';
import { header } from '../../http/head.ts';
import { BadChunk, Reader } from '../../http/reader.ts';
import { ProtocolError } from '../../uwsgi/protocol.ts';
import type { Upstream } from '../config/model.ts';
import { DONE, type Next, type Request, status, type UpstreamState } from '../request.ts';
import { packet } from './params.ts';
import { readHead, relay } from './relay.ts';
import { UpstreamFailure, Watch } from './upstream.ts';

/** A request up to this size goes with the connection itself, into the socket's buffer, before anybody has accepted. */
const WITH_CONNECT = 64 * 1024;

export async function passToUwsgi(request: Request, upstream: Upstream): Promise<Next> {
  const refused = await readBody(request);
  if (refused) return refused;
  const { client } = request;
  const started = client.host.now();
  const state: UpstreamState = { name: upstream.name, status: 502, connectTime: null, headerTime: null, responseTime: null };
  const elapsed = (): number => client.host.now() - started;
  request.upstream = state;
  request.upstreamLabel = `uwsgi://${upstream.name}${'path' in upstream.address ? ':' : ''}`;
  client.worker.countConnection();

  let watch: Watch | null = null;
  try {
    const bytes = requestBytes(request);
    const small = bytes.length <= WITH_CONNECT;
    const connection = await connect(request, upstream, small ? bytes : null);
    state.connectTime = elapsed();
    client.event('nginx.upstream', request, { upstream: connection.id, address: upstream.name });
    watch = new Watch(request, connection);
    if (!small) await watch.write(bytes);
    const reader = new Reader(connection);
    const head = await readHead(watch, reader);
    state.headerTime = elapsed();
    state.status = head.status;
    await relay(request, watch, reader, head);
    state.responseTime = elapsed();
    return DONE;
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    state.responseTime = elapsed();
    return fail(request, watch, error);
  } finally {
    watch?.end();
    request.upstreamLabel = '';
  }
}

/** Read the request's body whole, or say what is wrong with it. */
async function readBody(request: Request): Promise<Next | null> {
  const { incoming, client, settings } = request;
  if (incoming.done) {
    if (header(request.head.headers, 'content-length') !== null) request.body = new Uint8Array(0);
    return null;
  }
  await client.sayContinue(request);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let piece = await incoming.next(); piece !== null; piece = await incoming.next()) {
      size += piece.length;
      if (settings.maxBody > 0 && size > settings.maxBody) {
        request.log('error', `client intended to send too large chunked body: ${size} bytes`);
        return status(413);
      }
      parts.push(piece);
    }
  } catch (error) {
    if (error instanceof BadChunk) {
      request.log('info', 'client sent invalid chunked body');
      return status(400);
    }
    throw error;
  }
  request.body = concat(parts);
  return null;
}

async function connect(request: Request, upstream: Upstream, first: Uint8Array | null): Promise<Connection> {
  try {
    const timeout = request.settings.uwsgiConnectTimeout;
    return await request.client.host.connect(upstream.address, first === null ? { timeout } : { timeout, first });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ETIMEDOUT') throw timeout('connecting to upstream');
    const call = 'path' in upstream.address ? `connect() to ${upstream.name}` : 'connect()';
    throw new UpstreamFailure(502, connectLevel(error), `${call} failed (${error.errno}: ${error.strerror}) while connecting to upstream`);
  }
}

/** A refused or full queue is an error; a missing socket file or a missing permission is critical: someone must act. */
const connectLevel = (error: SystemError): 'error' | 'crit' =>
  error.code === 'ECONNREFUSED' || error.code === 'EAGAIN' || error.code === 'ECONNRESET' ? 'error' : 'crit';

const timeout = (action: string): UpstreamFailure =>
  new UpstreamFailure(504, 'error', `upstream timed out (110: Connection timed out) while ${action}`);

/** The uwsgi packet and the body after it. */
function requestBytes(request: Request): Uint8Array {
  try {
    const bytes = packet(request);
    return request.body ? concat([bytes, request.body]) : bytes;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new UpstreamFailure(500, 'alert', 'uwsgi request is too large');
  }
}

/** Log the failure; answer with its page unless the client has gone or the answer has begun. */
function fail(request: Request, watch: Watch | null, failure: UpstreamFailure): Next {
  const { client } = request;
  const upstream = watch?.connection.id ?? '';
  // nginx has let go of the address when it logs a time-out, and leaves out the colon after a socket's path.
  if (failure.status === 504) request.upstreamLabel = request.upstreamLabel.replace(/:$/, '');
  if (client.gone) {
    const what = 'epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too';
    request.log('info', `${what} while ${request.status === 0 ? 'sending request to upstream' : 'reading upstream'}`);
    client.event('nginx.upstream.failed', request, { upstream, reason: 'client closed connection', status: 499 });
    request.status ||= 499;
    return { kind: 'close' };
  }
  request.log(failure.level, failure.message);
  client.event('nginx.upstream.failed', request, { upstream, reason: failure.message, status: failure.status });
  if (request.upstream) request.upstream.status = failure.status;
  return request.status === 0 ? status(failure.status) : { kind: 'close' };
}
