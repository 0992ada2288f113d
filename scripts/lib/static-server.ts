/**
 * A small static file server with the headers that the site needs (src/headers.ts).
 * Serves the precompressed `.br` and `.gz` files that lie beside the originals.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { type HeaderFields, headersFor } from '../../src/headers.ts';
import { MEDIA_TYPES } from './media-types.ts';

/** Encodings, best first, and what the names of precompressed files end with. */
const ENCODINGS = { br: '.br', gzip: '.gz' };
type Encoding = keyof typeof ENCODINGS;
const ALL: readonly Encoding[] = ['br', 'gzip'];

interface Options {
  /** Sends precompressed files in these encodings; by default in all. */
  readonly encodings?: readonly Encoding[];
  /** The headers of a path; by default the site's own. A host without header control sends none. */
  readonly headers?: (path: string) => HeaderFields;
  /** Answers what is no file, and says whether it did. */
  readonly first?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** What a server gives: the files below `folder`. */
interface Site extends Required<Omit<Options, 'first'>> {
  readonly folder: string;
}

/** The file that a request path means, `redirect` when a folder was asked for without its slash, or null. */
function locate(folder: string, pathname: string): { file: string } | { redirect: string } | null {
  if (pathname.includes('\0') || pathname.includes('\\')) return null;
  const path = join(folder, pathname);
  // `join` has resolved every `..`: what leaves the folder is not ours to give.
  if (path !== folder && !path.startsWith(folder + sep)) return null;
  const info = statSync(path, { throwIfNoEntry: false });
  if (info?.isFile()) return pathname.endsWith('/') ? null : { file: path };
  if (!info?.isDirectory() || !existsSync(join(path, 'index.html'))) return null;
  return pathname.endsWith('/') ? { file: join(path, 'index.html') } : { redirect: `${pathname}/` };
}

/** Does Accept-Encoding name `encoding` without refusing it by `q=0`? */
function accepts(header: string | string[] | undefined, encoding: string): boolean {
  return String(header ?? '')
    .split(',')
    .map((item) =>
      item
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/),
    )
    .some(([name, ...parameters]) => name === encoding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)));
}

/** A file in the best encoding that the client takes and that lies beside it. */
function send(
  { encodings, headers: headersOf }: Site,
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  pathname: string,
  file: string,
): void {
  const encoding = encodings.find((name) => accepts(request.headers['accept-encoding'], name) && existsSync(file + ENCODINGS[name]));
  const served = encoding ? file + ENCODINGS[encoding] : file;
  const { size, mtimeMs } = statSync(served);
  const etag = `"${Math.round(mtimeMs).toString(36)}-${size.toString(36)}${encoding ? `-${encoding}` : ''}"`;
  const headers: Record<string, string> = {
    ...headersOf(pathname),
    'Content-Type': MEDIA_TYPES[extname(file)] ?? 'application/octet-stream',
    ETag: etag,
    Vary: 'Accept-Encoding',
  };
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (status === 200 && known?.some((tag) => tag === etag || tag === '*')) {
    response.writeHead(304, headers).end();
    return;
  }
  if (encoding) headers['Content-Encoding'] = encoding;
  response.writeHead(status, { ...headers, 'Content-Length': String(size) });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  createReadStream(served)
    .on('error', () => response.destroy())
    .pipe(response);
}

function sendText(site: Site, response: ServerResponse, status: number, body: string, headers: HeaderFields = {}): void {
  response.writeHead(status, { ...site.headers('/'), 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(`${body}\n`);
}

/** The path of a request's address, or null when it cannot be decoded. */
function pathOf(address: string): string | null {
  try {
    return decodeURIComponent(address.split('?', 1)[0] ?? '/');
  } catch {
    return null;
  }
}

/** Answers one request. */
function answer(site: Site, request: IncomingMessage, response: ServerResponse): void {
  const { folder } = site;
  const address = request.url ?? '/';
  const pathname = pathOf(address);
  const found = pathname === null ? null : locate(folder, pathname);
  const notFound = join(folder, '404.html');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendText(site, response, 405, 'Only GET and HEAD', { Allow: 'GET, HEAD' });
  } else if (pathname === null) {
    sendText(site, response, 400, 'The address is not valid');
  } else if (found && 'redirect' in found) {
    // A leading `//` would name another host.
    const target = encodeURI(found.redirect).replace(/^\/+/, '/');
    sendText(site, response, 301, 'Moved', { Location: target + (/\?.*/.exec(address)?.[0] ?? '') });
  } else if (found) {
    send(site, request, response, 200, pathname, found.file);
  } else if (existsSync(notFound)) {
    send(site, request, response, 404, '/', notFound);
  } else {
    sendText(site, response, 404, 'Not found');
  }
}

/** A server for the static files below `folder`; the caller makes it listen. */
export function createStaticServer(folder: string, { encodings = ALL, headers = headersFor, first = () => false }: Options = {}): Server {
  const site = { folder, encodings, headers };
  return createServer((request, response) => {
    try {
      if (!first(request, response)) answer(site, request, response);
    } catch {
      // an address that no file can have, as one with a name that is too long: it must not end the server for all others
      if (response.headersSent) response.destroy();
      else sendText(site, response, 400, 'The address is not valid');
    }
  });
}

/** Listens on `port`, or with `next` on the first free one after it. The port it got. */
export async function listen(server: Server, port: number, { host = '127.0.0.1', next = false } = {}): Promise<number> {
  for (let candidate = port; ; candidate++) {
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      server.once('error', resolve);
      server.listen(candidate, host, () => {
        server.off('error', resolve);
        resolve(null);
      });
    });
    if (!error) {
      const address = server.address();
      return typeof address === 'object' && address ? address.port : candidate;
    }
    if (error.code !== 'EADDRINUSE' || !next || candidate >= port + 100) throw error;
  }
}

/** A port of this machine that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  server.close();
  return port;
}
