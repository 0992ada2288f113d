/** The answer of a uwsgi server: reading its head, passing on its body. */
import { bytesOf, concat } from '../../http/bytes.ts';
import { CHUNK_END, chunkStart, LAST_CHUNK } from '../../http/chunks.ts';
import { BadHead, header, parseHeaders, parseResponse, type ResponseHead } from '../../http/head.ts';
import { CutShort, HeadTooLarge, type Reader } from '../../http/reader.ts';
import type { Request } from '../request.ts';
import { type AnswerHead, headText, write } from '../response.ts';
import { UpstreamFailure, type Watch } from './upstream.ts';

/** nginx reads an answer's head into one buffer of this size (uwsgi_buffer_size). */
const BUFFER = 4096;
const READING_HEAD = 'reading response header from upstream';

/** Lines of an answer that nginx keeps to itself or writes anew. */
const HIDDEN = new Set(['status', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-type', 'last-modified']);
const isHidden = (key: string): boolean => HIDDEN.has(key) || key.startsWith('x-accel-');

/** Read the answer's head. Throws UpstreamFailure. */
export async function readHead(watch: Watch, reader: Reader): Promise<ResponseHead> {
  const text = await watch.read(async () => {
    try {
      return await reader.head({ line: BUFFER, total: BUFFER });
    } catch (error) {
      if (error instanceof HeadTooLarge) throw new UpstreamFailure(502, 'error', `upstream sent too big header while ${READING_HEAD}`);
      if (!(error instanceof CutShort)) throw error;
      // What came before the end may already be no head at all: then that is what nginx reports.
      parseHead(error.text, true);
      return null;
    }
  }, READING_HEAD);
  if (text === null) {
    throw new UpstreamFailure(502, 'error', `upstream prematurely closed connection while ${READING_HEAD}`);
  }
  return parseHead(text, false);
}

/** A status line and headers, or headers alone with a CGI `Status`. In a partial text only whole lines are looked at. */
function parseHead(text: string, partial: boolean): ResponseHead {
  const whole = partial ? firstBadPart(text) : text;
  try {
    if (/^HTTP\/\d\.\d \d{3}/.test(whole)) return parseResponse(whole);
    const headers = parseHeaders(whole, 0);
    const given = /^(\d{3}) ?(.*)$/.exec(header(headers, 'status') ?? '');
    return { status: given ? Number(given[1]) : 200, reason: given?.[2] ?? '', minor: 1, headers };
  } catch (error) {
    if (!(error instanceof BadHead)) throw error;
    throw new UpstreamFailure(502, 'error', `upstream sent invalid header: "${error.message}" while ${READING_HEAD}`);
  }
}

/** Whole lines, and of the last one only as much as shows that it is no header. */
function firstBadPart(text: string): string {
  const last = text.lastIndexOf('\n') + 1;
  return /^[^:]*[\x00-\x20]/.test(text.slice(last)) ? text : text.slice(0, last);
}

/** Pass head and body to the client. Throws UpstreamFailure when upstream breaks off. */
export async function relay(request: Request, watch: Watch, reader: Reader, head: ResponseHead): Promise<void> {
  const bodyless = request.isHead || head.status === 204 || head.status === 304;
  const given = header(head.headers, 'content-length');
  const length = given !== null && /^\d+$/.test(given) ? Number(given) : null;
  const answer: AnswerHead = {
    status: head.status,
    ...(head.reason ? { reason: head.reason } : {}),
    type: header(head.headers, 'content-type') ?? undefined,
    length,
    lastModified: header(head.headers, 'last-modified') ?? undefined,
    more: head.headers.filter((line) => !isHidden(line.key)).map((line) => [line.name, line.value]),
    has: new Set(head.headers.map((line) => line.key)),
  };
  const { text, chunked } = headText(request, answer);
  request.status = head.status;
  request.headSent = text.length;

  const buffering = request.settings.uwsgiBuffering;
  let waiting: Uint8Array[] = [bytesOf(text)];
  let size = 0;
  let left = length ?? Number.POSITIVE_INFINITY;
  const flush = async (last: boolean): Promise<void> => {
    const parts = !chunked ? waiting : [...framed(waiting, size, request.bytesSent === 0), ...(last ? [LAST_CHUNK] : [])];
    waiting = [];
    size = 0;
    await write(request, concat(parts));
  };
  if (!buffering) await flush(false);
  while (left > 0) {
    const piece = await watch.read(() => reader.some(), 'reading upstream');
    if (piece === null) break;
    const wanted = piece.length > left ? piece.subarray(0, left) : piece;
    left -= wanted.length;
    if (bodyless) continue;
    waiting.push(wanted);
    size += wanted.length;
    if (size >= BUFFER || !buffering) await flush(false);
  }
  if (length !== null && left > 0 && !bodyless) {
    await flush(false);
    throw new UpstreamFailure(502, 'error', 'upstream prematurely closed connection while reading upstream');
  }
  await flush(true);
}

/** Waiting pieces as one chunk; the head, when it is among them, goes before it as it is. */
function framed(parts: readonly Uint8Array[], size: number, withHead: boolean): Uint8Array[] {
  const [head, ...pieces] = parts;
  const body = withHead ? pieces : parts;
  const before = withHead && head ? [head] : [];
  return size === 0 ? before : [...before, chunkStart(size), ...body, CHUNK_END];
}
