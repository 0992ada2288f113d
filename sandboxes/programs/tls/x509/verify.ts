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

/** Extensions that are looked at here, or whose meaning nobody asks for: every other critical one is a reason to refuse. */
const KNOWN: ReadonlySet<string> = new Set([
  ...[OID.basicConstraints, OID.keyUsage, OID.extendedKeyUsage, OID.subjectAltName, OID.certificatePolicies],
]);
const KEY_CERT_SIGN = 0x04;
/** digitalSignature, keyEncipherment, keyAgreement. */
const TLS_SERVER = 0x80 | 0x20 | 0x08;

const isSelfIssued = ({ issuerDer, subjectDer }: Certificate): boolean => equal(issuerDer, subjectDer);

/**
 * What is wrong with a server's chain (its own certificate first) at a time in milliseconds since 1970, or null. The
 * steps and their order are OpenSSL 3.0's (x509_vfy.c). `partial`: any trusted certificate is good enough to end a chain,
 * as for curl, and not only one that is signed by itself.
 */
export function verifyChain(
  sent: readonly Uint8Array[],
  trusted: readonly Certificate[],
  now: number,
  { partial = true }: { readonly partial?: boolean } = {},
): Problem | null {
  const [leaf, ...others] = sent.map(readCertificate);
  if (!leaf) return problem(1, 'unspecified certificate verification error', 'bad_certificate');
  const chain = build(
    leaf,
    others.filter((one) => one !== null),
    trusted,
    now,
    partial,
  );
  return Array.isArray(chain) ? (checkExtensions(chain) ?? checkSignatures(chain, now)) : chain;
}

/** From the leaf up to a certificate that is trusted; or why there is no such way. */
function build(
  leaf: Certificate,
  others: readonly Certificate[],
  trusted: readonly Certificate[],
  now: number,
  partial: boolean,
): Certificate[] | Problem {
  const chain = [leaf];
  const isTrusted = ({ der }: Certificate): boolean => trusted.some((one) => equal(one.der, der));
  for (let current = leaf; ; ) {
    const selfIssued = isSelfIssued(current);
    if (isTrusted(current) && (partial || selfIssued)) return chain;
    if (selfIssued) {
      if (chain.length === 1) return problem(18, 'self-signed certificate', 'unknown_ca');
      return problem(19, 'self-signed certificate in certificate chain', 'unknown_ca');
    }
    const next = issuer(current, trusted, chain, now) ?? (isTrusted(current) ? null : issuer(current, others, chain, now));
    if (next === null) {
      return isTrusted(current) && chain.length > 1 ? problem(2, 'unable to get issuer certificate', 'unknown_ca') : CUT;
    }
    chain.push(next);
    current = next;
  }
}

/** The certificate that issued another by name and number: the first that is valid now, or else the one that lasts longest. */
function issuer(of: Certificate, among: readonly Certificate[], chain: readonly Certificate[], now: number): Certificate | null {
  const fit = among.filter(
    (one) =>
      equal(one.subjectDer, of.issuerDer) &&
      (of.authorityKeyId === null || one.subjectKeyId === null || equal(of.authorityKeyId, one.subjectKeyId)) &&
      !chain.some((used) => equal(used.der, one.der)),
  );
  return fit.find((one) => checkTime(one, now) === null) ?? fit.toSorted((a, b) => b.notAfter - a.notAfter)[0] ?? null;
}

/** May every certificate stand where it stands? */
function checkExtensions(chain: readonly Certificate[]): Problem | null {
  let authorities = 0;
  for (const [i, one] of chain.entries()) {
    const { extensions, extendedKeyUsage, pathLength } = one;
    if (extensions.some(({ oid, critical }) => critical && !KNOWN.has(oid))) {
      return problem(34, 'unhandled critical extension', 'certificate_unknown');
    }
    if (i > 0 && !mayIssue(one, i === chain.length - 1)) return problem(79, 'invalid CA certificate', 'unknown_ca');
    const forServers = extendedKeyUsage?.includes(OID.serverAuth) ?? true;
    if (!forServers || (i === 0 && ((one.keyUsage ?? TLS_SERVER) & TLS_SERVER) === 0)) {
      return problem(26, 'unsuitable certificate purpose', 'unsupported_certificate');
    }
    if (i > 1 && pathLength !== null && authorities > pathLength) return problem(25, 'path length constraint exceeded', 'unknown_ca');
    // One that an authority made for itself, to change its key, does not count.
    if (i > 0 && !isSelfIssued(one)) authorities++;
  }
  return null;
}

/** A root from the time before extensions is an authority too. */
function mayIssue({ version, isAuthority, keyUsage }: Certificate, isLast: boolean): boolean {
  if (keyUsage !== null && (keyUsage & KEY_CERT_SIGN) === 0) return false;
  return isAuthority || (isLast && version === 1);
}

/** Signatures and times, from the top down. The top is trusted for itself. */
function checkSignatures(chain: readonly Certificate[], now: number): Problem | null {
  for (let i = chain.length - 1; i >= 0; i--) {
    const [one, above] = [chain[i], chain[i + 1]];
    if (one && above && !isSignedBy(one, above)) return problem(7, 'certificate signature failure', 'decrypt_error');
    const late = one ? checkTime(one, now) : null;
    if (late) return late;
  }
  return null;
}

function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (certificate.signatureAlgorithm !== OID.ecdsaSha256 || issuer.publicKey === null) return false;
  return p256Verify(certificate.signature, certificate.signed, issuer.publicKey);
}

function checkTime({ notBefore, notAfter }: Certificate, now: number): Problem | null {
  if (now < notBefore) return problem(9, 'certificate is not yet valid', 'bad_certificate');
  return now > notAfter ? problem(10, 'certificate has expired', 'certificate_expired') : null;
}

/** The name in the certificate that stands for a host (RFC 6125), or null. A common name counts only without other names, and not for browsers. */
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
