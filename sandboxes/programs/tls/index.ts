/** What programs use of TLS. They load it when they need it: `await import('../tls/index.ts')`. */
export { NotTls, TlsError, Truncated } from './alerts.ts';
export { connectTls } from './client.ts';
export type { TlsConnection } from './connection.ts';
export { AUTHORITIES, authorities, connectHttps, Untrusted } from './https.ts';
export { P256_SEED, p256PublicKey, p256SecretKey, sha1, sha256 } from './primitives.ts';
export { acceptTls, type Identity } from './server.ts';
export { openSslWords } from './words.ts';
export { type Certificate, type NamePart, readCertificate, readPrivateKey } from './x509/certificate.ts';
export { makeCertificate, writePrivateKey } from './x509/make.ts';
export { readPem, writePem } from './x509/pem.ts';
export { isAddress, matchingName, type Problem, readCertificates, verifyChain } from './x509/verify.ts';
