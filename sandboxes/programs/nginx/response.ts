/** Answers to a client: heads in nginx's order of lines, error pages, redirects. */
import { bytesOf, concat } from '../http/bytes.ts';
import { dateHttp } from './dates.ts';
import { page, reason } from './pages.ts';
import type { Request } from './request.ts';

export interface AnswerHead {
  readonly status: number;
  /** The status line's text, when an upstream gave one. */
  readonly reason?: string;
  readonly type?: string | undefined;
  /** Bytes of the body; null when it is not known. */
  readonly length?: number | null;
  readonly lastModified?: string | undefined;
  /** A path on this server, written as an absolute address. */
  readonly location?: string;
  /** Everything else, after `Connection`. */
  readonly more?: readonly (readonly [string, string])[];
  /** Given by an upstream, so not added here. */
  readonly has?: ReadonlySet<string>;
}

/** A head as byte text; decides on chunked coding and on keeping the connection. */
export function headText(request: Request, answer: AnswerHead): { text: string; chunked: boolean } {
  const { settings, client } = request;
  const bodyless = request.isHead || answer.status === 204 || answer.status === 304;
  const unknown = answer.length === null || answer.length === undefined;
  const chunked = unknown && !bodyless && request.head.minor >= 1;
  if (unknown && !bodyless && !chunked) request.keepAlive = false;
  if (!client.mayKeepAlive(request)) request.keepAlive = false;

  let text = `HTTP/1.1 ${answer.status} ${answer.reason ?? reason(answer.status)}\r\n`;
  if (!answer.has?.has('server')) text += settings.serverTokens ? 'Server: nginx/1.22.1\r\n' : 'Server: nginx\r\n';
  if (!answer.has?.has('date')) text += `Date: ${dateHttp(client.host.date())}\r\n`;
  if (answer.type) text += `Content-Type: ${answer.type}\r\n`;
  if (!unknown) text += `Content-Length: ${answer.length}\r\n`;
  if (answer.lastModified) text += `Last-Modified: ${answer.lastModified}\r\n`;
  if (answer.location !== undefined) text += `Location: ${absolute(request, answer.location)}\r\n`;
  if (chunked) text += 'Transfer-Encoding: chunked\r\n';
  text += request.keepAlive ? 'Connection: keep-alive\r\n' : 'Connection: close\r\n';
  for (const [name, value] of answer.more ?? []) text += `${name}: ${value}\r\n`;
  return { text: `${text}\r\n`, chunked };
}

/** Send a whole answer. The body is left out for HEAD. */
export async function send(request: Request, answer: AnswerHead, body: Uint8Array | null): Promise<void> {
  const head = bytesOf(headText(request, { ...answer, length: body ? body.length : (answer.length ?? null) }).text);
  request.status = answer.status;
  request.headSent = head.length;
  await write(request, body && !request.isHead ? concat([head, body]) : head);
}

/** Write bytes of an answer; a client that has gone is no error here. */
export async function write(request: Request, bytes: Uint8Array): Promise<void> {
  if (bytes.length === 0) return;
  request.bytesSent += bytes.length;
  await request.client.write(bytes);
}

/** After these the connection is not used again: what the client still sends cannot be trusted or is too much. */
const CLOSING = new Set([400, 408, 413, 414, 500, 501, 505]);

/** Send the page of a status. `location` is for redirects: a full address goes out as it is. */
export async function sendPage(request: Request, code: number, detail = '', location: string | null = null): Promise<void> {
  if (CLOSING.has(code)) request.keepAlive = false;
  const isPath = location?.startsWith('/') === true;
  const text = page(code, request.settings.serverTokens, detail);
  const answer: AnswerHead = {
    status: code,
    ...(text === null ? {} : { type: 'text/html' }),
    ...(isPath && location !== null ? { location } : {}),
    ...(location !== null && !isPath ? { more: [['Location', location]] } : {}),
  };
  if (code === 204 || code === 304) await send(request, answer, null);
  else await send(request, answer, bytesOf(text ?? ''));
}

/** The Location of a path: nginx writes scheme, host and a port that is not 80. */
function absolute(request: Request, path: string): string {
  const port = request.serverPort === 80 ? '' : `:${request.serverPort}`;
  return `http://${request.hostOrServer || 'localhost'}${port}${path}`;
}
