/** What a server behind asks of nginx itself by X-Accel headers, and what becomes of ETags. */
import { type Backend, type Group, get } from './case.ts';

const HTTP = `
    default_type text/plain;
    log_format t '$request|$status|$uri?$args|ua=$upstream_addr us=$upstream_status';
    access_log /var/log/nginx/access.log t;
    gzip_min_length 1;
    gzip_types text/css;
    server {
        listen 80;
        location / { proxy_pass http://127.0.0.1:9311; }
        location /u { uwsgi_pass 127.0.0.1:9311; }
        location /query { proxy_pass http://127.0.0.1:9312; }
        location /escaped { proxy_pass http://127.0.0.1:9313; }
        location /unsafe { proxy_pass http://127.0.0.1:9314; }
        location /named { proxy_pass http://127.0.0.1:9315; }
        location /nonamed { proxy_pass http://127.0.0.1:9316; }
        location /missing { proxy_pass http://127.0.0.1:9317; }
        location /bare { proxy_pass http://127.0.0.1:9318; }
        location /again { proxy_pass http://127.0.0.1:9319; }
        location /text { proxy_pass http://127.0.0.1:9320; }
        location /ignored { proxy_ignore_headers X-Accel-Redirect; proxy_pass http://127.0.0.1:9311; }
        location /shown { proxy_pass_header X-Accel-Redirect; proxy_ignore_headers X-Accel-Redirect; proxy_pass http://127.0.0.1:9311; }
        location /hidden { proxy_hide_header Set-Cookie; proxy_pass http://127.0.0.1:9311; }
        location /page { proxy_intercept_errors on; error_page 403 = /files/a.txt; proxy_pass http://127.0.0.1:9321; }
        location /files/ { internal; alias /srv/private/; }
        location /said/ { internal; return 200 "$request_method $uri $args\\n"; }
        location /other/ { internal; proxy_pass http://127.0.0.1:9322; }
        location @here { return 200 "$request_method $uri $args\\n"; }
        location /strong { gzip on; proxy_pass http://127.0.0.1:9323; }
        location /weak { gzip on; proxy_pass http://127.0.0.1:9324; }
        location /odd { gzip on; proxy_pass http://127.0.0.1:9325; }
        location /added { gzip on; add_header ETag '"own"'; proxy_pass http://127.0.0.1:9324; }
    }
`;

const raw = (port: number, ...lines: string[]): Backend => ({
  listen: `127.0.0.1:${port}`,
  does: 'raw',
  bytes: `HTTP/1.1 ${lines.map((line) => `${line}\r\n`).join('')}Content-Length: 4\r\n\r\nbody`,
});
const ACCEL = 'X-Accel-Redirect:';
const ask = (path: string, ...more: string[]) => ({
  name: [path, ...more].join(' '),
  send: get(path, more.map((line) => `${line}\r\n`).join('')),
});
const packed = (path: string) => ask(path, 'Accept-Encoding: gzip');

export const ACCELS: Group = {
  name: 'accel',
  http: HTTP,
  files: { '/srv/private/a.txt': 'private a\n', '/srv/private/a b.txt': 'private a b\n' },
  backends: [
    raw(
      9311,
      ...['403 No', `${ACCEL} /files/a.txt`, 'Content-Type: application/pdf', 'Content-Disposition: attachment', 'Set-Cookie: a=b'],
      ...['Set-Cookie: c=d', 'Cache-Control: private', 'Expires: Thu, 01 Jan 1970 00:00:01 GMT', 'ETag: "up"', 'X-Own: own'],
      ...['Last-Modified: Thu, 01 Jan 1970 00:00:01 GMT', 'Location: /nowhere', 'X-Accel-Expires: 10'],
    ),
    raw(9312, '200 OK', `${ACCEL} /said/x?y=z&a=b`),
    raw(9313, '200 OK', `${ACCEL} /files/a%20b.txt`),
    raw(9314, '200 OK', `${ACCEL} /files/../private/a.txt`),
    raw(9315, '200 OK', `${ACCEL} @here`, 'Content-Type: text/x'),
    raw(9316, '200 OK', `${ACCEL} @nowhere`),
    raw(9317, '200 OK', `${ACCEL} /files/none.txt`, 'Set-Cookie: a=b', 'Content-Type: text/x'),
    raw(9318, '200 OK', `${ACCEL} /files/a.txt`),
    raw(9319, '200 OK', `${ACCEL} /other/x`, 'Set-Cookie: a=b', 'Content-Type: text/x'),
    raw(9320, '200 OK', `${ACCEL} /said/x`, 'Content-Type: text/x', 'Set-Cookie: a=b'),
    raw(9321, '403 No', `${ACCEL} /said/x`),
    raw(9322, '200 OK', 'Set-Cookie: e=f', 'Content-Type: text/css'),
    raw(9323, '200 OK', 'Content-Type: text/css', 'ETag: "strong"'),
    raw(9324, '200 OK', 'Content-Type: text/css', 'ETag: W/"weak"'),
    raw(9325, '200 OK', 'Content-Type: text/css', 'ETag: odd'),
  ],
  exchanges: [
    ask('/'),
    { name: 'HEAD', send: get('/').replace('GET', 'HEAD') },
    { name: 'POST /query', send: 'POST /query HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi' },
    ...['/u', '/query', '/escaped', '/unsafe', '/named?q=1', '/nonamed', '/missing', '/bare', '/again', '/text'].map((path) => ask(path)),
    ...['/ignored', '/shown', '/hidden', '/page', '/strong', '/weak', '/odd', '/files/a.txt'].map((path) => ask(path)),
    ...['/strong', '/weak', '/odd', '/added'].map(packed),
  ],
};
