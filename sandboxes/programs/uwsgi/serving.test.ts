/** Requests through a real master and real workers, with real Python, on the test's own host. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createLocalSandbox, type LocalProcess, type LocalSandbox } from '../../host/local.ts';
import type { Host } from '../../host/host.ts';
import { nodePython } from '../python/testing.ts';
import { encodePacket } from './protocol.ts';

const server = (path: string): string => readFileSync(fileURLToPath(new URL(`../../server/${path}`, import.meta.url)), 'utf8');
const PASSWD = { '/etc/passwd': server('etc/passwd'), '/etc/group': server('etc/group') };
const SOCKET = '/run/shop/shop.sock';

let sandbox: LocalSandbox;
afterEach(() => sandbox.dispose());

interface Start {
  readonly ini?: string;
  readonly app?: string;
  readonly python?: boolean;
}

const INI = (extra = ''): string =>
  `[uwsgi]\nplugins = python3\nstrict = true\nchdir = /srv/shop/app\nmodule = wsgi:application\nmaster = true\nprocesses = 1\nsocket = ${SOCKET}\n${extra}`;

async function start({ ini = INI(), app = server('srv/shop/app/wsgi.py') }: Start = {}): Promise<LocalProcess> {
  sandbox = createLocalSandbox({
    files: { ...PASSWD, '/run/shop/': '', '/srv/shop/uwsgi.ini': ini, '/srv/shop/app/wsgi.py': app },
    python: nodePython,
  });
  return sandbox.spawn('uwsgi', ['--ini', '/srv/shop/uwsgi.ini']);
}

async function until(what: () => boolean, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!what()) {
    if (Date.now() > end) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const ready = (workers = 1): Promise<void> => until(() => sandbox.events.filter((event) => event.type === 'uwsgi.ready').length >= workers);

function ask(path: string, { method = 'GET', body = '' } = {}): Promise<string> {
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

test('answers from a worker that continues the master, and stops as told', async () => {
  const process = await start({ ini: INI('vacuum = true\nuid = root\ndie-on-term = true') });
  await ready();
  const text = await ask('/');
  const worker = sandbox.events.find((event) => event.type === 'process.role' && event.role === 'worker');
  expect(text).toBe(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${text.split('\r\n\r\n')[1]?.length}\r\n\r\nHello from worker 1 (pid ${worker?.pid})\n`,
  );
  await until(() => process.stderr().includes('=> generated'));
  console.log(process.stderr());
  sandbox.kill(process.pid, 'SIGTERM');
  expect(await process.exited).toEqual({ code: 0, signal: null });
  console.log(process.stderr(), sandbox.events.filter(e=>e.type.startsWith('uwsgi')||e.type.startsWith('wsgi')));
}, 30_000);
