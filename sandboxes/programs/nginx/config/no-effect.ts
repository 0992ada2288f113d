/**
 * Tuning directives of Debian's stock files: checked as nginx checks them, then without effect here, because what they
 * tune (sockets, system calls, hash tables, compression) the sandbox does not have.
 */
import type { Command, Context } from './parser.ts';

const HTTP: readonly Context[] = ['http', 'server', 'location'];
const MANY = Number.POSITIVE_INFINITY;
const PROTOCOLS = /^(SSLv2|SSLv3|TLSv1|TLSv1\.1|TLSv1\.2|TLSv1\.3)$/;

const flag = (contexts: readonly Context[]): Command => ({ contexts, args: [1, 1], flag: true, set: () => undefined });
const any = (contexts: readonly Context[], fewest = 1, most = fewest): Command => ({
  contexts,
  args: [fewest, most],
  set: () => undefined,
});

function number(contexts: readonly Context[]): Command {
  return {
    contexts,
    args: [1, 1],
    set: (parser, _scope, [text = '']) => {
      if (!/^\d+$/.test(text)) throw parser.error(`invalid number "${text}"`);
    },
  };
}

export const NO_EFFECT: Readonly<Record<string, Command>> = {
  worker_rlimit_nofile: number(['main']),
  worker_connections: number(['events']),
  multi_accept: flag(['events']),
  use: any(['events']),
  sendfile: flag(HTTP),
  tcp_nopush: flag(HTTP),
  tcp_nodelay: flag(HTTP),
  types_hash_max_size: number(HTTP),
  types_hash_bucket_size: number(HTTP),
  server_names_hash_bucket_size: number(['http']),
  server_names_hash_max_size: number(['http']),
  gzip: flag(HTTP),
  gzip_vary: flag(HTTP),
  gzip_proxied: any(HTTP, 1, MANY),
  gzip_comp_level: number(HTTP),
  gzip_buffers: any(HTTP, 2),
  gzip_http_version: any(HTTP),
  gzip_types: any(HTTP, 1, MANY),
  gzip_min_length: any(HTTP),
  gzip_disable: any(HTTP, 1, MANY),
  gzip_static: any(HTTP),
  ssl_prefer_server_ciphers: flag(['http', 'server']),
  ssl_protocols: {
    contexts: ['http', 'server'],
    args: [1, MANY],
    set: (parser, _scope, names) => {
      const wrong = names.find((name) => !PROTOCOLS.test(name));
      if (wrong !== undefined) throw parser.error(`invalid value "${wrong}"`);
    },
  },
};
