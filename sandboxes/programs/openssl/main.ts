/** openssl: `req -x509`, `x509` and `s_client`, what a server's certificate needs, in the forms of openssl 3.0. */
import type { Host } from '../../host/host.ts';
import { Failure } from './failure.ts';
import { type Options, parseOptions } from './options.ts';
import { REQ, req } from './req.ts';
import { S_CLIENT, sClient } from './s-client.ts';
import { X509, x509 } from './x509.ts';

interface Command {
  /** Its options; those that take a value end in `=`. */
  readonly options: readonly string[];
  readonly run: (host: Host, options: Options) => Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  req: { options: REQ, run: req },
  x509: { options: X509, run: x509 },
  s_client: { options: S_CLIENT, run: sClient },
};

/** Other commands of the real one. */
const REAL = new Set(
  (
    'asn1parse ca ciphers cms crl crl2pkcs7 dgst dhparam dsa dsaparam ec ecparam enc engine errstr fipsinstall gendsa genpkey genrsa help info ' +
    'kdf list mac nseq ocsp passwd pkcs12 pkcs7 pkcs8 pkey pkeyparam pkeyutl prime rand rehash rsa rsautl s_server s_time sess_id smime speed ' +
    'spkac srp storeutl ts verify version'
  ).split(' '),
);

export default async function openssl(host: Host): Promise<number> {
  const [name = 'help', ...args] = host.args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (!command) {
      if (REAL.has(name)) throw new Failure(`openssl: the real openssl knows ${name}; this sandbox's has req -x509, x509 and s_client.`);
      throw new Failure(`Invalid command '${name}'; type "help" for a list.`);
    }
    return await command.run(host, parseOptions(name, args, command.options));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await host.printError(`${error.message}\n`);
    return 1;
  }
}
