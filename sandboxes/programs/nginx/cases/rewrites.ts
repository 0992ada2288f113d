/** Rewrite rules, if, set, map, variables. */
import { type Group, get } from './case.ts';

const HTTP = `
    default_type text/plain;
    log_format t '$request|$status|$x|$m|"$http_user_agent"';
    log_format j escape=json '{"u":"$http_user_agent","r":"$request"}';
    access_log /var/log/nginx/access.log t if=$logged;
    map $arg_m $m { default none; a A; ~^b(?<rest>.*)$ "B-$rest"; ~*^C CC; "x y" xy; }
    map $uri $logged { default 1; /silent 0; }
    server {
        listen 80;
        set $x start;
        rewrite ^/srv1/(.*)$ /dst/$1;
        rewrite ^/srv2/(.*)$ /dst/$1 break;
        if ($arg_stop) { return 403; }
        if ($http_x_go = "1") { rewrite ^ /went last; }
        location / { return 200 "root $uri $args x=$x m=$m\\n"; }
        location /dst/ { return 200 "dst $uri $args\\n"; }
        location /went { return 200 "went $uri\\n"; }
        location /set { set $y "$x-$arg_a"; set $args "n=$arg_a"; return 200 "$y $args $query_string\\n"; }
        location /if {
            set $r none;
            if ($arg_a ~ "^(\\d+)$") { set $r "num $1"; }
            if ($arg_a ~* ABC) { set $r abc; }
            if ($arg_a !~ z) { set $r "$r noz"; }
            if ($request_method != GET) { set $r "$r notget"; }
            if (-f /srv/www/a.txt) { set $r "$r file"; }
            if (-d /srv/www) { set $r "$r dir"; }
            if (!-e /srv/none) { set $r "$r missing"; }
            return 200 "$r\\n";
        }
        location /ifret { if ($arg_a) { return 202 "a=$arg_a\\n"; } return 200 "no a\\n"; }
        location /ifhdr { add_header X-Out out; if ($arg_a) { add_header X-In in; } root /srv/www; try_files /a.txt =404; }
        location /ifbreak { if ($arg_a) { set $q 1; break; } set $q 2; return 200 "q=$q\\n"; }
        location /rw { rewrite ^/rw/perm/(.*)$ /n/$1 permanent; rewrite ^/rw/redir/(.*)$ /n/$1? redirect; rewrite ^/rw/abs/(.*)$ https://x.example/$1; rewrite ^/rw/scheme/(.*)$ $scheme://y.example/$1; rewrite ^/rw/q/(.*)$ /n?p=$1 last; rewrite ^/rw/a/(?<named>.*)$ /n/$named/$1 last; return 200 "none\\n"; }
        location /n { return 200 "n uri=$uri args=$args req=$request_uri\\n"; }
        location /empty { rewrite ^/empty(.*)$ $1 break; return 200 "e\\n"; }
        location /loop { rewrite ^ /loop last; }
        location /vars { return 200 "$request_method $scheme $server_name $server_port $server_protocol $document_root $request_filename $nginx_version $connection_requests $remote_addr $https|$http_none|$cookie_none\\n"; }
        location /brace { return 200 "\${uri}x $arg_a\${arg_b}\\n"; }
        location /uninit { set $u1 $u2; return 200 "[$u1]\\n"; set $u2 1; }
        location /nest/ { location /nest/a/ { return 200 "a\\n"; } location ~ \\.x$ { return 200 "x\\n"; } return 200 "nest\\n"; }
        location ~ \\.x$ { return 200 "outer x\\n"; }
        location = /exact { return 200 "exact\\n"; }
        location ^~ /caret/ { return 200 "caret\\n"; }
        location @n { return 200 "n\\n"; }
    }
    server { listen 81; access_log /var/log/nginx/access.log j; location / { return 200 "j\\n"; } }
    server { listen 82; server_name one.example; return 200 "one $server_name $host\\n"; }
    server { listen 82; server_name ~^(?<sub>.+)\\.re\\.example$; return 200 "re $sub $1\\n"; }
    server { listen 82; server_name *.wild.example tail.*; return 200 "wild $server_name\\n"; }
    server { listen 82; server_name "" ; return 444; }
`;

const ask = (path: string, ...more: string[]) => ({
  name: [path, ...more].join(' '),
  send: get(path, more.map((line) => `${line}\r\n`).join('')),
});
const to = (host: string) => ({ name: `host ${host}`, port: 82, send: get('/', '', host) });

export const REWRITES: Group = {
  name: 'rewrites',
  http: HTTP,
  files: { '/srv/www/a.txt': 'a\n' },
  exchanges: [
    ...['/', '/silent', '/srv1/a?b=c', '/srv2/a?b=c', '/?stop=1', '/?stop=0', '/?m=a', '/?m=bcd', '/?m=cde', '/?m=A'].map((path) =>
      ask(path),
    ),
    ask('/x', 'X-Go: 1'),
    ...[
      '/set?a=5',
      '/set',
      '/if?a=12',
      '/if?a=xABCx',
      '/if?a=z',
      '/if',
      '/ifret?a=1',
      '/ifret',
      '/ifhdr?a=1',
      '/ifhdr',
      '/ifbreak?a=1',
      '/ifbreak',
    ].map((path) => ask(path)),
    ...[
      '/rw/perm/a%20b?q=1',
      '/rw/redir/a?q=1',
      '/rw/abs/a?q=1',
      '/rw/scheme/a',
      '/rw/q/a?z=1',
      '/rw/q/a%26b',
      '/rw/a/b',
      '/rw/zz',
      '/empty',
      '/loop',
      '/vars',
      '/brace?a=1&b=2',
      '/uninit',
    ].map((path) => ask(path)),
    ...[
      '/nest/',
      '/nest/a/b',
      '/nest/f.x',
      '/nest/a/f.x',
      '/f.x',
      '/exact',
      '/exact/',
      '/caret/f.x',
      '/rw/perm/a+b',
      '/rw/perm/a%2Fb',
      '/rw/perm/caf%C3%A9',
    ].map((path) => ask(path)),
    { name: 'POST /if', send: get('/if?a=1').replace('GET', 'POST') },
    { name: 'json log', port: 81, send: get('/"q"', 'User-Agent: a"b\\c\td\x01\xe9\r\n') },
    ask('/log', 'User-Agent: a"b\\c\td\x01\xe9'),
    ask('/log2', 'User-Agent:'),
    ...['one.example', 'a.b.re.example', 'x.wild.example', 'tail.com', 'other', 'ONE.example'].map(to),
    { name: 'no host', port: 82, send: 'GET / HTTP/1.0\r\n\r\n' },
  ],
};
