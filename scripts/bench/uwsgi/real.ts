/** The machine's own uWSGI behind its own nginx, where both are installed: in a folder of their own, with nothing of the machine's configuration. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from '../../lib/paths.ts';
import { freePort } from '../../lib/static-server.ts';
import { loadFromMachine } from '../nginx/machine.ts';
import { answers, ended } from '../nginx/real.ts';
import type { Place, Pool } from './measure.ts';
import { APP } from './setting.ts';

const ini = (folder: string, workers: number): string => `[uwsgi]
plugins = python3
strict = true
chdir = ${folder}
module = wsgi:application
need-app = true
master = true
processes = ${workers}
socket = ${folder}/shop.sock
chmod-socket = 666
listen = 100
die-on-term = true
logto = ${folder}/uwsgi.log
`;

const conf = (folder: string, port: number): string => `pid ${folder}/pid;
daemon off;
worker_processes 1;
error_log ${folder}/error.log;
events {
    worker_connections 768;
}
http {
    access_log ${folder}/access.log;
    keepalive_requests 100000000;
    server {
        listen 127.0.0.1:${port};
        location / {
            include ${at('sandboxes/server/etc/nginx/uwsgi_params')};
            uwsgi_pass unix:${folder}/shop.sock;
        }
    }
}
`;

/** A sentence says why there is none. */
export function realPlace(): Place | string {
  const asked = spawnSync('uwsgi', ['--version']);
  if (asked.status !== 0) return 'uWSGI is not installed on this machine';
  if (spawnSync('nginx', ['-v']).status !== 0) return 'nginx is not installed on this machine';
  return { name: `uWSGI ${String(asked.stdout).trim()}`, pool };
}

async function pool(workers: number): Promise<Pool> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-uwsgi-'));
  // Nginx's worker runs as another user.
  chmodSync(folder, 0o755);
  const port = await freePort();
  writeFileSync(join(folder, 'wsgi.py'), APP);
  writeFileSync(join(folder, 'uwsgi.ini'), ini(folder, workers));
  writeFileSync(join(folder, 'nginx.conf'), conf(folder, port));
  const uwsgi = spawn('uwsgi', ['--ini', join(folder, 'uwsgi.ini')], { stdio: 'ignore' });
  const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf')], { stdio: 'inherit' });
  const close = async (): Promise<void> => {
    await Promise.all([ended(nginx, 'SIGTERM'), ended(uwsgi, 'SIGTERM')]);
    rmSync(folder, { recursive: true });
  };
  try {
    await answers(port);
    await serves(port);
  } catch (error) {
    await close();
    throw error;
  }
  return { close, load: (...args) => loadFromMachine(port, ...args) };
}

/** Until Python answers: nginx is up before it. */
async function serves(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await fetch(`http://127.0.0.1:${port}/`)).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the real uWSGI does not answer');
}
