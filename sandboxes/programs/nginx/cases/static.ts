/** Files and what is added to answers. */
import { type Group, get } from './case.ts';

const HTTP = `
    types { text/html html htm; text/css css; text/plain txt; application/javascript js; }
    default_type application/octet-stream;
    log_format t '$request|$status|$body_bytes_sent|$sent_http_content_type';
    access_log /var/log/nginx/access.log t;
    server {
        listen 80;
        root /srv/www;
        index index.html index.htm;
        location / { }
        location /h/ { alias /srv/www/; add_header X-A "a $uri"; add_header X-B b always; add_header X-Empty ""; expires 1h; }
        location /h/in/ { alias /srv/www/; expires off; }
        location /e0/ { alias /srv/www/; expires 0; }
        location /en/ { alias /srv/www/; expires -1; }
        location /emax/ { alias /srv/www/; expires max; }
        location /eep/ { alias /srv/www/; expires epoch; add_header Cache-Control public; }
        location /noetag/ { alias /srv/www/; etag off; if_modified_since before; }
        location /cs/ { alias /srv/www/; charset utf-8; }
        location /gz/ { alias /srv/www/; gzip on; gzip_types text/css; gzip_vary on; gzip_min_length 10; }
        location /ai/ { alias /srv/www/; autoindex on; index none.html; autoindex_exact_size off; }
        location /int/ { internal; alias /srv/www/; }
        location /ep/ { error_page 404 /404.html; error_page 403 =200 /a.txt; error_page 405 = @named; error_page 410 https://x.example/gone; error_page 411 =301 /moved; error_page 500 502 /int/a.txt; }
        location /ep/403 { return 403; } 
        location /ep/405 { return 405; }
        location /ep/410 { error_page 410 https://x.example/gone; return 410; }
        location /ep/411 { error_page 411 =301 /moved; return 411; }
        location /ep/412 { error_page 412 =418 /a.txt?x=1; return 412; }
        location /ep/500 { error_page 500 /int/a.txt; return 500; }
        location /ep/402 { error_page 402 =503 @named; return 402; }
        location /ep/rec { recursive_error_pages on; error_page 404 /ep/rec2; return 404; }
        location = /ep/rec2 { error_page 403 /a.txt; recursive_error_pages on; return 403; }
        location @named { return 200 "named $uri $request_method\\n"; }
        location /rel { absolute_redirect off; return 301 /x; }
        location /noport { port_in_redirect off; return 301 /x; }
        location /tf { try_files /none $uri.txt /a.txt; }
        location /tfa/ { alias /srv/www/; try_files $uri $uri/ =404; }
        location /tfq { try_files /none /a.txt?q=1; }
        location /tfn { try_files /none @none; }
        location /tf5 { try_files /none =503; }
        location /r418 { return 418; }
        location /r299 { return 299 "x"; }
        location /r200 { return 200; }
        location /r500t { return 500 "own text"; }
        location /r302 { return 302 "/x y"; }
        location /r304 { return 304; }
        location /r100 { return 100; }
        location ~ ^/cap/(?<who>[a-z]+)/(\\d+)$ { return 200 "$who $2 $1\\n"; }
        location /indexabs/ { alias /srv/www/none/; index /a.txt; }
    }
`;

const files = {
  '/srv/www/index.html': '<p>index</p>\n',
  '/srv/www/404.html': 'my 404\n',
  '/srv/www/a.txt': 'abcdefghijklmnopqrstuvwxyz\n',
  '/srv/www/style.css': 'body { color: red; }\n'.repeat(20),
  '/srv/www/app.js': 'run();\n',
  '/srv/www/none/x y.txt': 'space\n',
  '/srv/www/none/big.bin': 'b'.repeat(12345),
  '/srv/www/none/deep/z': 'z',
  '/srv/www/UPPER.HTML': 'U\n',
  '/srv/www/noext': 'n\n',
  '/srv/www/tf.txt': 'tf\n',
};

const ask = (path: string, ...more: string[]) => ({
  name: [path, ...more].join(' '),
  send: get(path, more.map((line) => `${line}\r\n`).join('')),
});
const as = (method: string, path: string) => ({ name: `${method} ${path}`, send: get(path).replace('GET', method) });

export const STATIC: Group = {
  name: 'static',
  http: HTTP,
  files,
  exchanges: [
    ...[
      '/',
      '/index.html',
      '/a.txt',
      '/none',
      '/none/',
      '/none/x%20y.txt',
      '/UPPER.HTML',
      '/noext',
      '/missing',
      '/a.txt/',
      '/a.txt/x',
      '/none?a=b',
    ].map((path) => ask(path)),
    ...[
      '/h/a.txt',
      '/h/missing',
      '/h/in/a.txt',
      '/e0/a.txt',
      '/en/a.txt',
      '/emax/a.txt',
      '/eep/a.txt',
      '/noetag/a.txt',
      '/cs/a.txt',
      '/cs/missing',
      '/cs/app.js',
    ].map((path) => ask(path)),
    ask('/a.txt', 'Range: bytes=0-4'),
    ask('/a.txt', 'Range: bytes=5-'),
    ask('/a.txt', 'Range: bytes=-3'),
    ask('/a.txt', 'Range: bytes=0-0,3-4'),
    ask('/a.txt', 'Range: bytes=100-'),
    ask('/a.txt', 'Range: bytes=4-2'),
    ask('/a.txt', 'Range: bytes=x'),
    ask('/a.txt', 'Range: lines=1-2'),
    ask('/a.txt', 'Range: bytes=0-100'),
    ask('/a.txt', 'Range: bytes=0-', 'If-Range: "x"'),
    ask('/a.txt', 'If-None-Match: *'),
    ask('/a.txt', 'If-None-Match: "x"'),
    ask('/a.txt', 'If-Match: "x"'),
    ask('/a.txt', 'If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT'),
    ask('/noetag/a.txt', 'If-Modified-Since: Fri, 01 Jan 2038 00:00:00 GMT'),
    ask('/a.txt', 'If-Modified-Since: Fri, 01 Jan 2038 00:00:00 GMT'),
    ask('/a.txt', 'If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT'),
    ask('/gz/style.css'),
    ask('/gz/a.txt', 'Accept-Encoding: gzip'),
    as('HEAD', '/a.txt'),
    as('HEAD', '/missing'),
    as('POST', '/a.txt'),
    as('POST', '/'),
    as('DELETE', '/none/'),
    ask('/ai/'),
    ask('/ai/none/'),
    ask('/ai/none'),
    ask('/int/a.txt'),
    ...['/ep/404', '/ep/403', '/ep/405', '/ep/410', '/ep/411', '/ep/412', '/ep/500', '/ep/402', '/ep/rec'].map((path) => ask(path)),
    as('POST', '/ep/404'),
    as('POST', '/ep/402'),
    as('HEAD', '/ep/404'),
    ...['/rel', '/noport', '/tf', '/tfa/a.txt', '/tfa/none', '/tfa/none/', '/tfa/zzz', '/tfq', '/tfn', '/tf5'].map((path) => ask(path)),
    ...['/r418', '/r299', '/r200', '/r500t', '/r302', '/r304'].map((path) => ask(path)),
    as('HEAD', '/r299'),
    ask('/cap/ann/42'),
    ask('/indexabs/'),
  ],
};
