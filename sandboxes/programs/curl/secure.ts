/** https in curl: the handshake, what -v says of it, and its failures in curl's words. */
import { type Connection, type Host, isSystemError } from '../../host/host.ts';
import { printTime } from '../openssl/print.ts';
import type { Https } from '../tls/https.ts';
import type { NamePart } from '../tls/x509/certificate.ts';
import { CurlError } from './error.ts';

const SSL = 'OpenSSL/3.0.19: error:';
const EOF = `${SSL}0A000126:SSL routines::unexpected eof while reading`;
const NOT_TRUSTED = `More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.
`;

export interface SecureOptions {
  /** -k */
  readonly insecure: boolean;
  /** --cacert */
  readonly authorities: string | null;
  readonly verbose: (text: string) => Promise<void>;
}

/** Shake hands with the server called `name`. Throws CurlError, SystemError. */
export async function secure(host: Host, connection: Connection, name: string, port: number, options: SecureOptions): Promise<Connection> {
  const { AUTHORITIES, authorities, connectHttps, openSslWords, TlsError, Truncated, Untrusted } = await import('../tls/index.ts');
  const { insecure, verbose } = options;
  await verbose('* ALPN: offers http/1.1\n');
  const file = options.authorities ?? AUTHORITIES;
  const trusted = insecure ? null : await authorities(host, file);
  if (trusted?.length === 0 && options.authorities !== null) throw new CurlError(77, `error setting certificate file: ${file}`);
  if (!insecure) await verbose(`*  CAfile: ${file}\n*  CApath: /etc/ssl/certs\n`);
  try {
    const https = await connectHttps(connection, host, name, trusted);
    await verbose(describe(https, name, insecure, await import('../tls/index.ts')));
    return https.tls;
  } catch (error) {
    if (error instanceof Untrusted) {
      if (error.problem) throw new CurlError(60, `SSL certificate problem: ${error.problem.text}`, NOT_TRUSTED);
      const common = error.certificate?.subject.findLast(([type]) => type === 'CN')?.[1] ?? '';
      const hasOthers = (error.certificate?.altNames.length ?? 0) > 0;
      const words = hasOthers
        ? `no alternative certificate subject name matches target host name '${name}'`
        : `certificate subject name '${common}' does not match target host name '${name}'`;
      throw new CurlError(60, `SSL: ${words}`, NOT_TRUSTED);
    }
    if (error instanceof TlsError) throw new CurlError(35, SSL + openSslWords(error));
    if (error instanceof Truncated) throw new CurlError(35, EOF);
    if (isSystemError(error)) throw new CurlError(35, `OpenSSL SSL_connect: ${error.strerror} in connection to ${name}:${port} `);
    throw error;
  }
}

/** What curl says of a failure while it reads, or null for what is none of TLS. */
export async function explain(error: unknown): Promise<CurlError | null> {
  const { openSslWords, TlsError, Truncated } = await import('../tls/index.ts');
  if (error instanceof TlsError) return new CurlError(56, `OpenSSL SSL_read: ${SSL}${openSslWords(error)}, errno 0`);
  return error instanceof Truncated ? new CurlError(56, `OpenSSL SSL_read: ${EOF}, errno 0`) : null;
}

const nameText = (name: readonly NamePart[]): string => name.map(([type, value]) => `${type}=${value}`).join('; ');

function describe(
  { tls, certificate, problem }: Https,
  name: string,
  insecure: boolean,
  { matchingName }: typeof import('../tls/index.ts'),
): string {
  const { suite, protocol } = tls.agreed;
  const alpn = protocol === null ? 'server did not agree on a protocol. Uses default.' : `server accepted ${protocol}`;
  if (!certificate) return '';
  const found = insecure ? null : matchingName(certificate, name);
  const match = found?.common
    ? `*  common name: ${found.name} (matched)\n`
    : found
      ? `*  subjectAltName: host "${name}" matched cert's "${found.name}"\n`
      : '';
  const verdict = problem ? `verify result: ${problem.text} (${problem.code}), continuing anyway.` : 'verify ok.';
  return (
    `* SSL connection using TLSv1.3 / ${suite.name}\n* ALPN: ${alpn}\n* Server certificate:\n*  subject: ${nameText(certificate.subject)}\n` +
    `*  start date: ${printTime(certificate.notBefore)}\n*  expire date: ${printTime(certificate.notAfter)}\n${match}` +
    `*  issuer: ${nameText(certificate.issuer)}\n*  SSL certificate ${verdict}\n* using HTTP/1.1\n`
  );
}
