/** The machine's own uWSGI behind its own nginx, where both are installed: in a folder of their own, with nothing of the machine's configuration. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from '../../lib/paths.ts';
import { nginxVersion, RealServers, temporaryPaths, uwsgiVersion } from '../../lib/real-server.ts';
import { freePort } from '../../lib/static-server.ts';
import { loadFromMachine } from '../nginx/machine.ts';
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
`;

const conf = (folder: string, port: number): string => `pid ${folder}/pid;
worker_processes 1;
error_log ${folder}/error.log;
events {
    worker_connections 768;
}
http {
    access_log ${folder}/access.log;
    ${temporaryPaths(folder)}
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
  const version = uwsgiVersion();
  if (version === null) return 'uWSGI is not installed on this machine';
  if (nginxVersion() === null) return 'nginx is not installed on this machine';
  return { name: `uWSGI ${version}`, pool };
}

async function pool(workers: number): Promise<Pool> {
  const servers = new RealServers('bench-uwsgi');
  const { folder } = servers;
  const port = await freePort();
  writeFileSync(join(folder, 'wsgi.py'), APP);
  writeFileSync(join(folder, 'uwsgi.ini'), ini(folder, workers));
  writeFileSync(join(folder, 'nginx.conf'), conf(folder, port));
  servers.start('uwsgi', ['--ini', join(folder, 'uwsgi.ini')]);
  servers.startNginx(join(folder, 'nginx.conf'));
  try {
    await servers.answers(port);
    await serves(port);
  } catch (error) {
    await servers.close();
    throw error;
  }
  return { close: () => servers.close(), load: (...args) => loadFromMachine(port, ...args) };
}

/** Until Python answers: nginx is up before it. */
async function serves(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await fetch(`http://127.0.0.1:${port}/`)).ok) return;
    await sleep(50);
  }
  throw new Error('the real uWSGI does not answer');
}
