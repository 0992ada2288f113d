/** Static files: index files, directories, conditional requests. */
import { ERRNO, type FileInfo, isSystemError, type OpenFile, type SystemError } from '../../../host/host.ts';
import { bytesOf, toUnicode } from '../../http/bytes.ts';
import { header } from '../../http/head.ts';
import { dateFile } from '../dates.ts';
import { clientTakesGzip, isFitForGzip } from '../filters.ts';
import { contentType } from '../mime.ts';
import { Output } from '../output.ts';
import { DONE, type Next, type Request, redirect, status } from '../request.ts';
import { send } from '../response.ts';
import { escapePath } from '../uri.ts';
import { listing } from './autoindex.ts';
import { askedRanges, multipart, type Part, type Range } from './ranges.ts';

/** Bytes that come with the opening of a file: all of it, mostly. */
const FIRST = 32 * 1024;
/** Bytes that are read of a file at once; the next ones when the client has taken most of them. */
const PIECE = 128 * 1024;

export async function serveFile(request: Request): Promise<Next> {
  if (request.uri.endsWith('/')) return serveDirectory(request);
  const { method } = request;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return status(405);
  const path = request.filename();
  const file = await openFile(request, path);
  if (file instanceof Error) return failed(request, `open() "${path}" failed`, file);
  try {
    return await serveOpen(request, path, file);
  } finally {
    file.close();
  }
}

async function serveOpen(request: Request, path: string, file: OpenFile): Promise<Next> {
  const { method } = request;
  const { info } = file;
  if (info.kind === 'directory') {
    const query = request.args ? `?${request.args}` : '';
    return redirect(301, `${escapePath(request.uri)}/${query}`);
  }
  if (info.kind !== 'file') {
    request.log('crit', `"${path}" is not a regular file`);
    return status(404);
  }
  if (method === 'POST') return status(405);
  await request.client.sayContinue(request);
  if (request.settings.gzipStatic !== 'off') {
    const next = await sendPacked(request, path);
    if (next) return next;
  }
  return sendFile(request, path, file, null);
}

/** `gzip_static`: the compressed file beside the one asked for, when there is one and the client takes it. */
async function sendPacked(request: Request, path: string): Promise<Next | null> {
  const { gzipStatic } = request.settings;
  if (gzipStatic === 'on' && !clientTakesGzip(request)) return null;
  const packed = await openFile(request, `${path}.gz`);
  if (packed instanceof Error) return null;
  try {
    return packed.info.kind === 'file' ? await sendFile(request, `${path}.gz`, packed, 'gzip') : null;
  } finally {
    packed.close();
  }
}

/** A URI that ends in a slash: the first index file there is, a list, else 403 for a directory and 404 for none. */
async function serveDirectory(request: Request): Promise<Next> {
  const { method, settings } = request;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return status(405);
  const directory = request.filename();
  for (const template of settings.index) {
    const name = template(request);
    // An absolute index is a URI of its own.
    if (name.startsWith('/')) return { kind: 'uri', uri: name, args: request.args };
    const path = directory + name;
    const info = await stat(request, path);
    if (!(info instanceof Error)) {
      if (info.kind === 'file') return { kind: 'uri', uri: request.uri + name, args: request.args };
      continue;
    }
    if (info.code === 'EACCES') return failed(request, `"${path}" is forbidden`, info);
    const base = await stat(request, directory);
    if (base instanceof Error || base.kind !== 'directory') {
      return failed(request, `"${path}" is not found`, base instanceof Error ? base : info);
    }
  }
  const base = await stat(request, directory);
  if (base instanceof Error) return failed(request, `"${directory}" is not found`, base);
  if (settings.autoindex && method !== 'POST') return sendListing(request, directory);
  request.log('error', `directory index of "${directory}" is forbidden`);
  request.client.event('nginx.file', request, { path: toUnicode(directory), found: false });
  return status(403);
}

async function sendListing(request: Request, directory: string): Promise<Next> {
  const { fs } = request.client.host;
  const { settings } = request;
  let names: string[];
  try {
    names = (await fs.list(toUnicode(directory))).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return failed(request, `opendir() "${directory}" failed`, error);
  }
  const infos = await Promise.all(names.map((name) => fs.stat(toUnicode(directory) + name).catch(() => null)));
  const entries = names.flatMap((name, i) => (infos[i] ? [{ name, info: infos[i] }] : []));
  request.client.event('nginx.file', request, { path: toUnicode(directory), found: true });
  const output = new Output(request, { status: 200, type: 'text/html', length: null });
  if (!request.isHead) output.add(bytesOf(listing(request.uri, entries, settings.autoindexExactSize, settings.charset === 'utf-8')));
  await output.end();
  return DONE;
}

async function stat(request: Request, path: string): Promise<FileInfo | SystemError> {
  try {
    return await request.client.host.fs.stat(toUnicode(path));
  } catch (error) {
    if (isSystemError(error)) return error;
    throw error;
  }
}

async function openFile(request: Request, path: string): Promise<OpenFile | SystemError> {
  try {
    return await request.client.host.fs.open(toUnicode(path), { first: FIRST });
  } catch (error) {
    if (isSystemError(error)) return error;
    throw error;
  }
}

/** 404 for what is not there, 403 for what may not be read; both with nginx's line in the error log. */
function failed(request: Request, what: string, error: SystemError): Next {
  const [number, text] = ERRNO[error.code];
  const missing = error.code === 'ENOENT' || error.code === 'ENOTDIR';
  const level = missing || error.code === 'EACCES' ? 'error' : 'crit';
  if (!missing || request.settings.logNotFound) request.log(level, `${what} (${number}: ${text})`);
  request.client.event('nginx.file', request, { path: toUnicode(request.filename()), found: false });
  if (missing) return status(404);
  return status(error.code === 'EACCES' ? 403 : 500);
}

async function sendFile(request: Request, path: string, file: OpenFile, encoding: string | null): Promise<Next> {
  const { settings } = request;
  const { size, modified } = file.info;
  request.client.event('nginx.file', request, { path: toUnicode(path), found: true });
  const second = Math.floor(modified / 1000);
  const lastModified = dateFile(modified);
  const etag = settings.etag ? `"${second.toString(16)}-${size.toString(16)}"` : undefined;
  // A page in place of another status has no date of its own.
  const dated = request.errorStatus === 0 || request.errorStatus === 200;
  const common = { etag, ...(dated ? { lastModified } : {}) };
  const whole = {
    ...common,
    status: 200,
    type: contentType(request),
    ...(encoding ? { more: [['Content-Encoding', encoding] as const] } : {}),
  };
  // A page on the way to an error has its status from elsewhere: no conditions, no parts.
  const plain = !dated;
  if (!plain) {
    const verdict = condition(request, etag, second);
    if (verdict === 412) return status(412);
    if (verdict === 304) {
      await send(request, { ...common, status: 304 }, null);
      return DONE;
    }
  }
  const all: Range = { start: 0, end: size };
  const fit = settings.gzip.on && isFitForGzip(request, request.errorStatus || 200, { ...whole, length: size });
  const packed = fit && clientTakesGzip(request);
  const ranges = plain || packed ? null : askedRanges(request, size, etag, lastModified);
  if (ranges === null) {
    const last: [string, string][] = plain || settings.maxRanges === 0 ? [] : [['Accept-Ranges', 'bytes']];
    return sendParts(request, path, file, [all], new Output(request, { ...whole, length: size, last }));
  }
  const [first] = ranges;
  if (first === undefined) return { kind: 'status', status: 416, detail: `bytes */${size}` };
  if (ranges.length === 1) {
    const last: [string, string][] = [['Content-Range', `bytes ${first.start}-${first.end - 1}/${size}`]];
    return sendParts(request, path, file, [first], new Output(request, { ...whole, status: 206, length: first.end - first.start, last }));
  }
  const { type, length, parts } = multipart(size, ranges, whole.type);
  return sendParts(request, path, file, parts, new Output(request, { ...whole, status: 206, type, length }));
}

/** The body in pieces, so that of a large file only what the client is about to take is held. */
async function sendParts(request: Request, path: string, file: OpenFile, parts: readonly Part[], output: Output): Promise<Next> {
  for (const part of request.isHead ? [] : parts) {
    if (part instanceof Uint8Array) output.add(part);
    else {
      for (let at = part.start; at < part.end && !request.client.gone; ) {
        const piece = await file.read(at, Math.min(PIECE, part.end - at));
        if (piece.length === 0) {
          request.log('alert', `sendfile() reported that "${path}" was truncated at ${at} while sending response to client`);
          return { kind: 'close' };
        }
        output.add(piece);
        at += piece.length;
        if (output.waiting >= PIECE) await output.flush();
      }
    }
  }
  await output.end();
  return DONE;
}

/** What conditions say: 412, 304, or null for the whole answer. */
function condition(request: Request, etag: string | undefined, second: number): 304 | 412 | null {
  const { headers } = request.head;
  const has = (list: string, weak: boolean): boolean =>
    list === '*' || (etag !== undefined && list.split(',').some((tag) => (weak ? tag.trim().replace(/^W\//, '') : tag.trim()) === etag));
  const unmodified = header(headers, 'if-unmodified-since');
  if (unmodified !== null && !(Date.parse(unmodified) / 1000 >= second)) return 412;
  const wanted = header(headers, 'if-match');
  if (wanted !== null && !has(wanted, false)) return 412;
  const since = header(headers, 'if-modified-since');
  const match = header(headers, 'if-none-match');
  if (match === null && since === null) return null;
  if (since !== null && isModified(request, Date.parse(since) / 1000, second)) return null;
  return match === null || has(match, true) ? 304 : null;
}

function isModified(request: Request, since: number, second: number): boolean {
  const { ifModifiedSince } = request.settings;
  if (ifModifiedSince === 'off') return true;
  return ifModifiedSince === 'exact' ? since !== second : !(since >= second);
}
