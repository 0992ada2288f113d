/** Static files: index files, directories, conditional requests. */
import { ERRNO, type FileInfo, isSystemError, type SystemError } from '../../../host/host.ts';
import { toUnicode } from '../../http/bytes.ts';
import { header } from '../../http/head.ts';
import { contentType } from '../mime.ts';
import { DONE, type Next, type Request, status } from '../request.ts';
import { send, sendPage } from '../response.ts';
import { escapePath } from '../uri.ts';

export async function serveFile(request: Request): Promise<Next> {
  if (request.uri.endsWith('/')) return serveIndex(request);
  const { method } = request.head;
  if (method !== 'GET' && method !== 'HEAD') return status(405);
  const path = request.filename();
  const info = await stat(request, path);
  if (info instanceof Error) return failed(request, `open() "${path}" failed`, info);
  if (info.kind === 'directory') {
    const query = request.args ? `?${request.args}` : '';
    await sendPage(request, 301, '', `${escapePath(request.uri)}/${query}`);
    return DONE;
  }
  if (info.kind !== 'file') {
    request.log('crit', `"${path}" is not a regular file`);
    return status(404);
  }
  let bytes: Uint8Array;
  try {
    bytes = await request.client.host.fs.read(toUnicode(path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return failed(request, `open() "${path}" failed`, error);
  }
  request.client.event('nginx.file', request, { path: toUnicode(path), found: true });
  await sendFile(request, info.modified, bytes);
  return DONE;
}

/** A URI that ends in a slash: the first index file there is, else 403 for a directory and 404 for none. */
async function serveIndex(request: Request): Promise<Next> {
  const { method } = request.head;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return status(405);
  const directory = request.filename();
  for (const name of request.settings.index) {
    const path = directory + name;
    const info = await stat(request, path);
    if (!(info instanceof Error)) {
      if (info.kind === 'file') return { kind: 'uri', uri: request.uri + name };
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
  request.log('error', `directory index of "${directory}" is forbidden`);
  request.client.event('nginx.file', request, { path: toUnicode(directory), found: false });
  return status(403);
}

async function stat(request: Request, path: string): Promise<FileInfo | SystemError> {
  try {
    return await request.client.host.fs.stat(toUnicode(path));
  } catch (error) {
    if (isSystemError(error)) return error;
    throw error;
  }
}

/** 404 for what is not there, 403 for what may not be read; both with nginx's line in the error log. */
function failed(request: Request, what: string, error: SystemError): Next {
  const [number, text] = ERRNO[error.code];
  const missing = error.code === 'ENOENT' || error.code === 'ENOTDIR';
  request.log(missing || error.code === 'EACCES' ? 'error' : 'crit', `${what} (${number}: ${text})`);
  request.client.event('nginx.file', request, { path: toUnicode(request.filename()), found: false });
  if (missing) return status(404);
  return status(error.code === 'EACCES' ? 403 : 500);
}

async function sendFile(request: Request, modified: number, bytes: Uint8Array): Promise<void> {
  const second = Math.floor(modified / 1000);
  const etag = `"${second.toString(16)}-${bytes.length.toString(16)}"`;
  const lastModified = new Date(second * 1000).toUTCString();
  const more: [string, string][] = [['ETag', etag]];
  if (isFresh(request, etag, second)) {
    await send(request, { status: 304, lastModified, more }, null);
    return;
  }
  more.push(['Accept-Ranges', 'bytes']);
  await send(request, { status: 200, type: contentType(request), lastModified, more }, bytes);
}

/** Has the client this version already? If-None-Match decides; If-Modified-Since only where it is absent, and exactly. */
function isFresh(request: Request, etag: string, second: number): boolean {
  const { headers } = request.head;
  const since = header(headers, 'if-modified-since');
  const match = header(headers, 'if-none-match');
  if (match === null && since === null) return false;
  if (since !== null && Date.parse(since) !== second * 1000) return false;
  return match === null || match === '*' || match.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
