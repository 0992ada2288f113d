/** Handshake messages, written and read (RFC 8446, 4): pure functions. */
import { bytesOf, byteText, concat } from '../http/bytes.ts';
import { TlsError } from './alerts.ts';
import { number, Parser, vector } from './wire.ts';

export const HANDSHAKE = {
  ClientHello: 1,
  ServerHello: 2,
  NewSessionTicket: 4,
  EncryptedExtensions: 8,
  Certificate: 11,
  CertificateRequest: 13,
  CertificateVerify: 15,
  Finished: 20,
  KeyUpdate: 24,
  MessageHash: 254,
} as const;

export type HandshakeName = keyof typeof HANDSHAKE;

const EXTENSION = {
  serverName: 0,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  alpn: 16,
  supportedVersions: 43,
  keyShare: 51,
} as const;

const TLS13 = 0x0304;
/** ecdsa_secp256r1_sha256, the one this TLS has. */
export const ECDSA_P256_SHA256 = 0x0403;
/** The random of a ServerHello that asks for another ClientHello: SHA-256 of "HelloRetryRequest". */
const RETRY =
  '\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c';

/** A handshake message behind its type and length. */
export const message = (name: HandshakeName, ...body: readonly Uint8Array[]): Uint8Array =>
  concat([number(HANDSHAKE[name], 1), vector(3, ...body)]);

const extension = (type: number, ...body: readonly Uint8Array[]): Uint8Array => concat([number(type, 2), vector(2, ...body)]);
const numbers = (values: readonly number[]): Uint8Array => concat(values.map((value) => number(value, 2)));

function readExtensions(parser: Parser): Map<number, Parser> {
  const extensions = new Map<number, Parser>();
  while (!parser.done) {
    const type = parser.number(2);
    if (extensions.has(type)) throw new TlsError('illegal_parameter', 'an extension came twice');
    extensions.set(type, parser.vector(2));
  }
  return extensions;
}

// ---- ClientHello ----

export interface ClientHello {
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly suites: readonly number[];
  /** SNI, or null. */
  readonly serverName: string | null;
  readonly groups: readonly number[];
  /** Group and key share. */
  readonly shares: ReadonlyMap<number, Uint8Array>;
  readonly signatures: readonly number[];
  /** ALPN; empty when the client does not ask. */
  readonly protocols: readonly string[];
}

export function writeClientHello(hello: ClientHello): Uint8Array {
  const shares = [...hello.shares].map(([group, share]) => concat([number(group, 2), vector(2, share)]));
  const extensions = [
    ...(hello.serverName === null ? [] : [extension(EXTENSION.serverName, vector(2, number(0, 1), vector(2, bytesOf(hello.serverName))))]),
    extension(EXTENSION.supportedGroups, vector(2, numbers(hello.groups))),
    extension(EXTENSION.signatureAlgorithms, vector(2, numbers(hello.signatures))),
    ...(hello.protocols.length === 0
      ? []
      : [extension(EXTENSION.alpn, vector(2, ...hello.protocols.map((protocol) => vector(1, bytesOf(protocol)))))]),
    extension(EXTENSION.supportedVersions, vector(1, number(TLS13, 2))),
    extension(EXTENSION.keyShare, vector(2, ...shares)),
  ];
  return message(
    'ClientHello',
    ...[number(0x0303, 2), hello.random, vector(1, hello.sessionId), vector(2, numbers(hello.suites)), vector(1, number(0, 1))],
    vector(2, ...extensions),
  );
}

/** Throws protocol_version for a client without TLS 1.3, decode_error, illegal_parameter, missing_extension. */
export function readClientHello(body: Uint8Array): ClientHello {
  const parser = new Parser(body);
  parser.number(2);
  const random = parser.bytes(32);
  const sessionId = parser.vector(1).rest();
  const suites = parser.vector(2).numbers();
  const compressions = parser.vector(1).rest();
  const extensions = parser.done ? new Map<number, Parser>() : readExtensions(parser.vector(2));
  parser.end();
  const versions = extensions.get(EXTENSION.supportedVersions)?.vector(1).numbers() ?? [];
  if (!versions.includes(TLS13)) throw new TlsError('protocol_version', 'the client does not speak TLS 1.3');
  if (sessionId.length > 32) throw new TlsError('decode_error', 'a session id of more than 32 bytes');
  if (compressions.length !== 1 || compressions[0] !== 0) throw new TlsError('illegal_parameter', 'TLS 1.3 does not compress');
  const need = (type: number, name: string): Parser => {
    const found = extensions.get(type);
    if (!found) throw new TlsError('missing_extension', `the client sent no ${name}`);
    return found.vector(2);
  };
  const groups = need(EXTENSION.supportedGroups, 'supported_groups').numbers();
  const signatures = need(EXTENSION.signatureAlgorithms, 'signature_algorithms').numbers();
  const shares = readShares(need(EXTENSION.keyShare, 'key_share'));
  const protocols: string[] = [];
  const alpn = extensions.get(EXTENSION.alpn)?.vector(2);
  while (alpn && !alpn.done) protocols.push(byteText(alpn.vector(1).rest()));
  return { random, sessionId, suites, serverName: readServerName(extensions), groups, shares, signatures, protocols };
}

function readShares(parser: Parser): Map<number, Uint8Array> {
  const shares = new Map<number, Uint8Array>();
  while (!parser.done) {
    const group = parser.number(2);
    if (shares.has(group)) throw new TlsError('illegal_parameter', 'two key shares of one group');
    shares.set(group, parser.vector(2).rest());
  }
  return shares;
}

function readServerName(extensions: ReadonlyMap<number, Parser>): string | null {
  const list = extensions.get(EXTENSION.serverName)?.vector(2);
  if (!list) return null;
  const type = list.number(1);
  const name = byteText(list.vector(2).rest());
  if (type !== 0 || name === '' || name.includes('\0')) throw new TlsError('decode_error', 'a server name that is none');
  return name.toLowerCase();
}

// ---- ServerHello ----

export interface ServerHello {
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly suite: number;
  readonly group: number;
  /** Null: the server asks for another ClientHello with a share of this group (HelloRetryRequest). */
  readonly share: Uint8Array | null;
}

export function writeServerHello(hello: Omit<ServerHello, 'random'> & { readonly random: Uint8Array | null }): Uint8Array {
  const share = hello.share === null ? number(hello.group, 2) : concat([number(hello.group, 2), vector(2, hello.share)]);
  const extensions = [extension(EXTENSION.supportedVersions, number(TLS13, 2)), extension(EXTENSION.keyShare, share)];
  return message(
    'ServerHello',
    ...[number(0x0303, 2), hello.random ?? bytesOf(RETRY), vector(1, hello.sessionId), number(hello.suite, 2), number(0, 1)],
    vector(2, ...extensions),
  );
}

/** Throws protocol_version for a server without TLS 1.3, decode_error, illegal_parameter, missing_extension. */
export function readServerHello(body: Uint8Array): ServerHello {
  const parser = new Parser(body);
  parser.number(2);
  const random = parser.bytes(32);
  const sessionId = parser.vector(1).rest();
  const suite = parser.number(2);
  const compression = parser.number(1);
  const extensions = parser.done ? new Map<number, Parser>() : readExtensions(parser.vector(2));
  parser.end();
  if (extensions.get(EXTENSION.supportedVersions)?.number(2) !== TLS13) {
    throw new TlsError('protocol_version', 'the server does not speak TLS 1.3');
  }
  if (compression !== 0) throw new TlsError('illegal_parameter', 'TLS 1.3 does not compress');
  const share = extensions.get(EXTENSION.keyShare);
  if (!share) throw new TlsError('missing_extension', 'the server sent no key_share');
  const group = share.number(2);
  return { random, sessionId, suite, group, share: byteText(random) === RETRY ? null : share.vector(2).rest() };
}

// ---- the server's other messages ----

export function writeEncryptedExtensions(protocol: string | null): Uint8Array {
  const alpn = protocol === null ? [] : [extension(EXTENSION.alpn, vector(2, vector(1, bytesOf(protocol))))];
  return message('EncryptedExtensions', vector(2, ...alpn));
}

/** The protocol that the server chose by ALPN, or null. */
export function readEncryptedExtensions(body: Uint8Array): string | null {
  const parser = new Parser(body);
  const alpn = readExtensions(parser.vector(2)).get(EXTENSION.alpn);
  parser.end();
  return alpn ? byteText(alpn.vector(2).vector(1).rest()) : null;
}

export const writeCertificate = (chain: readonly Uint8Array[]): Uint8Array =>
  message('Certificate', vector(1), vector(3, ...chain.map((der) => concat([vector(3, der), vector(2)]))));

export function readCertificate(body: Uint8Array): Uint8Array[] {
  const parser = new Parser(body);
  if (!parser.vector(1).done) throw new TlsError('illegal_parameter', 'a certificate that nobody asked for');
  const list = parser.vector(3);
  parser.end();
  const chain: Uint8Array[] = [];
  while (!list.done) {
    chain.push(list.vector(3).rest());
    list.vector(2);
  }
  if (chain.length === 0) throw new TlsError('decode_error', 'the server sent no certificate');
  return chain;
}

/** What the server signs to prove that it has the certificate's key. */
export const signedContent = (transcript: Uint8Array): Uint8Array =>
  concat([bytesOf(`${' '.repeat(64)}TLS 1.3, server CertificateVerify\0`), transcript]);

export const writeCertificateVerify = (signature: Uint8Array): Uint8Array =>
  message('CertificateVerify', number(ECDSA_P256_SHA256, 2), vector(2, signature));

export function readCertificateVerify(body: Uint8Array): Uint8Array {
  const parser = new Parser(body);
  if (parser.number(2) !== ECDSA_P256_SHA256) throw new TlsError('illegal_parameter', 'a signature of a kind that was not offered');
  const signature = parser.vector(2).rest();
  parser.end();
  return signature;
}
