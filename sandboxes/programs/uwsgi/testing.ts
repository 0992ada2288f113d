/** For tests of uwsgi: a sandbox with real Python behind a uwsgi socket, and requests to it without nginx. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Host } from '../../host/host.ts';
import { createLocalSandbox, type LocalProcess, type LocalSandbox } from '../../host/local.ts';
import { nodePython } from '../python/testing.ts';
import { encodePacket } from './protocol.ts';

export const SOCKET = '/run/shop/shop.sock';
export const server = (path: string): string => readFileSync(fileURLToPath(new URL(`../../server/${path}`, import.meta.url)), 'utf8');
export const PASSWD = { '/etc/passwd': server('etc/passwd'), '/etc/group': server('etc/group') };
/** The shop's own application. */
export const SHOP = server('srv/shop/app/wsgi.py');

export const ini = (extra = ''): string =>
  `[uwsgi]\nplugins = python3\nstrict = true\nchdir = /srv/shop/app\nmodule = wsgi:application\nmaster = true\nprocesses = 1\nsocket = ${SOCKET}\n${extra}`;

export async function until(what: () => boolean, ms = 40_000): Promise<void> {
  const end = Date.now() + ms;
  while (!what()) {
    if (Date.now() > end) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A uwsgi that runs an application. */
export interface Running {
  readonly sandbox: LocalSandbox;
  readonly process: LocalProcess;
  /** Waits until so many workers have become ready since the start. */
  ready(workers?: number): Promise<void>;
  /** Asks for a page and gives the whole answer. */
  ask(path: string, options?: { method?: string; body?: string }): Promise<string>;
  logged(): string;
}

export async function startUwsgi({ app = SHOP, text = ini() }: { app?: string; text?: string } = {}): Promise<Running> {
  const sandbox = createLocalSandbox({
    files: { ...PASSWD, '/run/shop/': '', '/srv/shop/uwsgi.ini': text, '/srv/shop/app/wsgi.py': app },
    python: nodePython,
  });
  const process = await sandbox.spawn('uwsgi', ['--ini', '/srv/shop/uwsgi.ini']);
  return {
    sandbox,
    process,
    ready: (workers = 1) => until(() => sandbox.events.filter((event) => event.type === 'uwsgi.ready').length >= workers),
    ask: (path, options) => askUwsgi(sandbox, path, options),
    logged: () => logged(process),
  };
}

export function askUwsgi(sandbox: LocalSandbox, path: string, { method = 'GET', body = '' } = {}): Promise<string> {
  const [before = '', query = ''] = path.split('?');
  const packet = encodePacket([
    ['QUERY_STRING', query],
    ['REQUEST_METHOD', method],
    ['CONTENT_TYPE', ''],
    ['CONTENT_LENGTH', body === '' ? '' : String(body.length)],
    ['REQUEST_URI', path],
    ['PATH_INFO', before],
    ['SERVER_PROTOCOL', 'HTTP/1.1'],
    ['REMOTE_ADDR', '127.0.0.1'],
  ]);
  return sandbox.run(async (host: Host) => {
    const connection = await host.connect({ path: SOCKET });
    await connection.write(packet);
    if (body !== '') await connection.write(body);
    let text = '';
    for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read()) text += new TextDecoder().decode(bytes);
    connection.close();
    return text;
  });
}

/** Sends these bytes, to a port or to SOCKET, and gives all that comes back. With `end`, nothing more will come. */
export function exchange(
  sandbox: LocalSandbox,
  bytes: Uint8Array,
  { port, end = false }: { port?: number; end?: boolean } = {},
): Promise<string> {
  return sandbox.run(async (host) => {
    const connection = await host.connect(port === undefined ? { path: SOCKET } : { port, ip: '127.0.0.1' });
    await connection.write(bytes);
    if (end) connection.end();
    let text = '';
    for (let part = await connection.read(); part !== null; part = await connection.read()) text += new TextDecoder().decode(part);
    connection.close();
    return text;
  });
}

/** For an application: more than fits between a worker and a client. */
export const BIG_BODY = '(bytes(1024 * 1024) for i in range(20))';

/**
 * Asks for `/big`, which must answer with BIG_BODY, and reads nothing of it: that keeps a worker busy without keeping the
 * thread of the test. Gives a function that reads it all.
 */
export function holdWorker(sandbox: LocalSandbox): () => Promise<void> {
  const { promise: read, resolve: letGo } = Promise.withResolvers<void>();
  const packet = encodePacket([
    ['REQUEST_METHOD', 'GET'],
    ['PATH_INFO', '/big'],
    ['REQUEST_URI', '/big'],
    ['SERVER_PROTOCOL', 'HTTP/1.1'],
  ]);
  const client = sandbox.run(async (host) => {
    const connection = await host.connect({ path: SOCKET });
    await connection.write(packet);
    await read;
    for (let bytes = await connection.read(); bytes !== null; ) bytes = await connection.read();
    connection.close();
  });
  return () => {
    letGo();
    return client;
  };
}

/** What the stats server says, at its port or its socket. */
export function readStats<Sample>(sandbox: LocalSandbox, path?: string): Promise<Sample> {
  return sandbox.run(async (host) => {
    const connection = await host.connect(path === undefined ? { port: 1717, ip: '127.0.0.1' } : { path });
    let text = '';
    for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read()) text += new TextDecoder().decode(bytes);
    connection.close();
    return JSON.parse(text) as Sample;
  });
}

/** The body of an answer. */
export const body = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);

/** What was logged since the workers were started, without what differs from run to run. */
export function logged(process: LocalProcess): string {
  const lines = process.stderr().split('\n');
  return lines
    .slice(lines.findIndex((line) => line.startsWith('spawned uWSGI worker')) + 1)
    .join('\n')
    .replace(/(pid: |process |pid )\d+/g, '$1P')
    .replace(/\[\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}\]/g, '[DATE]')
    .replace(/^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4} - /gm, 'DATE - ')
    .replace(/in \d+ msecs/g, 'in N msecs');
}
