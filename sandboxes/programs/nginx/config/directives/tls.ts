/** TLS: certificates and protocols of servers that listen with `ssl`. */
import type { Commands } from '../parser.ts';

const PROTOCOLS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

export const TLS: Commands = {
  ssl_certificate: {
    does: 'The file with the certificate of a server and of those who signed it; an EC one (P-256) here.',
    set: ({ parser, scope, args: [path = ''] }) => {
      if (path.includes('$')) throw parser.refusal('this sandbox\'s nginx takes no variables in "ssl_certificate",');
      scope.own.certificates = [...(scope.own.certificates ?? []), parser.full(path)];
    },
  },
  ssl_certificate_key: {
    does: "The file with the certificate's private key.",
    set: ({ parser, scope, args: [path = ''] }) => {
      if (path.includes('$')) throw parser.refusal('this sandbox\'s nginx takes no variables in "ssl_certificate_key",');
      scope.own.certificateKeys = [...(scope.own.certificateKeys ?? []), parser.full(path)];
    },
  },
  ssl_protocols: {
    does: 'Has to name TLSv1.3, the one protocol of this nginx. The real 1.22 speaks it only when it is named.',
    set: ({ parser, args }) => {
      const wrong = args.find((name) => !PROTOCOLS.includes(name));
      if (wrong !== undefined) throw parser.error(`invalid value "${wrong}"`);
      for (const [at, name] of args.entries()) if (args.indexOf(name) < at) parser.warn(`duplicate value "${name}"`);
      if (!args.includes('TLSv1.3')) throw parser.refusal("this sandbox's nginx speaks TLSv1.3 only, which is not named here,");
    },
  },
};
