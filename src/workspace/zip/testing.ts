/** What the tests of the zip and of install.sh begin with. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';
import type { Changes } from '../../runtime/changes.ts';
import type { Deployed, Packed } from './deployable.ts';

// many run install.sh several times, with a process for nearly every line of it
vi.setConfig({ testTimeout: 30_000 });

export const text = (content: string, mode = 0o644) =>
  ({ kind: 'file', data: new TextEncoder().encode(content), mode, uid: 0, gid: 0 }) as const;

const SITE = `server {
    listen 8099;
    server_name localhost;
    location /static/ { alias /srv/shop/static/; }
    location / { include uwsgi_params; uwsgi_pass unix:/run/shop/shop.sock; }
}
`;
export const START: Deployed = {
  slug: 'one-master',
  title: 'One master, many workers',
  start: [
    { program: 'uwsgi', args: ['--ini', '/srv/shop/uwsgi.ini'] },
    { program: 'nginx', args: ['-g', 'daemon off;'] },
  ],
  wheelhouse: {},
  repository: {},
  files: {
    '/etc/nginx/nginx.conf': 'user www-data;\n',
    '/etc/nginx/sites-enabled/shop': SITE,
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    '/srv/shop/uwsgi.ini': '[uwsgi]\n',
    '/srv/shop/app/wsgi.py': 'def application(environ, start_response): ...\n',
    '/srv/shop/static/site.css': 'body {}\n',
    '/var/log/nginx/': '',
  },
  changes: {},
};
export const CHANGES: Changes = {
  '/srv/shop/uwsgi.ini': text('[uwsgi]\nprocesses = 8\n', 0o640),
  '/srv/shop/bin/backup.sh': text('#!/bin/sh\n', 0o755),
  '/srv/shop/uploads': { kind: 'folder', mode: 0o750, uid: 33, gid: 33 },
  '/srv/shop/current': { kind: 'link', target: 'app' },
  '/srv/shop/a name with spaces.txt': text('x\n'),
  '/srv/shop/static/site.css': null,
  '/srv/shop/venv/pyvenv.cfg': text('home = /usr/bin\n'),
  '/srv/shop/venv/lib/x.py': text(''),
  '/etc/nginx/nginx.conf': text('user nobody;\n'),
  '/root/.bash_history': text('ls\n'),
};

/** Of a file of the zip, by its path in the zip's folder. */
export const contentOf = (entries: readonly Packed[], path: string): string => {
  const found = entries.find((one) => one.path === `shop-one-master/${path}`);
  if (found?.kind !== 'file') throw new Error(`no file ${path}`);
  return new TextDecoder().decode(found.data);
};

const temporary: string[] = [];
afterAll(() => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  temporary.push(folder);
  return folder;
}
export const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
