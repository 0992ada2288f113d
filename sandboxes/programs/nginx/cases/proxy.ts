/** proxy_pass and uwsgi_pass: what goes out, what comes back, and how it fails. */
import { type Backend, type Group, get } from './case.ts';

const HTTP = `
    default_type text/plain;
    log_format t '$request|$status|$body_bytes_sent|ua=$upstream_addr us=$upstream_status|$upstream_http_x_up|$sent_http_location';
    access_log /var/log/nginx/access.log t;
    upstream two { server 127.0.0.1:9299; server 127.0.0.1:9201; }
    upstream dead { server 127.0.0.1:9298 max_fails=2; server 127.0.0.1:9299 max_fails=2; }
    upstream backup { server 127.0.0.1:9298; server 127.0.0.1:9201 backup; }
    upstream alldown { server 127.0.0.1:9201 down; }
    upstream closing { server 127.0.0.1:9202; server 127.0.0.1:9201; }
    upstream fives { server 127.0.0.1:9203; server 127.0.0.1:9201; }
    upstream badhead { server 127.0.0.1:9204; server 127.0.0.1:9201; }
    server {
        listen 80;
        server_name front.example;
        location / { proxy_pass http://127.0.0.1:9201; }
        location /set/ { proxy_set_header Host $host; proxy_set_header X-Real-IP $remote_addr; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Empty ""; proxy_set_header Accept-Encoding ""; proxy_pass http://127.0.0.1:9201/base/; }
        location /v11/ { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://127.0.0.1:9201; }
        location /method/ { proxy_method PUT; proxy_set_body "own $uri"; proxy_pass http://127.0.0.1:9201; }
        location /nobody/ { proxy_pass_request_body off; proxy_pass_request_headers off; proxy_set_header Content-Length ""; proxy_pass http://127.0.0.1:9201; }
        location /unix/ { proxy_pass http://unix:/run/shop/h.sock:/u/; }
        location /unixplain { proxy_pass http://unix:/run/shop/h.sock; }
        location /query { proxy_pass http://127.0.0.1:9201/?a=b; }
        location ~ ^/re/(.*)$ { proxy_pass http://127.0.0.1:9201/x/$1$is_args$args; }
        location /esc/ { proxy_pass http://127.0.0.1:9201/e/; }
        location /rw/ { rewrite ^/rw/(.*)$ "/r w/$1" break; proxy_pass http://127.0.0.1:9201; }
        location /two { proxy_pass http://two; }
        location /dead { proxy_pass http://dead; }
        location /dead1 { proxy_pass http://dead; proxy_next_upstream off; }
        location /backup { proxy_pass http://backup; }
        location /alldown { proxy_pass http://alldown; }
        location /closing { proxy_pass http://closing; }
        location /fives { proxy_pass http://fives; proxy_next_upstream error http_503; }
        location /fives2 { proxy_pass http://127.0.0.1:9203; }
        location /icept { proxy_pass http://127.0.0.1:9203; proxy_intercept_errors on; error_page 503 =200 @own; }
        location @own { return 200 "own page\\n"; }
        location /badhead { proxy_pass http://badhead; proxy_next_upstream error invalid_header; }
        location /badhead1 { proxy_pass http://127.0.0.1:9204; }
        location /close1 { proxy_pass http://127.0.0.1:9202; error_page 502 @own; }
        location /close2 { proxy_pass http://127.0.0.1:9202; }
        location /hang { proxy_pass http://127.0.0.1:9205; proxy_read_timeout 300ms; }
        location /hangunix { uwsgi_pass unix:/run/shop/hang.sock; uwsgi_read_timeout 300ms; }
        location /plain { proxy_pass http://127.0.0.1:9206; }
        location /long { proxy_pass http://127.0.0.1:9207; }
        location /short { proxy_pass http://127.0.0.1:9208; }
        location /chunked { proxy_http_version 1.1; proxy_pass http://127.0.0.1:9209; }
        location /badchunk { proxy_http_version 1.1; proxy_pass http://127.0.0.1:9210; }
        location /many { proxy_pass http://127.0.0.1:9211; add_header X-Own own; }
        location /hide { proxy_pass http://127.0.0.1:9211; proxy_hide_header X-Up; proxy_pass_header Server; proxy_pass_header X-Accel-Foo; proxy_ignore_headers X-Accel-Buffering; }
        location /redir/ { proxy_pass http://127.0.0.1:9212/app/; }
        location /redir2/ { proxy_pass http://127.0.0.1:9212/app/; proxy_redirect off; }
        location /redir3/ { proxy_pass http://127.0.0.1:9212/app/; proxy_redirect http://127.0.0.1:9212/app/ https://$host/z/; }
        location /redir4/ { proxy_pass http://127.0.0.1:9212/app/; proxy_redirect ~^http://[^/]+/app/(.*)$ /re/$1; }
        location /redir5/ { proxy_pass http://127.0.0.1:9212; }
        location /toolarge { proxy_pass http://127.0.0.1:9213; }
        location /larger { proxy_pass http://127.0.0.1:9213; proxy_buffer_size 16k; proxy_buffers 8 16k; }
        location /nf { proxy_pass http://127.0.0.1:9214; }
        location /h304 { proxy_pass http://127.0.0.1:9215; }
        location /var/ { set $b 127.0.0.1:9201; proxy_pass http://$b; }
        location /varname/ { set $b two; proxy_pass http://$b/fixed; }
        location /varhost/ { set $b no.such.host; proxy_pass http://$b; }
        location /varbad/ { set $b x; proxy_pass $b; }
        location /u1 { uwsgi_pass unix:/run/shop/u1.sock; }
        location /u2 { uwsgi_pass unix:/run/shop/none.sock; }
        location /u3 { uwsgi_pass unix:/run/shop/bad.sock; }
        location /u4 { uwsgi_pass unix:/run/shop/cgi.sock; }
        location /u5 { uwsgi_pass unix:/run/shop/nocolon.sock; }
        location /nobuf { uwsgi_pass unix:/run/shop/u1.sock; uwsgi_buffering off; }
        location /nobufreq { proxy_request_buffering off; proxy_pass http://127.0.0.1:9201; }
        location /charset { charset utf-8; proxy_pass http://127.0.0.1:9206; }
    }
`;

const raw = (listen: string, bytes: string): Backend => ({ listen, does: 'raw', bytes });
const PORT = '127.0.0.1:';
const backends: Backend[] = [
  { listen: `${PORT}9201`, does: 'dump', bytes: 'X-Up: one\r\n' },
  { listen: 'unix:/run/shop/h.sock', does: 'dump' },
  { listen: `${PORT}9202`, does: 'close' },
  raw(`${PORT}9203`, 'HTTP/1.0 503 Busy Now\r\nX-Up: five\r\nContent-Length: 5\r\n\r\nbusy\n'),
  raw(`${PORT}9204`, 'HTTP/1.0 200 OK\r\nno colon here\r\n\r\nx'),
  { listen: `${PORT}9205`, does: 'hang' },
  { listen: 'unix:/run/shop/hang.sock', does: 'hang' },
  raw(`${PORT}9206`, 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nuntil the end\n'),
  raw(`${PORT}9207`, 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour and more'),
  raw(`${PORT}9208`, 'HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nshort'),
  raw(`${PORT}9209`, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x\r\ndefg\r\n0\r\n\r\n'),
  raw(`${PORT}9210`, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n'),
  raw(
    `${PORT}9211`,
    'HTTP/1.1 200 Fine\r\nServer: up/1\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nX-Up: 1\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nKeep-Alive: x\r\nX-Accel-Buffering: no\r\nX-Accel-Foo: f\r\nX-Pad: p\r\nLast-Modified: Thu, 01 Jan 1970 00:00:01 GMT\r\nETag: "e"\r\nCache-Control: no-cache\r\nStatus: 201 Nope\r\nContent-Length: 2\r\nConnection: close\r\nX_Odd@Name: o\r\n\r\nok',
  ),
  raw(`${PORT}9212`, 'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9212/app/next?x=1\r\nContent-Length: 0\r\n\r\n'),
  raw(`${PORT}9213`, `HTTP/1.1 200 OK\r\nX-Long: ${'l'.repeat(5000)}\r\nContent-Length: 1\r\n\r\nx`),
  raw(`${PORT}9214`, 'this is not http\r\n'),
  raw(`${PORT}9215`, 'HTTP/1.1 304 Not Modified\r\nETag: "e"\r\n\r\n'),
  raw('unix:/run/shop/u1.sock', 'HTTP/1.1 201 Made\r\nContent-Type: text/plain; charset=x\r\nX-Up: u\r\nStatus: 299\r\n\r\nhello'),
  raw('unix:/run/shop/bad.sock', 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n'),
  raw('unix:/run/shop/cgi.sock', 'Status: 404 Gone Fishing\r\nContent-Type: text/x\r\n\r\ncgi'),
  raw('unix:/run/shop/nocolon.sock', 'just text'),
];

const ask = (path: string, ...more: string[]) => ({
  name: [path, ...more].join(' '),
  send: get(path, more.map((line) => `${line}\r\n`).join('')),
});
const post = (path: string, body: string) => ({
  name: `POST ${path}`,
  send: `POST ${path} HTTP/1.1\r\nHost: front.example\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
});

export const PROXY: Group = {
  name: 'proxy',
  http: HTTP,
  backends,
  exchanges: [
    ask('/a%20b?x=y', 'X-Client: c', 'Accept: */*', 'TE: trailers', 'Keep-Alive: 5', 'Upgrade: h2c', 'Cookie: k=v'),
    ask('/a/../b//c?d'),
    post('/post', 'body'),
    post('/post0', ''),
    post('/nobufreq', 'streamed body'),
    {
      name: 'chunked post',
      send: 'POST /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    },
    { name: 'bad chunk', send: 'POST /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n' },
    {
      name: 'bad chunk end',
      send: 'POST /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n',
    },
    { name: 'expect', send: 'POST /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi' },
    { name: 'HTTP/1.0 front', send: 'GET /old HTTP/1.0\r\n\r\n' },
    ask('/set/x', 'X-Forwarded-For: 1.2.3.4', 'Accept-Encoding: gzip'),
    ask('/v11/x'),
    post('/method/x', 'client'),
    post('/nobody/x', 'client'),
    ask('/unix/x'),
    ask('/unixplain/x'),
    ask('/query?c=d'),
    ask('/re/a/b?c=d'),
    ask('/esc/a%20b%2Fc?d=%20'),
    ask('/esc/caf%C3%A9'),
    ask('/rw/x%20y?q'),
    ask('/two'),
    ask('/two/again'),
    ask('/dead'),
    ask('/dead/2'),
    ask('/dead/3'),
    ask('/dead1'),
    ask('/backup'),
    ask('/alldown'),
    post('/closing', 'p'),
    ask('/closing'),
    ask('/fives'),
    ask('/fives2'),
    ask('/icept'),
    ask('/badhead'),
    ask('/badhead1'),
    ask('/close1'),
    ask('/close2'),
    ask('/hang'),
    ask('/hangunix'),
    ask('/plain'),
    { name: 'plain for 1.0', send: 'GET /plain HTTP/1.0\r\n\r\n' },
    { name: 'plain HEAD', send: get('/plain').replace('GET', 'HEAD') },
    ask('/long'),
    ask('/short'),
    ask('/chunked'),
    ask('/badchunk'),
    ask('/many'),
    ask('/hide'),
    ...['/redir/x', '/redir2/x', '/redir3/x', '/redir4/x', '/redir5/x', '/redir', '/toolarge', '/larger', '/nf', '/h304'].map((path) =>
      ask(path),
    ),
    ...['/var/x?y', '/varname/x', '/varhost/x', '/varbad/x', '/u1', '/u2', '/u3', '/u4', '/u5', '/nobuf', '/charset'].map((path) =>
      ask(path),
    ),
  ],
};
