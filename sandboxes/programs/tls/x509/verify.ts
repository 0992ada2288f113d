/** Is a chain of certificates to be trusted, and does it stand for a name? With openssl's numbers and words for why not. */
import type { AlertName } from '../alerts.ts';
import { p256Verify } from '../primitives.ts';
import { equal } from '../wire.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { OID } from './names.ts';
import { readPem } from './pem.ts';

export interface Problem {
  /** openssl's number, as in `Verify return code`. */
  readonly code: number;
  readonly text: string;
  readonly alert: AlertName;
}

const problem = (code: number, text: string, alert: AlertName): Problem => ({ code, text, alert });
const CUT = problem(20, 'unable to get local issuer certificate', 'unknown_ca');

/** The certificates in a PEM text. */
export const readCertificates = (text: string): Certificate[] =>
  readPem(text).flatMap(({ label, der }) => (label === 'CERTIFICATE' ? (readCertificate(der) ?? []) : []));

/** What is wrong with a chain (the server's own certificate first) at a time in milliseconds since 1970, or null. */
export function verifyChain(chain: readonly Uint8Array[], trusted: readonly Certificate[], now: number): Problem | null {
  const sent = chain.map(readCertificate);
  const [leaf] = sent;
  if (!leaf) return problem(1, 'unspecified certificate verification error', 'bad_certificate');
  let current = leaf;
  // Every step uses up one certificate, so this ends.
  for (let depth = 0; depth <= sent.length + trusted.length; depth++) {
    if (trusted.some((one) => equal(one.der, current.der))) return checkTime(current, now);
    const selfSigned = equal(current.issuerDer, current.subjectDer);
    const issuers = [...trusted, ...sent].filter((one) => one !== null && one !== current && equal(one.subjectDer, current.issuerDer));
    const issuer = selfSigned ? null : (issuers[0] ?? null);
    if (!issuer) {
      if (!selfSigned) return CUT;
      return current === leaf
        ? problem(18, 'self-signed certificate', 'unknown_ca')
        : problem(19, 'self-signed certificate in certificate chain', 'unknown_ca');
    }
    if (!issuer.isAuthority) return problem(79, 'invalid CA certificate', 'unknown_ca');
    if (!isSignedBy(current, issuer)) return problem(7, 'certificate signature failure', 'decrypt_error');
    const late = checkTime(current, now);
    if (late) return late;
    current = issuer;
  }
  return CUT;
}

function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (certificate.signatureAlgorithm !== OID.ecdsaSha256 || issuer.publicKey === null) return false;
  return p256Verify(certificate.signature, certificate.signed, issuer.publicKey);
}

function checkTime({ notBefore, notAfter }: Certificate, now: number): Problem | null {
  if (now < notBefore) return problem(9, 'certificate is not yet valid', 'bad_certificate');
  return now > notAfter ? problem(10, 'certificate has expired', 'certificate_expired') : null;
}

/** The name in the certificate that stands for a host (RFC 6125), or null. A common name counts only without other names. */
export function matchingName(certificate: Certificate, host: string): { readonly name: string; readonly common: boolean } | null {
  const wanted = host.toLowerCase().replace(/\.$/, '');
  const kind = isAddress(wanted) ? 'IP Address' : 'DNS';
  const { altNames } = certificate;
  const found = altNames.find((name) => name.kind === kind && matches(name.value.toLowerCase(), wanted, kind === 'DNS'));
  if (found) return { name: found.value, common: false };
  if (altNames.length > 0) return null;
  const common = certificate.subject.findLast(([type]) => type === 'CN')?.[1];
  return common !== undefined && matches(common.toLowerCase(), wanted, kind === 'DNS') ? { name: common, common: true } : null;
}

export const isAddress = (host: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(host);

/** `*.example.com` stands for one more part of the name. */
function matches(pattern: string, host: string, wildcards: boolean): boolean {
  if (pattern === host) return true;
  if (!wildcards || !pattern.startsWith('*.')) return false;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot) === pattern.slice(1) && pattern.indexOf('.', 2) > 0;
}
