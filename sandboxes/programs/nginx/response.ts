/** Answers to a client: heads in nginx's order of lines, with what the configuration adds to them. */
import { bytesOf, concat } from '../http/bytes.ts';
import { dateHttp } from './dates.ts';
import { addedHeaders, clientTakesGzip, isFitForGzip, withCharset } from './filters.ts';
import { page, reason } from './pages.ts';
import { DONE, type Next, type Request } from './request.ts';

export interface AnswerHead {
  readonly status: number;
  /** The status line's text, when an upstream gave one. */
  readonly reason?: string;
  readonly type?: string | undefined;
  /** Bytes of the body; null when it is not known. */
  readonly length?: number | null;
  readonly lastModified?: string | undefined;
  readonly etag?: string | undefined;
  /** A path on this server, written as an absolute address. */
  readonly location?: string;
  /** Everything else, after `Connection`. */
  readonly more?: readonly (readonly [string, string])[];
  /** After what the configuration adds: ranges. */
  readonly last?: readonly (readonly [string, string])[];
  /** Given by an upstream, so not added here. */
  readonly has?: ReadonlySet<string>;
}

export interface HeadText {
  /** '' for HTTP/0.9, which has no heads. */
  readonly text: string;
  readonly chunked: boolean;
  readonly gzip: boolean;
}

/** A head as byte text; decides on chunks, compression and keeping the connection. */
export function headText(request: Request, answer: AnswerHead): HeadText {
  const { settings, client } = request;
  const status = request.errorStatus || answer.status;
  request.status = status;
  const old = request.head.minor < 0;
  const bodyless = request.isHead || status === 204 || status === 304 || status < 200;
  const fit = settings.gzip.on && isFitForGzip(request, status, answer);
  const gzip = fit && clientTakesGzip(request);
  const unknown = gzip || answer.length === null || answer.length === undefined;
  const chunked = unknown && !bodyless && settings.chunked && request.head.minor >= 1;
  if ((unknown && !bodyless && !chunked) || old || !client.mayKeepAlive(request)) request.keepAlive = false;
  const lines = headLines(request, status, answer, { unknown, chunked, gzip, vary: fit && settings.gzip.vary });
  request.sentLines = lines;
  if (old) return { text: '', chunked: false, gzip };
  const given = request.errorStatus === 0 ? answer.reason : undefined;
  return { text: `HTTP/1.1 ${status}${given === '' ? '' : ` ${given ?? reason(status)}`}\r\n${lines}\r\n`, chunked, gzip };
}

interface Framing {
  readonly unknown: boolean;
  readonly chunked: boolean;
  readonly gzip: boolean;
  readonly vary: boolean;
}

/** The header lines, each with its end. */
function headLines(request: Request, status: number, answer: AnswerHead, { unknown, chunked, gzip, vary }: Framing): string {
  const { settings, client } = request;
  const empty = status === 204;
  const added = addedHeaders(request, status, answer);
  const modified = added.lastModified ?? answer.lastModified;
  let text = '';
  if (!answer.has?.has('server')) text += settings.serverTokens === 'off' ? 'Server: nginx\r\n' : 'Server: nginx/1.22.1\r\n';
  if (!answer.has?.has('date')) text += `Date: ${dateHttp(client.host.date())}\r\n`;
  if (answer.type && !empty) text += `Content-Type: ${withCharset(settings.charset, answer.type)}\r\n`;
  if (!unknown && !empty) text += `Content-Length: ${answer.length}\r\n`;
  if (modified && !empty) text += `Last-Modified: ${modified}\r\n`;
  if (answer.location !== undefined) text += `Location: ${absolute(request, answer.location)}\r\n`;
  if (chunked) text += 'Transfer-Encoding: chunked\r\n';
  text += request.keepAlive ? 'Connection: keep-alive\r\n' : 'Connection: close\r\n';
  if (request.keepAlive && settings.keepaliveHeader !== null) text += `Keep-Alive: timeout=${settings.keepaliveHeader}\r\n`;
  if (vary) text += 'Vary: Accept-Encoding\r\n';
  const line = (name: string, value: string): void => {
    const shown = gzip && name.toLowerCase() === 'etag' ? weak(value) : value;
    if (shown !== null) text += `${name}: ${shown}\r\n`;
  };
  const given = request.carried ? [...request.carried.lines, ...(answer.more ?? [])] : (answer.more ?? []);
  for (const [name, value] of given) if (!added.replaces.has(name.toLowerCase())) line(name, value);
  if (answer.etag !== undefined && !added.replaces.has('etag')) line('ETag', answer.etag);
  for (const [name, value] of added.lines) line(name, value);
  if (gzip) text += 'Content-Encoding: gzip\r\n';
  else for (const [name, value] of answer.last ?? []) text += `${name}: ${value}\r\n`;
  return text;
}

/** The ETag of what was compressed on the way: the same only in meaning. Null for one that is no ETag. */
function weak(etag: string): string | null {
  if (etag.startsWith('W/')) return etag;
  return etag.startsWith('"') ? `W/${etag}` : null;
}

/** Send a whole answer. The body is left out for HEAD. */
export async function send(request: Request, answer: AnswerHead, body: Uint8Array | null): Promise<void> {
  const { text } = headText(request, { ...answer, length: body ? body.length : (answer.length ?? null) });
  const head = bytesOf(text);
  request.headSent = head.length;
  await write(request, body && !request.isHead ? concat([head, body]) : head);
  request.complete = !request.client.gone;
}

/** Bytes that go out in one piece at the most: a slow client takes a large file bit by bit. */
const PIECE = 256 * 1024;

/** Write bytes of an answer; a client that has gone is no error here. */
export async function write(request: Request, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length && !request.client.gone; at += PIECE) {
    const piece = bytes.length <= PIECE ? bytes : bytes.subarray(at, at + PIECE);
    request.bytesSent += piece.length;
    await request.client.write(request, piece);
  }
}

/** After these the connection is not used again: what the client still sends cannot be trusted or is too much. */
const CLOSING = new Set([400, 413, 414, 494, 495, 496, 497, 500, 501]);

/** Send the page of a status. `location` is for redirects: a full address goes out as it is. */
export async function sendPage(
  request: Request,
  code: number,
  detail = '',
  location: string | null = null,
  more: readonly (readonly [string, string])[] = [],
): Promise<Next> {
  if (CLOSING.has(code)) request.keepAlive = false;
  const shown = code >= 494 && code <= 497 ? 400 : code;
  // What an error page has put in place of the status (`error_page 404 =200`) counts for this page too.
  const isPath = location?.startsWith('/') === true && request.settings.absoluteRedirect;
  const text = page(shown, request.settings.serverTokens !== 'off', detail);
  const answer: AnswerHead = {
    status: shown,
    ...(text === null ? {} : { type: 'text/html' }),
    ...(isPath && location !== null ? { location } : {}),
    more: location !== null && !isPath ? [...more, ['Location', location]] : more,
  };
  await send(request, answer, bytesOf(text ?? ''));
  return DONE;
}

/** The Location of a path: nginx writes scheme, host and a port that is not the scheme's own. */
function absolute(request: Request, path: string): string {
  const { settings, serverPort, scheme } = request;
  const port = serverPort === (scheme === 'https' ? 443 : 80) || !settings.portInRedirect ? '' : `:${serverPort}`;
  const host = settings.serverNameInRedirect ? request.serverName : request.host || request.serverAddress;
  return `${scheme}://${host}${port}${path}`;
}
