/** The certificates and keys of servers: read when the http block ends, by the master, who may; with OpenSSL's words. */
import { isSystemError } from '../../../host/host.ts';
import type { Identity } from '../../tls/server.ts';
import { ConfigError } from './error.ts';
import type { Server } from './model.ts';
import type { Parser } from './parser.ts';

/** Give every server that has a certificate its identity. Throws ConfigError. */
export async function loadIdentities(parser: Parser): Promise<void> {
  const { servers } = parser.config;
  for (const server of servers) {
    const { certificates, certificateKeys } = server.location.settings;
    for (const [i, path] of certificates.entries()) {
      const key = certificateKeys[i];
      if (key === undefined || certificateKeys.length < certificates.length) {
        throw fail(`no "ssl_certificate_key" is defined for certificate "${certificates.at(-1)}"`);
      }
      // Of several certificates of one kind the last one counts.
      server.identity = await loadIdentity(parser, path, key);
    }
  }
  for (const server of defaults(servers)) {
    if (!server.identity)
      throw new ConfigError('no "ssl_certificate" is defined for the "listen ... ssl" directive', server.location.place);
  }
}

const fail = (text: string): ConfigError => new ConfigError(text, null);

/** The default servers of the ports for TLS: without SNI it is their certificate that counts. */
function defaults(servers: readonly Server[]): Server[] {
  const ports = new Map<string, { server: Server; ssl: boolean; isDefault: boolean }>();
  for (const server of servers) {
    for (const { ip, port, ssl, isDefault } of server.listens) {
      const key = `${ip}:${port}`;
      const before = ports.get(key);
      if (!before || isDefault) ports.set(key, { server, isDefault, ssl: ssl || before?.ssl === true });
      else before.ssl ||= ssl;
    }
  }
  return [...ports.values()].flatMap(({ server, ssl }) => (ssl ? [server] : []));
}

async function loadIdentity(parser: Parser, certificatePath: string, keyPath: string): Promise<Identity> {
  const { p256PublicKey, readCertificate, readPem, readPrivateKey } = await import('../../tls/index.ts');
  const certificate = `cannot load certificate "${certificatePath}"`;
  const text = await read(parser, certificatePath, certificate);
  const blocks = readPem(text).filter(({ label }) => /^(X509 |TRUSTED )?CERTIFICATE$/.test(label));
  if (blocks.length === 0) {
    throw fail(
      `${certificate}: PEM_read_bio_X509_AUX() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: TRUSTED CERTIFICATE)`,
    );
  }
  const chain = blocks.map(({ der }) => der);
  const own = chain[0] && readCertificate(chain[0]);
  if (!own)
    throw fail(
      `${certificate}: PEM_read_bio_X509_AUX() failed (SSL: error:0688010A:asn1 encoding routines::nested asn1 error:Type=X509 error:0488000D:PEM routines::ASN1 lib)`,
    );
  if (own.publicKey === null) throw refuse(`certificate "${certificatePath}"`);

  const what = `cannot load certificate key "${keyPath}"`;
  const [block] = readPem(await read(parser, keyPath, what)).filter(({ label }) => label.endsWith('PRIVATE KEY'));
  const key = block ? readPrivateKey(block.label, block.der) : null;
  if (key === null)
    throw fail(
      `${what}: PEM_read_bio_PrivateKey() failed (SSL: error:1E08010C:DECODER routines::unsupported:No supported data to decode. Input type: PEM)`,
    );
  if (key === 'other') throw refuse(`key "${keyPath}"`);
  const point = p256PublicKey(key);
  if (!point.every((byte, i) => byte === own.publicKey?.[i])) {
    throw fail(`SSL_CTX_use_PrivateKey("${keyPath}") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)`);
  }
  return { chain, key };
}

/** What this TLS does not have. */
const refuse = (what: string): ConfigError =>
  new ConfigError(`this sandbox's nginx has TLS with EC keys on P-256 only, not with the one of ${what}`, null, 'sandbox');

async function read(parser: Parser, path: string, what: string): Promise<string> {
  try {
    return await parser.secret(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // A directory can be opened, but there is nothing in it to read.
    if (error.code === 'EISDIR') return '';
    const code = (0x80000000 + error.errno).toString(16).toUpperCase();
    const more = error.code === 'ENOENT' ? '10000080:BIO routines::no such file' : '10080002:BIO routines::system lib';
    throw fail(
      `${what}: BIO_new_file() failed (SSL: error:${code}:system library::${error.strerror}:calling fopen(${path}, r) error:${more})`,
    );
  }
}
