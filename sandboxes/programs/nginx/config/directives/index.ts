/** The directives this nginx has, by name. */
import type { Commands } from '../parser.ts';
import { ACCESS } from './access.ts';
import { BLOCKS } from './blocks.ts';
import { CORE } from './core.ts';
import { GZIP } from './gzip.ts';
import { LOGS } from './logs.ts';
import { MAP } from './map.ts';
import { PASS } from './pass.ts';
import { REWRITE } from './rewrite.ts';
import { TLS } from './tls.ts';
import { setUpstreamServer, UPSTREAM } from './upstream.ts';

const all: Commands = { ...CORE, ...BLOCKS, ...REWRITE, ...LOGS, ...ACCESS, ...GZIP, ...MAP, ...UPSTREAM, ...PASS, ...TLS };
const { server } = all;

export const COMMANDS: Commands = {
  ...all,
  // Two directives share this name.
  ...(server && {
    server: { does: server.does, set: (call) => (call.scope.context === 'upstream' ? setUpstreamServer(call) : server.set(call)) },
  }),
};
