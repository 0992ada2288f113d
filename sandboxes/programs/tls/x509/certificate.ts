/** Reading certificates and keys: the part of X.509 (RFC 5280) that TLS with ECDSA on P-256 needs. */
import { byteText } from '../../http/bytes.ts';
import { p256PublicKey } from '../primitives.ts';
import { BadDer, DerReader, TAG } from './der.ts';
import { OID, shortName } from './names.ts';

/** One part of a distinguished name: `CN`, `localhost`. */
export type NamePart = readonly [type: string, value: string];

export interface AltName {
  readonly kind: 'DNS' | 'IP Address';
  readonly value: string;
}

export interface Certificate {
  readonly der: Uint8Array;
  /** The part that is signed. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  readonly signatureAlgorithm: string;
  /** 1 to 3. */
  readonly version: number;
  readonly serial: Uint8Array;
  readonly issuer: readonly NamePart[];
  readonly subject: readonly NamePart[];
  /** The names as they stand there, to be compared. */
  readonly issuerDer: Uint8Array;
  readonly subjectDer: Uint8Array;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The point on P-256, or null for another kind of key. */
  readonly publicKey: Uint8Array | null;
  readonly keyAlgorithm: string;
  readonly extensions: readonly Extension[];
  /** Says that it is an authority (basicConstraints), and how many authorities may stand between it and a leaf. */
  readonly isAuthority: boolean;
  readonly pathLength: number | null;
  /** The bits of keyUsage, the first one highest (RFC 5280, 4.2.1.3), and of extendedKeyUsage; null: anything. */
  readonly keyUsage: number | null;
  readonly extendedKeyUsage: readonly string[] | null;
  /** Numbers by which its key, and its issuer's, are known; null where it has none. */
  readonly subjectKeyId: Uint8Array | null;
  readonly authorityKeyId: Uint8Array | null;
  readonly altNames: readonly AltName[];
}

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** A certificate, or null when the bytes are none. */
export function readCertificate(bytes: Uint8Array): Certificate | null {
  try {
    return parse(bytes);
  } catch (error) {
    if (error instanceof BadDer) return null;
    throw error;
  }
}

function parse(bytes: Uint8Array): Certificate {
  const outer = new DerReader(bytes);
  const whole = outer.take(TAG.sequence);
  if (!outer.done) throw new BadDer('something follows');
  const parts = new DerReader(whole.content);
  const signed = parts.take(TAG.sequence);
  const signatureAlgorithm = parts.inside().oid();
  const signature = parts.bits();

  const body = new DerReader(signed.content);
  const version = body.peek === 0xa0 ? (body.inside(0xa0).take(TAG.integer).content[0] ?? 0) + 1 : 1;
  const serial = body.take(TAG.integer).content;
  body.take(TAG.sequence);
  const issuer = body.take(TAG.sequence);
  const validity = body.inside();
  const [notBefore, notAfter] = [validity.time(), validity.time()];
  const subject = body.take(TAG.sequence);
  const key = body.inside();
  const algorithm = key.inside();
  const keyAlgorithm = algorithm.oid();
  const onP256 = keyAlgorithm === OID.ecPublicKey && algorithm.peek === TAG.oid && algorithm.oid() === OID.p256;
  const point = key.bits();
  let extensions: Extension[] = [];
  while (!body.done) {
    const { tag, content } = body.any();
    if (tag === 0xa3) extensions = readExtensions(new DerReader(content).inside());
  }
  const find = (oid: string): DerReader | null => {
    const found = extensions.find((extension) => extension.oid === oid);
    return found ? new DerReader(found.value) : null;
  };
  const constraints = find(OID.basicConstraints)?.inside();
  const isAuthority = constraints?.peek === TAG.boolean && constraints.any().content[0] === 255;
  const authorityKey = find(OID.authorityKeyId)?.inside();
  return {
    der: bytes,
    signed: signed.whole,
    signature,
    signatureAlgorithm,
    version,
    serial,
    issuer: readName(issuer.content),
    subject: readName(subject.content),
    issuerDer: issuer.whole,
    subjectDer: subject.whole,
    notBefore,
    notAfter,
    publicKey: onP256 && point.length === 65 ? point : null,
    keyAlgorithm,
    extensions,
    isAuthority,
    pathLength: constraints?.peek === TAG.integer ? smallNumber(constraints.any().content) : null,
    keyUsage: find(OID.keyUsage)?.take(TAG.bits).content[1] ?? null,
    extendedKeyUsage: readPurposes(find(OID.extendedKeyUsage)),
    subjectKeyId: find(OID.subjectKeyId)?.take(TAG.octets).content ?? null,
    authorityKeyId: authorityKey?.peek === 0x80 ? authorityKey.any().content : null,
    altNames: readAltNames(find(OID.subjectAltName)),
  };
}

function readExtensions(list: DerReader): Extension[] {
  const extensions: Extension[] = [];
  while (!list.done) {
    const one = list.inside();
    const oid = one.oid();
    const critical = one.peek === TAG.boolean && one.any().content[0] === 255;
    extensions.push({ oid, critical, value: one.take(TAG.octets).content });
  }
  return extensions;
}

/** A number as far as its last four bytes: chains are shorter. */
const smallNumber = (content: Uint8Array): number => content.subarray(-4).reduce((sum, byte) => sum * 256 + byte, 0);

function readPurposes(reader: DerReader | null): string[] | null {
  if (!reader) return null;
  const purposes: string[] = [];
  for (const list = reader.inside(); !list.done; ) purposes.push(list.oid());
  return purposes;
}

function readName(content: Uint8Array): NamePart[] {
  const parts: NamePart[] = [];
  const sets = new DerReader(content);
  while (!sets.done) {
    const set = sets.inside(TAG.set);
    while (!set.done) {
      const pair = set.inside();
      parts.push([shortName(pair.oid()), new TextDecoder().decode(pair.any().content)]);
    }
  }
  return parts;
}

function readAltNames(reader: DerReader | null): AltName[] {
  const names: AltName[] = [];
  const list = reader?.inside();
  while (list && !list.done) {
    const { tag, content } = list.any();
    if (tag === 0x82) names.push({ kind: 'DNS', value: byteText(content) });
    if (tag === 0x87 && content.length === 4) names.push({ kind: 'IP Address', value: content.join('.') });
  }
  return names;
}

/** A private key on P-256: PKCS #8 (`PRIVATE KEY`) or SEC 1 (`EC PRIVATE KEY`). `other`: a key of another kind. Null: no key. */
export function readPrivateKey(label: string, bytes: Uint8Array): Uint8Array | 'other' | null {
  try {
    const outer = new DerReader(bytes).inside();
    outer.take(TAG.integer);
    if (label === 'RSA PRIVATE KEY') return 'other';
    if (label === 'EC PRIVATE KEY') return onCurve(outer.take(TAG.octets).content);
    if (label !== 'PRIVATE KEY') return null;
    const algorithm = outer.inside();
    if (algorithm.oid() !== OID.ecPublicKey || algorithm.oid() !== OID.p256) return 'other';
    const inner = new DerReader(outer.take(TAG.octets).content).inside();
    inner.take(TAG.integer);
    return onCurve(inner.take(TAG.octets).content);
  } catch (error) {
    if (error instanceof BadDer) return null;
    throw error;
  }
}

/** 32 bytes that are a key on the curve; `other` for those of another curve. */
function onCurve(key: Uint8Array): Uint8Array | 'other' {
  try {
    p256PublicKey(key);
    return key;
  } catch {
    return 'other';
  }
}
