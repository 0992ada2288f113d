/** What clients of https do: shake hands, and trust only certificates that are good for the name. */
import { type Connection, type Host, isSystemError } from '../../host/host.ts';
import { byteText } from '../http/bytes.ts';
import { connectTls } from './client.ts';
import type { TlsConnection } from './connection.ts';
import { type Certificate, readCertificate } from './x509/certificate.ts';
import { isAddress, matchingName, type Problem, readCertificates, verifyChain } from './x509/verify.ts';

/** Where Debian keeps the certificates that every program trusts. */
export const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/** The server's certificate is not trusted: its chain (`problem`) or, where that is null, the name. */
export class Untrusted extends Error {
  readonly problem: Problem | null;
  readonly certificate: Certificate | null;
  constructor(problem: Problem | null, certificate: Certificate | null) {
    super(problem?.text ?? 'the certificate is for another name');
    this.problem = problem;
    this.certificate = certificate;
  }
}

/** The certificates in a file; none where there is no such file. */
export async function authorities(host: Host, path: string): Promise<Certificate[]> {
  try {
    return readCertificates(byteText(await host.fs.read(path)));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [];
  }
}

export interface Https {
  readonly tls: TlsConnection;
  readonly certificate: Certificate | null;
  /** What is wrong with the chain where nobody asked to look at it. */
  readonly problem: Problem | null;
}

/**
 * `trusted` null: take any certificate. `commonName`: a certificate without alternative names stands for its common name,
 * as for curl and openssl; browsers have given that up. Errors: Untrusted, TlsError, Truncated, SystemError; the
 * connection is then closed.
 */
export async function connectHttps(
  connection: Connection,
  host: Host,
  name: string,
  trusted: readonly Certificate[] | null,
  { commonName = true }: { readonly commonName?: boolean } = {},
): Promise<Https> {
  let problem: Problem | null = null;
  let certificate: Certificate | null = null;
  try {
    const tls = await connectTls(connection, host, {
      serverName: isAddress(name) ? null : name,
      protocols: ['http/1.1'],
      check: (chain) => {
        certificate = chain[0] ? readCertificate(chain[0]) : null;
        problem = verifyChain(chain, trusted ?? [], host.date());
        return trusted === null ? null : (problem?.alert ?? null);
      },
    });
    const [der] = tls.agreed.chain;
    const own = der ? readCertificate(der) : null;
    const match = own && matchingName(own, name);
    if (trusted !== null && (!match || (match.common && !commonName))) throw new Untrusted(null, own);
    return { tls, certificate: own, problem };
  } catch (error) {
    connection.close();
    if (problem !== null && trusted !== null) throw new Untrusted(problem, certificate);
    throw error;
  }
}
