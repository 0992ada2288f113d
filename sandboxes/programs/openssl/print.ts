/** Certificates as text, the way openssl 3.0 prints them. */
import type { Certificate, Extension, NamePart } from '../tls/x509/certificate.ts';
import { OID } from '../tls/x509/names.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Nov  2 16:03:40 2026 GMT` */
export function printTime(at: number): string {
  const date = new Date(at);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return `${MONTHS[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)} ${date.getUTCFullYear()} GMT`;
}

/** `C = DE, CN = localhost` */
export const printName = (name: readonly NamePart[]): string => name.map(([type, value]) => `${type} = ${value}`).join(', ');

const pairs = (bytes: Uint8Array): string[] => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
export const hexPairs = (bytes: Uint8Array): string => pairs(bytes).join(':').toUpperCase();
export const hex = (bytes: Uint8Array): string => pairs(bytes).join('').toUpperCase();

/** Bytes as `30:44:…`, so many a line. */
function block(bytes: Uint8Array, width: number, indent: string): string {
  const all = pairs(bytes);
  const lines: string[] = [];
  for (let from = 0; from < all.length; from += width) lines.push(indent + all.slice(from, from + width).join(':'));
  return `${lines.join(':\n')}\n`;
}

/** Numbers of up to eight bytes are shown as such. */
function serialNumber(bytes: Uint8Array): string {
  if (bytes.length > 8) return `\n            ${pairs(bytes).join(':')}`;
  const value = BigInt(`0x${pairs(bytes).join('') || '0'}`);
  return ` ${value} (0x${value.toString(16)})`;
}

/** What `x509 -text` prints of a certificate with a key on P-256. */
export function printCertificate(certificate: Certificate, key: Uint8Array): string {
  const { version, serial, issuer, subject, notBefore, notAfter, extensions, signature } = certificate;
  const algorithm = certificate.signatureAlgorithm === OID.ecdsaSha256 ? 'ecdsa-with-SHA256' : certificate.signatureAlgorithm;
  return (
    `Certificate:\n    Data:\n        Version: ${version} (0x${version - 1})\n        Serial Number:${serialNumber(serial)}\n` +
    `        Signature Algorithm: ${algorithm}\n        Issuer: ${printName(issuer)}\n        Validity\n` +
    `            Not Before: ${printTime(notBefore)}\n            Not After : ${printTime(notAfter)}\n        Subject: ${printName(subject)}\n` +
    '        Subject Public Key Info:\n            Public Key Algorithm: id-ecPublicKey\n                Public-Key: (256 bit)\n                pub:\n' +
    `${block(key, 15, ' '.repeat(20))}                ASN1 OID: prime256v1\n                NIST CURVE: P-256\n` +
    (extensions.length === 0 ? '' : `        X509v3 extensions:\n${extensions.map((one) => printExtension(one, certificate)).join('')}`) +
    `    Signature Algorithm: ${algorithm}\n    Signature Value:\n${block(signature, 18, ' '.repeat(8))}`
  );
}

function printExtension({ oid, critical, value }: Extension, certificate: Certificate): string {
  const show = (name: string, text: string): string => `            ${name}: ${critical ? 'critical' : ''}\n                ${text}\n`;
  switch (oid) {
    case OID.subjectKeyId:
      return show('X509v3 Subject Key Identifier', hexPairs(value.subarray(2)));
    case OID.authorityKeyId:
      // A sequence with the identifier as its first part.
      return show('X509v3 Authority Key Identifier', hexPairs(value.subarray(4, 4 + (value[3] ?? 0))));
    case OID.basicConstraints:
      return show('X509v3 Basic Constraints', `CA:${certificate.isAuthority ? 'TRUE' : 'FALSE'}`);
    case OID.subjectAltName:
      return show('X509v3 Subject Alternative Name', certificate.altNames.map((name) => `${name.kind}:${name.value}`).join(', '));
    default:
      return show(oid, hexPairs(value));
  }
}
