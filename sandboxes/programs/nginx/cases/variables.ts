/** Variables that the configuration makes: by set, map and named groups; and locations that differ in a slash only. */
import { type Group, get } from './case.ts';

const HTTP = `
    log_format t '$request|$status|$host_word';
    access_log /var/log/nginx/access.log t;
    map $host $host_word { default unknown; ~^(?<Word>[a-z]+)\\. named-$word; }
    map $ring_a $ring_b { default "b$ring_a"; }
    map $ring_b $ring_a { default "a$ring_b"; }
    map $ring $ring { default "x$ring"; }
    map $arg_x $mapped { default "map-$arg_x"; }
    map $arg_x $later { default "map-$arg_x"; }
    map $arg_x $first { default "map-$arg_x"; }
    server {
        listen 80;
        location ~ ^/case/(?<Name>[a-z]+)-(?<NUM>[0-9]+)$ { return 200 "$name $Name $NUM $num|\\n"; }
        location /word { return 200 "$host_word|$word|\\n"; }
        location /ring { return 200 "$ring_a|\\n"; }
        location /self { return 200 "$ring|\\n"; }
        location /set { set $mapped "set"; return 200 "$mapped|\\n"; }
        location /mapped { return 200 "$mapped|\\n"; }
        location ~ ^/group/(?<first>[a-z]+)$ { return 200 "$first|\\n"; }
        location /first { return 200 "$first|\\n"; }
        location /later { return 200 "$later|\\n"; }
        location ~ ^/upper/(?<Later>[A-Z]+)$ { return 200 "$later|\\n"; }
        location ~ ^/none/(?<empty>x)?(?<rest>.*)$ { return 200 "$empty|$rest|\\n"; }
        location ~ ^/dot(.)x$ { return 200 "dot\\n"; }
        location ~ ^/class[.$]$ { return 200 "class\\n"; }
        location ~ ^/bracket[]$.].$$ { return 200 "bracket\\n"; }
        location ~ "^/(?P<old>[a-c]{2})z" { return 200 "old $old\\n"; }
        location /foo { return 200 "foo\\n"; }
        location /foo/ { proxy_pass http://127.0.0.1:9331; }
        location = /bar { return 200 "bar\\n"; }
        location /bar/ { proxy_pass http://127.0.0.1:9331; }
        location /ba { return 200 "ba\\n"; }
        location /baz/ { proxy_pass http://127.0.0.1:9331; }
        location ^~ /up { return 200 "up\\n"; }
        location /up/ { proxy_pass http://127.0.0.1:9331; }
        location ~ ^/(foo|qux)$ { return 200 "regex\\n"; }
        location /qux/ { proxy_pass http://127.0.0.1:9331; }
        location = /eq/ { proxy_pass http://127.0.0.1:9331; }
        location /nest/ { location /nest/in { return 200 "in\\n"; } location /nest/in/ { proxy_pass http://127.0.0.1:9331; } proxy_pass http://127.0.0.1:9331; }
        location /outer { location /outer/x { return 200 "x\\n"; } return 200 "outer\\n"; }
        location /outer/x/ { proxy_pass http://127.0.0.1:9331; }
    }
    map $arg_x $later { default "again-$arg_x"; }
`;

const ask = (path: string, host = 'localhost') => ({ name: `${path} of ${host}`, send: get(path, '', host) });

export const VARIABLES: Group = {
  name: 'variables',
  http: HTTP,
  backends: [{ listen: '127.0.0.1:9331', does: 'dump' }],
  exchanges: [
    ...[
      '/case/abc-12',
      '/word',
      '/ring',
      '/self',
      '/set?x=1',
      '/mapped?x=1',
      '/group/abc?x=1',
      '/first?x=1',
      '/later?x=1',
      '/upper/ABC?x=1',
    ].map((path) => ask(path)),
    ask('/word', 'shop.example'),
    ask('/none/yz'),
    ...['/dot%0Dx', '/dot%0Ax', '/dotax%0A', '/dotax%0A%0A', '/class$', '/class%0A', '/bracket].$', '/bracket]x$', '/ab', '/ab%0A'].map(
      (path) => ask(path),
    ),
    ...['/foo', '/foo/', '/foo/x', '/bar', '/bar/', '/baz', '/baz?q', '/up', '/up/', '/qux', '/eq', '/eq/'].map((path) => ask(path)),
    ...['/nest', '/nest/in', '/nest/in/', '/outer/x', '/outer'].map((path) => ask(path)),
  ],
};
