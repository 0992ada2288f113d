/** Making a key and a certificate that it signs itself, as `openssl req -x509` does. */
import { bytesOf } from '../../http/bytes.ts';
import { p256PublicKey, p256Sign, sha1 } from '../primitives.ts';
import type { AltName, NamePart } from './certificate.ts';
import { bits, der, integer, oid, sequence, TAG, time } from './der.ts';
import { NAME_PARTS, OID } from './names.ts';

const encoder = new TextEncoder();
const algorithm = (): Uint8Array => sequence(oid(OID.ecdsaSha256));
const keyType = (): Uint8Array => sequence(oid(OID.ecPublicKey), oid(OID.p256));

/** PKCS #8. */
export function writePrivateKey(secret: Uint8Array): Uint8Array {
  const one = integer(Uint8Array.of(1));
  const key = sequence(one, der(TAG.octets, secret), der(0xa1, bits(p256PublicKey(secret))));
  return sequence(integer(Uint8Array.of(0)), keyType(), der(TAG.octets, key));
}

export interface CertificateRequest {
  readonly secret: Uint8Array;
  readonly serial: Uint8Array;
  readonly subject: readonly NamePart[];
  readonly altNames: readonly AltName[];
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The certificate as DER, with the extensions of openssl's default configuration. */
export function makeCertificate(request: CertificateRequest): Uint8Array {
  const { secret, serial, subject, altNames, notBefore, notAfter } = request;
  const publicKey = p256PublicKey(secret);
  const name = sequence(...subject.map(writeNamePart));
  const keyId = sha1(publicKey);
  const extensions = [
    extension(OID.subjectKeyId, der(TAG.octets, keyId)),
    extension(OID.authorityKeyId, sequence(der(0x80, keyId))),
    extension(OID.basicConstraints, sequence(der(TAG.boolean, Uint8Array.of(255))), true),
    ...(altNames.length === 0 ? [] : [extension(OID.subjectAltName, sequence(...altNames.map(writeAltName)))]),
  ];
  const body = sequence(
    ...[der(0xa0, integer(Uint8Array.of(2))), integer(serial), algorithm(), name, sequence(time(notBefore), time(notAfter)), name],
    ...[sequence(keyType(), bits(publicKey)), der(0xa3, sequence(...extensions))],
  );
  return sequence(body, algorithm(), bits(p256Sign(body, secret)));
}

function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  return sequence(oid(id), ...(critical ? [der(TAG.boolean, Uint8Array.of(255))] : []), der(TAG.octets, value));
}

/** Countries are printable strings and addresses IA5 ones; the rest is UTF-8. */
function writeNamePart([type, value]: NamePart): Uint8Array {
  const tag = type === 'C' ? TAG.printable : type === 'emailAddress' ? TAG.ia5 : TAG.utf8;
  return der(TAG.set, sequence(oid(NAME_PARTS[type] ?? type), der(tag, encoder.encode(value))));
}

function writeAltName({ kind, value }: AltName): Uint8Array {
  return kind === 'DNS' ? der(0x82, bytesOf(value)) : der(0x87, Uint8Array.from(value.split('.').map(Number)));
}
