/** What the benchmark's sandbox has on its disk: the product's server with a trivial application. */
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { at, filesBelow } from '../../lib/paths.ts';
import { treeFiles } from '../../lib/sandbox.ts';
import { SHOP, VENV, venvFolder } from '../../lib/venv.ts';

const APP = `def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '14')])
    return [b'Hello, world!\\n']
`;

/** `path` is where uwsgi's configuration lies. */
export const UWSGI_INI = '/srv/shop/uwsgi.ini';

export function serverFiles(workers = 4): Record<string, string> {
  const folder = at('sandboxes/server');
  const files: Record<string, string> = {};
  for (const file of filesBelow(folder)) {
    const path = `/${relative(folder, file).split(sep).join('/')}`.replace(/\.gitkeep$/, '');
    files[path] = readFileSync(file, 'utf8');
  }
  files['/srv/shop/app/wsgi.py'] = APP;
  // nginx closes a connection after a thousand requests: the clients here keep theirs, and so does the echo they are measured against
  files['/etc/nginx/sites-enabled/bench'] = 'keepalive_requests 100000000;\n';
  files[UWSGI_INI] = (files[UWSGI_INI] ?? '').replace(/^processes = .*$/m, `processes = ${workers}`);
  return files;
}

/** The shop on Flask, in a virtual environment. Errors: this build has no wheels. */
export async function flaskFiles(workers: number): Promise<Record<string, string | Uint8Array>> {
  const files = serverFiles(workers);
  const ini = files[UWSGI_INI] ?? '';
  return {
    ...files,
    ...treeFiles(SHOP),
    ...treeFiles(await venvFolder('flask')),
    [UWSGI_INI]: ini.replace('module = wsgi:application', `module = shop_flask:app\nvirtualenv = ${VENV}`),
  };
}

/** The request of a client that sends what a browser must. */
export const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load/1.0\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n';
