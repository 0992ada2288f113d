/** Request bodies that do not come as announced, buffered and passed on as they come. */
import type { Exchange, Group } from './case.ts';

const HTTP = `
    log_format t '$request|$status|$body_bytes_sent|ua=$upstream_addr us=$upstream_status';
    access_log /var/log/nginx/access.log t;
    client_body_timeout 300ms;
    proxy_request_buffering off;
    uwsgi_request_buffering off;
    upstream partly { server 127.0.0.1:9302; server 127.0.0.1:9301; }
    upstream whole { server 127.0.0.1:9302; server 127.0.0.1:9301; }
    upstream buffered { server 127.0.0.1:9302; server 127.0.0.1:9301; }
    upstream none { server 127.0.0.1:9302; server 127.0.0.1:9301; }
    upstream refused { server 127.0.0.1:9399; server 127.0.0.1:9301; }
    server {
        listen 80;
        location /stream { proxy_pass http://127.0.0.1:9303; }
        location /ustream { uwsgi_pass 127.0.0.1:9303; }
        location /buffered { proxy_request_buffering on; proxy_pass http://127.0.0.1:9303; }
        location /nobody { proxy_pass_request_body off; proxy_set_header Content-Length ""; proxy_pass http://127.0.0.1:9301; }
        location /next/partly { proxy_pass http://partly; }
        location /next/whole { proxy_pass http://whole; }
        location /next/buffered { proxy_request_buffering on; proxy_pass http://buffered; }
        location /next/none { proxy_pass http://none; }
        location /next/refused { proxy_pass http://refused; }
    }
`;

const put = (path: string, body: string, length = body.length, more: Partial<Exchange> = {}): Exchange => ({
  name: `PUT ${path}${length === body.length ? '' : `, ${body.length} of ${length} bytes`}${more.end ? ', then the end' : ''}`,
  send: `PUT ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n${body}`,
  ...more,
});
const chunked = (path: string, body: string, more: Partial<Exchange> = {}): Exchange => ({
  name: `PUT ${path} in chunks: ${JSON.stringify(body)}${more.end ? ', then the end' : ''}`,
  send: `PUT ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
  ...more,
});

export const BODIES: Group = {
  name: 'bodies',
  http: HTTP,
  backends: [
    { listen: '127.0.0.1:9301', does: 'dump' },
    { listen: '127.0.0.1:9302', does: 'raw', bytes: '' },
    { listen: '127.0.0.1:9303', does: 'hang' },
  ],
  exchanges: [
    put('/stream', 'abcd', 10),
    put('/ustream', 'abcd', 10),
    put('/buffered', 'abcd', 10),
    put('/buffered', 'abcd', 10, { end: true }),
    chunked('/buffered', '3\r\nabc\r\n'),
    chunked('/buffered', '3\r\nabc\r\n', { end: true }),
    chunked('/buffered', '3\r\nabc\r\nx'),
    put('/nobody', 'abcd'),
    put('/next/partly', 'abcd', 10),
    put('/next/whole', 'abcdefghij'),
    put('/next/buffered', 'abcdefghij'),
    put('/next/none', ''),
    put('/next/refused', 'abcdefghij'),
  ],
};
