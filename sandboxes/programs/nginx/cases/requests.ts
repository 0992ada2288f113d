/** Request heads and bodies: what is taken, what is refused, and with which words. */
import { type Group, get } from './case.ts';

const raw = (name: string, send: string) => ({ name, send });
const head = (line: string, ...lines: string[]): string => `${line}\r\n${lines.map((one) => `${one}\r\n`).join('')}\r\n`;

const HTTP = `
    log_format t '$request|$status|$body_bytes_sent|$request_length|$host|$uri|$args';
    access_log /var/log/nginx/access.log t;
    default_type text/plain;
    server {
        listen 80;
        server_name a.example;
        location / { return 200 "uri=$uri args=$args is_args=$is_args host=$host\\n"; }
        location /big { client_max_body_size 10; return 200 "ok\\n"; }
        location /headers { return 200 "x=$http_x_a ct=$content_type cl=$content_length cookie=$cookie_sid arg=$arg_Q user=$remote_user\\n"; }
        location /limit { limit_except GET { deny all; } return 200 "in\\n"; }
        location /deny { deny 127.0.0.0/8; }
        location /allow { allow 127.0.0.1; deny all; root /srv/none; }
    }
    server { listen 81; keepalive_timeout 10 7; keepalive_requests 2; location / { return 200 "k\\n"; } }
    server { listen 82; large_client_header_buffers 2 1k; underscores_in_headers on; merge_slashes off; location / { return 200 "$uri $http_under_score\\n"; } }
    server { listen 83; ignore_invalid_headers off; server_tokens off; location / { return 200 "$http_a_b\\n"; } location /e { return 404; } }
`;

const uris = ['/a%20b', '/a/./b', '/a/../b', '/a//b', '/a/b/..', '/a/b/.', '/..', '/../', '/a/../../b', '/%2e%2e/a', '/a/%2e%2e/b', '/a%2fb', '/a%2Fb/../c'];
const more = ['/%', '/%4', '/%zz', '/%00', '/a%00b', '/a?b=%00', '/a#frag', '/a?x#y', '/a?', '/?', '/a/...', '/.../b', '/.a/..b', '/a%3fb', '/a%23b', '/a%25b'];
const last = ['/a+b', '/%2', '/a%', '/a;b', '/a\\b', '/a{b}', '/a"b"', "/a'b", '/~a', '/caf\xc3\xa9', '/%ff', '//', '///a', '/a/.', '/a/..', '/./', '/.', '/a?b?c', '/a?b=c&d=%20e'];

export const REQUESTS: Group = {
  name: 'requests',
  http: HTTP,
  exchanges: [
    ...[...uris, ...more, ...last].map((uri) => raw(`uri ${uri}`, get(uri))),
    raw('absolute', get('http://b.example/x?y')),
    raw('absolute, no path', get('http://b.example')),
    raw('absolute, only a query', get('http://b.example?q=1')),
    raw('absolute, port', get('http://B.Example:8080/x')),
    raw('absolute, odd scheme', get('ftp://b.example/x')),
    raw('absolute, bad host', get('http:///x')),
    raw('asterisk', head('OPTIONS * HTTP/1.1', 'Host: a', 'Connection: close')),
    raw('HTTP/0.9', 'GET /x\r\n'),
    raw('HTTP/0.9 POST', 'POST /x\r\n'),
    raw('HTTP/1.0', head('GET / HTTP/1.0')),
    raw('HTTP/1.0 with host', head('GET / HTTP/1.0', 'Host: q.example')),
    raw('HTTP/1.2', head('GET / HTTP/1.2', 'Host: a', 'Connection: close')),
    raw('HTTP/1.10', head('GET / HTTP/1.10', 'Host: a', 'Connection: close')),
    raw('HTTP/1.100', head('GET / HTTP/1.100', 'Host: a', 'Connection: close')),
    raw('HTTP/1.1000', head('GET / HTTP/1.1000', 'Host: a')),
    raw('HTTP/2.0', head('GET / HTTP/2.0', 'Host: a')),
    raw('HTTP/0.5', head('GET / HTTP/0.5', 'Host: a')),
    raw('HTTP/x', head('GET / HTTP/x', 'Host: a')),
    raw('http/1.1', head('GET / http/1.1', 'Host: a')),
    raw('no slash', head('GET x HTTP/1.1', 'Host: a')),
    raw('space in target', head('GET /a b HTTP/1.1', 'Host: a')),
    raw('tab in target', head('GET /a\tb HTTP/1.1', 'Host: a')),
    raw('two spaces', head('GET  /a  HTTP/1.1', 'Host: a', 'Connection: close')),
    raw('space after the version', head('GET /a HTTP/1.1 ', 'Host: a', 'Connection: close')),
    raw('garbage after the version', head('GET /a HTTP/1.1x', 'Host: a')),
    raw('lower-case method', head('get / HTTP/1.1', 'Host: a')),
    raw('odd method', head('FOO-BAR_ / HTTP/1.1', 'Host: a', 'Connection: close')),
    raw('digit in method', head('G3T / HTTP/1.1', 'Host: a')),
    raw('TRACE', head('TRACE / HTTP/1.1', 'Host: a')),
    raw('CONNECT', head('CONNECT a:80 HTTP/1.1', 'Host: a')),
    raw('CONNECT /', head('CONNECT / HTTP/1.1', 'Host: a')),
    raw('TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
    raw('empty lines first', `\r\n\r\n\n${get('/')}`),
    raw('bare LF', 'GET /lf HTTP/1.1\nHost: a\nConnection: close\n\n'),
    raw('CR alone in the line', 'GET /a HTTP/1.1\rHost: a\r\n\r\n'),
    raw('NUL in target', 'GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n'),
    raw('NUL in header value', 'GET / HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n'),
    raw('NUL in header name', 'GET / HTTP/1.1\r\nHost: a\r\nX\0A: b\r\n\r\n'),
    raw('space before colon', head('GET / HTTP/1.1', 'Host : a')),
    raw('space before name', head('GET / HTTP/1.1', 'Host: a', ' X-A: b')),
    raw('continued header', 'GET /headers HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n'),
    raw('no colon', head('GET /headers HTTP/1.1', 'Host: a', 'X-A', 'Connection: close')),
    raw('empty name', head('GET / HTTP/1.1', 'Host: a', ': b')),
    raw('underscore dropped', head('GET /headers HTTP/1.1', 'Host: a', 'X_A: b', 'Connection: close')),
    raw('odd name dropped', head('GET /headers HTTP/1.1', 'Host: a', 'X@A: b', 'Connection: close')),
    raw('tab in value', head('GET /headers HTTP/1.1', 'Host: a', 'X-A:\t b\t', 'Connection: close')),
    raw('spaces around value', head('GET /headers HTTP/1.1', 'Host: a', 'X-A:   b c  ', 'Connection: close')),
    raw('several CRs', 'GET /headers HTTP/1.1\r\nHost: a\r\nX-A: b\r\r\nConnection: close\r\n\r\n'),
    raw('CR in value', 'GET /headers HTTP/1.1\r\nHost: a\r\nX-A: b\rc\r\nConnection: close\r\n\r\n'),
    raw('no host', head('GET / HTTP/1.1')),
    raw('empty host', head('GET / HTTP/1.1', 'Host:')),
    raw('two hosts', head('GET / HTTP/1.1', 'Host: a', 'Host: b')),
    raw('host with slash', head('GET / HTTP/1.1', 'Host: a/b')),
    raw('host with dots', head('GET / HTTP/1.1', 'Host: a..b')),
    raw('host with port', head('GET / HTTP/1.1', 'Host: A.Example:80', 'Connection: close')),
    raw('host with last dot', head('GET / HTTP/1.1', 'Host: a.example.', 'Connection: close')),
    raw('host IPv6', head('GET / HTTP/1.1', 'Host: [::1]:80', 'Connection: close')),
    raw('host with @', head('GET / HTTP/1.1', 'Host: u@a', 'Connection: close')),
    raw('cookies and args', head('GET /headers?q=1&Q=2 HTTP/1.1', 'Host: a', 'Cookie: a=b; sid=7', 'Connection: close')),
    raw('two cookies', head('GET /headers HTTP/1.1', 'Host: a', 'Cookie: a=b', 'Cookie: SID=8', 'Connection: close')),
    raw('basic user', head('GET /headers HTTP/1.1', 'Host: a', 'Authorization: Basic YW5uOnNlY3JldA==', 'Connection: close')),
    raw('two authorizations', head('GET /headers HTTP/1.1', 'Host: a', 'Authorization: a', 'Authorization: b')),
    raw('CL and TE', `${head('POST / HTTP/1.1', 'Host: a', 'Content-Length: 3', 'Transfer-Encoding: chunked')}0\r\n\r\n`),
    raw('TE twice', head('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')),
    raw('TE list', head('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: gzip, chunked')),
    raw('TE identity', head('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: identity')),
    raw('TE upper case', `${head('POST / HTTP/1.1', 'Host: a', 'Connection: close', 'Transfer-Encoding: CHUNKED')}0\r\n\r\n`),
    raw('TE in 1.0', head('POST / HTTP/1.0', 'Transfer-Encoding: chunked')),
    raw('CL twice', `${head('POST / HTTP/1.1', 'Host: a', 'Content-Length: 3', 'Content-Length: 3')}abc`),
    raw('CL list', head('POST / HTTP/1.1', 'Host: a', 'Content-Length: 3, 3')),
    raw('CL minus', head('POST / HTTP/1.1', 'Host: a', 'Content-Length: -1')),
    raw('CL plus', head('POST / HTTP/1.1', 'Host: a', 'Content-Length: +1')),
    raw('CL hex', head('POST / HTTP/1.1', 'Host: a', 'Content-Length: 0x1')),
    raw('CL empty', head('POST / HTTP/1.1', 'Host: a', 'Content-Length:')),
    raw('CL huge', head('POST / HTTP/1.1', 'Host: a', 'Content-Length: 99999999999999999999')),
    raw('413', `${head('POST /big HTTP/1.1', 'Host: a', 'Content-Length: 11')}hello world`),
    raw('413 with expect', head('POST /big HTTP/1.1', 'Host: a', 'Expect: 100-continue', 'Content-Length: 11')),
    raw('expect and body', `${head('POST / HTTP/1.1', 'Host: a', 'Connection: close', 'Expect: 100-continue', 'Content-Length: 5')}hello`),
    raw('body then next', `${head('POST / HTTP/1.1', 'Host: a', 'Content-Length: 5')}hello${get('/next')}`),
    raw('chunked then next', `${head('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n${get('/next')}`),
    raw('chunk with extension', `${head('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3;x=y\r\nabc\r\n0\r\nT: u\r\n\r\n${get('/next')}`),
    raw('limit_except GET', get('/limit')),
    raw('limit_except POST', head('POST /limit HTTP/1.1', 'Host: a', 'Connection: close')),
    raw('limit_except HEAD', head('HEAD /limit HTTP/1.1', 'Host: a', 'Connection: close')),
    raw('deny', get('/deny')),
    raw('allow', get('/allow')),
    raw('414', head(`GET /${'u'.repeat(8200)} HTTP/1.1`, 'Host: a')),
    raw('a line of 8000', head(`GET /${'u'.repeat(8000)} HTTP/1.1`, 'Host: a', 'Connection: close')),
    raw('header too large', head('GET / HTTP/1.1', 'Host: a', `Cookie: ${'c'.repeat(8200)}`)),
    raw('many headers fit', head('GET / HTTP/1.1', 'Host: a', 'Connection: close', ...Array.from({ length: 4 }, (_, i) => `X-${i}: ${'v'.repeat(7000)}`))),
    raw('too many headers', head('GET / HTTP/1.1', 'Host: a', ...Array.from({ length: 6 }, (_, i) => `X-${i}: ${'v'.repeat(7000)}`))),
    { name: 'kept twice', port: 81, send: head('GET /1 HTTP/1.1', 'Host: a') + head('GET /2 HTTP/1.1', 'Host: a') },
    { name: 'kept 1.0', port: 81, send: head('GET /1 HTTP/1.0', 'Connection: Keep-Alive') + head('GET /2 HTTP/1.0') },
    { name: 'small buffers', port: 82, send: head('GET / HTTP/1.1', 'Host: a', `X: ${'x'.repeat(1100)}`) },
    { name: 'small buffers fit', port: 82, send: head('GET //a/../b HTTP/1.1', 'Host: a', 'Connection: close', 'Under_Score: yes', `X: ${'x'.repeat(800)}`) },
    { name: 'small buffers URI', port: 82, send: head(`GET /${'x'.repeat(1100)} HTTP/1.1`, 'Host: a') },
    { name: 'invalid kept', port: 83, send: head('GET / HTTP/1.1', 'Host: a', 'Connection: close', 'A@B: 1', 'A_B: 2') },
    { name: 'no tokens', port: 83, send: get('/e') },
    raw('HEAD', head('HEAD /x HTTP/1.1', 'Host: a', 'Connection: close')),
    raw('connection: Close, x', head('GET /x HTTP/1.1', 'Host: a', 'Connection: x, Close')),
  ],
};
