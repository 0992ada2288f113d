/** The loop of a worker: take the next connection from the shared queue, answer it, take the next one. One at a time. */
import { type Connection, type Host, isSystemError, type Listener } from '../../host/host.ts';
import { BadHead } from '../http/head.ts';
import { CutShort, HeadTooLarge } from '../http/reader.ts';
import { PythonEnded } from '../python/ended.ts';
import type { App } from './app.ts';
import type { Piece, TellEnviron } from './bridge.ts';
import { readHttp } from './http.ts';
import type { Log } from './log.ts';
import { hasPython, type Options } from './options.ts';
import { Patience } from './patience.ts';
import { parseRequest, readRequest, Skipped, type UwsgiRequest } from './request.ts';
import { countRequest, type Tally } from './tally.ts';

export interface Counters {
  readonly tally: Tally;
  /** Requests that the instance had completed when this worker started. */
  readonly total: number;
}

export interface Server {
  readonly host: Host;
  readonly log: Log;
  readonly options: Options;
  readonly worker: number;
  readonly listener: Listener;
  /** Null when there is no application to call. */
  readonly app: App | null;
  readonly counters: Counters;
  /** Told when the app is about to be called, and when a request is over: never when the process ends in it. */
  readonly began: (request: UwsgiRequest) => void;
  readonly done: () => void;
  /** Told when a request is over and logged. True when it was the last one of this process. */
  readonly over: () => boolean;
  readonly stopping: () => boolean;
  /** The app wishes that the instance is reloaded. */
  readonly reload: () => void;
}

const NO_APP = 'HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n';
const NO_APP_BODY = 'Internal Server Error';

/** About as many bytes as the variables have that Python adds to those of the packet. */
const OWN_VARIABLES = 500;

/** After a call this long the client may have gone. */
const LONG_CALL_MS = 20;

/** Serve until the listener is closed, a request was the last one, or `stopping`. Throws PythonEnded when the app ended the process. */
export async function serve(server: Server): Promise<void> {
  server.host.event('uwsgi.ready', { worker: server.worker });
  const patience = new Patience(server.host);
  const inTurn = { inTurn: server.options.thunderLock };
  while (!server.stopping()) {
    const connection = await server.listener.accept(inTurn);
    if (connection === null) return;
    try {
      await serveOne(server, connection, patience);
    } catch (error) {
      if (error instanceof PythonEnded || !isSystemError(error)) throw error;
    } finally {
      connection.close();
    }
    if (server.over()) return;
  }
}

async function serveOne(server: Server, connection: Connection, patience: Patience): Promise<void> {
  const { log } = server;
  let request: UwsgiRequest | null;
  try {
    request = await receive(server, connection, patience);
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    log.line(error.message);
    if (error.unread) connection.close({ unread: true });
    if (error.status !== null)
      requestOver(server, nothing(error.packetBytes), { ...NO_ANSWER, status: error.status }, server.host.date(), 0, false);
    return;
  }
  if (request === null) return;
  await answer(server, connection, request);
}

async function receive({ options }: Server, connection: Connection, patience: Patience): Promise<UwsgiRequest | null> {
  if (options.sockets[0]?.protocol === 'http') {
    try {
      const bytes = await readHttp(connection, options.bufferSize);
      return bytes && parseRequest(bytes);
    } catch (error) {
      if (error instanceof BadHead || error instanceof CutShort || error instanceof HeadTooLarge) return null;
      throw error;
    }
  }
  return readRequest(() => patience.wait(connection.read()), options.bufferSize, hasPython(options));
}

type Totals = Pick<Piece, 'status' | 'headers' | 'headerBytes' | 'bodyBytes' | 'switches'>;
const NO_ANSWER: Totals = { status: 500, headers: 0, headerBytes: 0, bodyBytes: 0, switches: 0 };
const nothing = (packetBytes: number): UwsgiRequest => ({ packetBytes, pairs: [], variables: new Map(), body: new Uint8Array(0) });

async function answer(server: Server, connection: Connection, request: UwsgiRequest): Promise<void> {
  const { host, log, app, worker } = server;
  const { variables } = request;
  const method = variables.get('REQUEST_METHOD') ?? '';
  const uri = variables.get('REQUEST_URI') ?? '';
  const conn = connection.id;
  const date = host.date();
  const start = host.now();
  host.event('uwsgi.request', { conn, worker, bytes: request.packetBytes, vars: request.pairs.length, method, uri });
  if (app === null) {
    log.line('--- no python application found, check your startup logs for errors ---');
    await connection.write(NO_APP + NO_APP_BODY);
    const totals = { ...NO_ANSWER, headers: 2, headerBytes: NO_APP.length, bodyBytes: NO_APP_BODY.length };
    requestOver(server, request, totals, date, host.now() - start, false);
    return;
  }

  server.counters.tally.begun++;
  host.event('wsgi.call', { conn, worker, method, uri });
  server.began(request);
  host.flush();
  const totals = await callApp(server, app, connection, request);
  const ms = host.now() - start;
  const { status, bodyBytes: bytes } = totals;
  host.event('wsgi.return', { conn, worker, status, bytes, ms, error: totals.headerBytes === 0 });
  requestOver(server, request, totals, date, ms, true);
}

/** Call the app and send its answer, piece by piece as the client takes it. */
async function callApp(server: Server, app: App, connection: Connection, request: UwsgiRequest): Promise<Totals> {
  const { host, log } = server;
  const begun = host.now();
  const send = (bytes: Uint8Array): void => {
    // That the client has gone shows at the next piece: while Python runs, nothing can be heard of it.
    void connection.write(bytes).catch(() => {});
    host.flush();
  };
  let piece = app.handle(request, send, host.mayKeep(request.packetBytes + OWN_VARIABLES) ? tellEnviron(host, connection) : undefined);
  if (host.now() - begun > LONG_CALL_MS) await hearNews(server.listener);
  let refused = false;
  const sent = { status: 0, headers: 0, headerBytes: 0, bodyBytes: 0, switches: 0 };
  for (;;) {
    if (piece.exit !== null) throw new PythonEnded(piece.exit, 'sys.exit');
    await app.saveFiles(log);
    if (piece.reload) server.reload();
    if (piece.failed) server.counters.tally.exceptions++;
    sent.status = piece.status;
    sent.switches = piece.switches;
    sent.headers += piece.headers;
    try {
      if (piece.bytes.length > 0) await connection.write(piece.bytes);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      // Over TCP the first bytes to one who has gone are taken, and only then comes the answer that nobody wants them.
      const taken = 'port' in connection.address && !refused;
      refused = true;
      if (!taken) {
        clientGone(log, request);
        server.counters.tally.writeErrors++;
        server.counters.tally.exceptions++;
        if (piece.more) app.abandon();
        return { ...sent, switches: 0 };
      }
    }
    sent.headerBytes += piece.headerBytes;
    sent.bodyBytes += piece.bodyBytes;
    if (!piece.more) return sent;
    host.flush();
    piece = app.proceed();
  }
}

/** Python may then be busy for long, and those who look on would hear of the environ only after it. */
const tellEnviron =
  (host: Host, { id: conn }: Connection): TellEnviron =>
  (environ) => {
    host.event('wsgi.environ', { conn, environ });
    host.flush(true);
  };

/**
 * Let in what has come while Python kept this process from listening. A client's first connection to it may still be under
 * way on the Node host, where it takes two turns of the event loop more than an answer of the kernel.
 */
async function hearNews(listener: Listener): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await listener.waiting();
}

/** Does anybody want to know a worker's memory after each request? */
const measures = ({ memoryReport, reloadOnRss, evilReloadOnRss }: Options): boolean =>
  memoryReport || reloadOnRss > 0 || evilReloadOnRss > 0;

/** The words of the real one when it writes to a closed connection. */
function clientGone(log: Log, { variables }: UwsgiRequest): void {
  const uri = variables.get('REQUEST_URI') ?? '';
  const address = variables.get('REMOTE_ADDR') ?? '';
  log.dated(`SIGPIPE: writing to a closed pipe/socket/fd (probably the client disconnected) on request ${uri} (ip ${address}) !!!`);
  const method = variables.get('REQUEST_METHOD') ?? '';
  log.dated(`uwsgi_response_writev_headers_and_body_do(): Broken pipe [core/writer.c line 306] during ${method} ${uri} (${address})`);
  log.line('OSError: write error');
}

/** A request is over: it counts, and has its line in the log. */
function requestOver(server: Server, request: UwsgiRequest, totals: Totals, began: number, ms: number, called: boolean): void {
  const { host, log, options, counters } = server;
  const memory = measures(options) ? (server.app?.memory() ?? null) : null;
  countRequest(counters.tally, ms, totals.headerBytes + totals.bodyBytes);
  if (memory !== null) Object.assign(counters.tally, { rss: memory.used, vsz: memory.size });
  server.done();
  if (options.disableLogging) return;
  const { variables } = request;
  const of = (name: string): string => variables.get(name) ?? '';
  log.request({
    pid: host.pid,
    app: called ? 0 : -1,
    workerRequests: called ? counters.tally.begun : -1,
    address: of('REMOTE_ADDR'),
    user: of('REMOTE_USER'),
    vars: request.pairs.length * 2,
    packetBytes: request.packetBytes,
    began,
    method: of('REQUEST_METHOD'),
    uri: of('REQUEST_URI'),
    protocol: of('SERVER_PROTOCOL'),
    bodyBytes: totals.bodyBytes,
    ms,
    status: totals.status,
    headers: totals.headers,
    headerBytes: totals.headerBytes,
    switches: totals.switches,
    memory: options.memoryReport ? memory : null,
  });
}
