/** gzip and what belongs to it. */
import type { Gzip } from '../model.ts';
import type { Call, Command, Commands } from '../parser.ts';
import { once, word } from './tools.ts';

const put = ({ scope }: Call, more: Partial<Gzip>): void => {
  scope.own.gzip = { ...scope.own.gzip, ...more };
};

const setting = (key: 'on' | 'vary' | 'minLength', does: string): Command => ({
  does,
  set: (call) => put(call, { [key]: call.value }),
});

const PROXIED = ['off', 'expired', 'no-cache', 'no-store', 'private', 'no_last_modified', 'no_etag', 'auth', 'any'];

function setTypes(call: Call): void {
  const { scope, parser, args } = call;
  const types = new Set(scope.own.gzip?.types ?? ['text/html']);
  for (const type of args) {
    if (type === '*') types.add('*');
    else if (types.has(type.toLowerCase()) && !args.includes('*')) parser.warn(`duplicate MIME type "${type}"`);
    else types.add(type.toLowerCase());
  }
  put(call, { types });
}

export const GZIP: Commands = {
  gzip: setting('on', 'Compresses answers for clients that take it.'),
  gzip_vary: setting('vary', 'Says in a Vary header that the answer depends on Accept-Encoding.'),
  gzip_min_length: setting('minLength', 'Shorter answers are not compressed.'),
  gzip_types: { does: 'Content types that are compressed beside text/html.', set: setTypes },
  gzip_http_version: {
    does: 'The oldest HTTP version that gets compressed answers.',
    set: (call) => {
      once(call);
      const minor = ['1.0', '1.1'].indexOf(call.args[0] ?? '');
      if (minor < 0) throw call.parser.error(`invalid value "${call.args[0]}"`);
      put(call, { minor });
    },
  },
  gzip_proxied: {
    does: 'Which requests that came through another proxy get compressed answers.',
    set: (call) => {
      const wrong = call.args.find((arg) => !PROXIED.includes(arg));
      if (wrong !== undefined) throw call.parser.error(`invalid value "${wrong}"`);
      put(call, { proxied: [...(call.scope.own.gzip?.proxied ?? []), ...call.args] });
    },
  },
  gzip_disable: {
    does: 'Browsers (patterns of User-Agent) that get no compressed answers.',
    set: (call) => {
      const patterns = call.args.filter((arg) => arg !== 'degradation').map((arg) => (arg === 'msie6' ? 'MSIE [4-6]\\.' : arg));
      put(call, { disable: [...(call.scope.own.gzip?.disable ?? []), ...patterns.map((one) => call.parser.regex(one, true))] });
    },
  },
  gzip_static: word('gzipStatic', ['off', 'on', 'always'], 'Sends file.gz in place of file where there is one.'),
};
