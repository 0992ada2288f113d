/**
 * The sandbox's browser as a process: takes requests as JSON lines, sends them at once over kept connections (as many
 * for one origin as are needed, up to 64) and prints one JSON line for each answer.
 */
import { type Connection, type Host, isSystemError } from '../../host/host.ts';
import { resolve } from '../curl/hosts.ts';
import { byteText, concat, fromUnicode, toUnicode } from '../http/bytes.ts';
import { EmptyReply, HttpConnection, type HttpUrl, hostHeader, type Incoming, parseUrl } from '../http/exchange.ts';
import { header } from '../http/head.ts';
import { CutShort } from '../http/reader.ts';
import { Truncated } from '../tls/alerts.ts';
import { BODY_LIMIT, type CertificateFacts, type HttpAbort, type HttpAnswer, type HttpCommand } from './messages.ts';
import { NotPrivate, Pool, type Target } from './pool.ts';

const encoder = new TextEncoder();
const USER_AGENT = 'Mozilla/5.0 (sandbox) Browser/1.0';

export default async function browser(host: Host): Promise<number> {
  const tab = new Browser(host);
  const decoder = new TextDecoder();
  const running = new Set<Promise<void>>();
  let rest = '';
  for (let chunk = await host.readInput(); chunk !== null; chunk = await host.readInput()) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() === '') continue;
      const message = JSON.parse(line) as HttpCommand | HttpAbort;
      if ('abort' in message) tab.abort(message.id);
      else {
        const work = tab.answer(message).finally(() => running.delete(work));
        running.add(work);
      }
    }
  }
  await Promise.all(running);
  return 0;
}

/** What a request is known by in the trace, and how to give it up. */
interface Flight {
  conn: string;
  n: number;
  connection: Connection | null;
  aborted: boolean;
  /** Ends the wait for an answer, wherever it is. */
  stop(): void;
}

class Browser {
  readonly #host: Host;
  readonly #pool: Pool;
  readonly #flights = new Map<number, Flight>();

  constructor(host: Host) {
    this.#host = host;
    this.#pool = new Pool(host);
  }

  /** Carry out a request and print its answer. */
  async answer(command: HttpCommand): Promise<void> {
    const started = this.#host.now();
    const stopped = Promise.withResolvers<never>();
    const stop = (): void => stopped.reject(new Stopped());
    const flight: Flight = { conn: '', n: 0, connection: null, aborted: false, stop };
    this.#flights.set(command.id, flight);
    let answer: Outcome;
    try {
      answer = await Promise.race([this.#fetch(command, flight), stopped.promise]);
    } catch (error) {
      const failed = flight.aborted ? 'The request was stopped.' : await describe(error, command.url);
      if (failed === null) throw error;
      const unsent = flight.conn === '' ? { method: command.method, url: command.url } : {};
      this.#host.event('client.failed', { conn: flight.conn, n: flight.n, reason: failed, ...unsent });
      const certificate = error instanceof NotPrivate ? { certificate: error.certificate } : {};
      answer = { status: 0, statusText: '', headers: [], body: '', failed, ...certificate };
    }
    this.#flights.delete(command.id);
    const line: HttpAnswer = { id: command.id, ...answer, conn: flight.conn, n: flight.n, ms: this.#host.now() - started };
    await this.#host.print(`${JSON.stringify(line)}\n`);
  }

  abort(id: number): void {
    const flight = this.#flights.get(id);
    if (!flight) return;
    flight.aborted = true;
    flight.connection?.close();
    flight.stop();
  }

  async #fetch(command: HttpCommand, flight: Flight): Promise<Outcome> {
    const url = parseUrl(command.url);
    if (!url) throw new BadAddress();
    const ip = await resolve(this.#host, url.host);
    if (ip === null) throw new UnknownHost();
    const target: Target = { ip, url, accept: command.accept };
    for (;;) {
      const { http, reused, certificate } = await this.#pool.take(target, (connection) => {
        flight.connection = connection;
        if (flight.aborted) connection.close();
      });
      let incoming: Incoming | null = null;
      let keep = false;
      try {
        if (flight.aborted) throw new Stopped();
        flight.connection = http.connection;
        incoming = await this.#exchange(http, url, command, flight);
        const { body, cut } = await readUpTo(incoming.body, BODY_LIMIT);
        keep = HttpConnection.isReusable(incoming) && !flight.aborted;
        const { status, headers } = incoming.head;
        const server = header(headers, 'server') ?? '';
        this.#host.event('client.response', { conn: flight.conn, n: flight.n, status, bytes: body.length, server });
        return {
          status,
          statusText: incoming.head.reason,
          headers: headers.map((line) => [line.name, toUnicode(line.value)] as const),
          body: btoa(byteText(body)),
          failed: null,
          ...(cut ? { cut } : {}),
          ...(certificate ? { certificate } : {}),
        };
      } catch (error) {
        // A kept connection may have been closed by the server just now: browsers then try again on a new one.
        const gone = error instanceof EmptyReply || error instanceof Truncated;
        const lost = gone || isSystemError(error, 'EPIPE') || isSystemError(error, 'ECONNRESET');
        if (!lost || !reused || incoming !== null || flight.aborted || !isSafe(command.method)) throw error;
        this.#host.event('client.failed', { conn: flight.conn, n: flight.n, reason: 'the kept connection was closed; trying again' });
      } finally {
        flight.connection = null;
        this.#pool.giveBack(target, http, keep);
      }
    }
  }

  async #exchange(http: HttpConnection, url: HttpUrl, command: HttpCommand, flight: Flight): Promise<Incoming> {
    const { method } = command;
    const body = command.body === undefined ? null : encoder.encode(command.body);
    flight.conn = http.connection.id;
    flight.n = http.count + 1;
    this.#host.event('client.request', { conn: flight.conn, n: flight.n, method, url: command.url });
    await http.send({ method, target: escapeTarget(url.target), headers: headersOf(command, url, body), body });
    return http.receive(method);
  }
}

type Outcome = Omit<HttpAnswer, 'id' | 'conn' | 'n' | 'ms'>;

/** The first bytes of a body, and whether more were to come. */
async function readUpTo(body: Incoming['body'], limit: number): Promise<{ body: Uint8Array; cut: boolean }> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (let piece = await body.next(); piece !== null; piece = await body.next()) {
    pieces.push(piece);
    size += piece.length;
    if (size > limit) return { body: concat(pieces).subarray(0, limit), cut: true };
  }
  return { body: concat(pieces), cut: false };
}

/** Why a certificate is refused, as the end of a sentence. */
function whyRefused({ trouble, problem, names }: CertificateFacts): string {
  if (trouble !== 'name') return `its certificate is not trusted (${problem})`;
  return names.length
    ? 'its certificate is for another name'
    : 'its certificate has no alternative name (subjectAltName), and browsers look at no other';
}

class Stopped extends Error {}
class BadAddress extends Error {}
class UnknownHost extends Error {}

const isSafe = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method);

/** Characters that may not stand in a request line are escaped; what is escaped already stays. */
const escapeTarget = (target: string): string => encodeURI(target).replace(/%25([0-9a-f]{2})/gi, '%$1');

function headersOf(command: HttpCommand, url: HttpUrl, body: Uint8Array | null): [string, string][] {
  const headers = new Map<string, [string, string]>();
  const set = (name: string, value: string): void => void headers.set(name.toLowerCase(), [name, fromUnicode(value)]);
  set('Host', hostHeader(url));
  set('Connection', 'keep-alive');
  set('User-Agent', USER_AGENT);
  set('Accept', '*/*');
  if (body) {
    set('Content-Type', 'text/plain;charset=UTF-8');
    set('Content-Length', String(body.length));
  }
  for (const [name, value] of Object.entries(command.headers ?? {})) set(name, value.replace(/[\r\n]+/g, ' '));
  return [...headers.values()];
}

/** Why no answer came, in the words of a browser; null for what is no such reason. */
async function describe(error: unknown, url: string): Promise<string | null> {
  const host = parseUrl(url)?.host ?? url;
  if (error instanceof BadAddress) return `"${url}" is not an http address.`;
  if (error instanceof UnknownHost) return `There is no ${host} in this sandbox; use http://localhost/`;
  if (error instanceof Stopped) return 'The request was stopped.';
  if (error instanceof EmptyReply) return `${host} did not send any data.`;
  if (error instanceof CutShort) return `${host} closed the connection before the whole answer had come.`;
  if (isSystemError(error, 'ECONNREFUSED')) return `${host} refused to connect. Is the server running?`;
  if (isSystemError(error, 'ECONNRESET') || isSystemError(error, 'EPIPE')) return `The connection to ${host} was reset.`;
  if (isSystemError(error, 'ETIMEDOUT')) return `${host} took too long to respond.`;
  if (/^https:/i.test(url)) {
    const { NotTls, TlsError } = await import('../tls/index.ts');
    if (error instanceof NotPrivate) return `The connection to ${host} is not private: ${whyRefused(error.certificate)}.`;
    if (error instanceof NotTls) return `${host} does not speak TLS there; try http instead of https.`;
    if (error instanceof Truncated) return `${host} unexpectedly closed the connection.`;
    if (error instanceof TlsError) return `${host} cannot provide a secure connection: ${error.alert}.`;
  }
  return error instanceof Error ? `${host} sent an invalid response: ${error.message}` : null;
}
