/** What the servers of this benchmark serve and how they are set up: the same files for the real ones and for the sandbox's. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from '../../lib/paths.ts';
import { temporaryPaths } from '../../lib/real-server.ts';

export const ROUNDS = 3;
export const CLIENTS = 8;
/** For what only waits: more than there are workers, so that none is ever without work. */
export const WAITING_CLIENTS = 16;
export const WARM_UP_MS = 150;
export const MEASURED_MS = 800;
/** One client that asks for one thing after the other. */
export const ASKED_MS = 300;
/** With this many workers it is measured how it starts and reloads. */
export const USUAL_WORKERS = 4;
export const FILE_BYTES = 1024;

/** Where the servers find things: on the machine a folder of their own, in the sandbox the paths of a lesson. */
export interface Layout {
  /** Files to serve, and the application. */
  readonly root: string;
  /** Sockets and the process file. */
  readonly run: string;
  readonly logs: string;
  readonly ports: { readonly plain: number; readonly sealed: number; readonly uwsgi: number; readonly http: number };
  /** More of nginx's main context and of uWSGI's section, for their users. */
  readonly nginx: string;
  readonly uwsgi: string;
}

export const INSIDE: Layout = {
  root: '/srv/shop/app',
  run: '/run/shop',
  logs: '/var/log/nginx',
  ports: { plain: 80, sealed: 443, uwsgi: 3031, http: 9090 },
  nginx: 'user www-data;',
  uwsgi: 'uid = www-data\ngid = www-data\n',
};

/** One way into Python for each protocol, and files on a plain and a sealed port. */
const nginxConf = ({ root, run, logs, ports, nginx }: Layout): string => `${nginx}
worker_processes 1;
pid ${run}/nginx.pid;
error_log ${logs}/error.log;
events {
    worker_connections 768;
}
http {
    access_log ${logs}/access.log;
    ${temporaryPaths(run)}
    keepalive_requests 100000000;
    sendfile on;
    server {
        listen 127.0.0.1:${ports.plain};
        root ${root};
        location = /file.txt {
        }
        location / {
            include ${run}/uwsgi_params;
            uwsgi_pass unix:${run}/shop.sock;
        }
        location /tcp {
            include ${run}/uwsgi_params;
            uwsgi_pass 127.0.0.1:${ports.uwsgi};
        }
        location /http {
            proxy_pass http://127.0.0.1:${ports.http};
        }
    }
    server {
        listen 127.0.0.1:${ports.sealed} ssl;
        ssl_certificate ${run}/shop.crt;
        ssl_certificate_key ${run}/shop.key;
        ssl_protocols TLSv1.3;
        root ${root};
    }
}
`;

/** By which protocol, and where, uWSGI can be reached. The sandbox's has one address an instance, so each has an instance of its own. */
const DOORS = {
  unix: ({ run }: Layout) => `socket = ${run}/shop.sock\nchmod-socket = 666`,
  tcp: ({ ports }: Layout) => `socket = 127.0.0.1:${ports.uwsgi}`,
  http: ({ ports }: Layout) => `http-socket = 127.0.0.1:${ports.http}`,
} as const;
type Door = keyof typeof DOORS;

const uwsgiIni = (layout: Layout, door: Door, workers: number): string => `[uwsgi]
plugins = python3
strict = true
chdir = ${layout.root}
module = wsgi:application
need-app = true
master = true
processes = ${workers}
${DOORS[door](layout)}
listen = 100
die-on-term = true
${layout.uwsgi}`;

interface Identity {
  readonly key: string;
  readonly certificate: string;
}

let pair: Identity | null = null;

/** A key and a certificate that has signed itself, both as text; made once. Errors: this machine has no openssl. */
function identity(): Identity {
  if (pair === null) {
    const text = execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '90'],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', '-', '-out', '-'],
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], cwd: tmpdir() },
    );
    const [key = '', certificate = ''] = text.split(/(?=-----BEGIN CERTIFICATE-----)/);
    pair = { key, certificate };
  }
  return pair;
}

export const NGINX_CONF = 'nginx.conf';
export const iniOf = (door: Door): string => `${door}.ini`;
/** The doors beside the usual one, the Unix socket. */
export const OTHER_DOORS = ['tcp', 'http'] as const;

/** All files by path; `workers` of the usual door, the others have one. */
export function filesFor(layout: Layout, workers: number): Record<string, string> {
  const { key, certificate } = identity();
  const { root, run } = layout;
  return {
    [join(run, NGINX_CONF)]: nginxConf(layout),
    [join(run, iniOf('unix'))]: uwsgiIni(layout, 'unix', workers),
    ...Object.fromEntries(OTHER_DOORS.map((door) => [join(run, iniOf(door)), uwsgiIni(layout, door, 1)])),
    [join(run, 'uwsgi_params')]: readFileSync(at('sandboxes/server/etc/nginx/uwsgi_params'), 'utf8'),
    [join(run, 'shop.key')]: key,
    [join(run, 'shop.crt')]: certificate,
    [join(root, 'file.txt')]: 'x'.repeat(FILE_BYTES),
    [join(root, 'wsgi.py')]: readFileSync(at('scripts/bench/uwsgi/app.py'), 'utf8'),
  };
}

/** What can be asked for. */
const PATHS = {
  file: ['plain', '/file.txt'],
  'sealed file': ['sealed', '/file.txt'],
  direct: ['http', '/'],
  unix: ['plain', '/'],
  tcp: ['plain', '/tcp'],
  http: ['plain', '/http'],
  wait: ['plain', '/slow'],
  compute: ['plain', '/cpu'],
} as const;
export type Way = keyof typeof PATHS;

export function wayOf(way: Way, { ports }: Layout): { readonly port: number; readonly sealed: boolean; readonly path: string } {
  const [port, path] = PATHS[way];
  return { port: ports[port], sealed: port === 'sealed', path };
}

/** What the request that waits waits for, out of the application's text. */
export const waitMs = (): number => Number(/^WAIT = ([\d.]+)$/m.exec(readFileSync(at('scripts/bench/uwsgi/app.py'), 'utf8'))?.[1]) * 1000;
