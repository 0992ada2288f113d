/** The client's handshake (RFC 8446, 2). Whether the certificate is good is the caller's to say. */
import type { Connection } from '../../host/host.ts';
import { type AlertName, TlsError } from './alerts.ts';
import { TlsConnection } from './connection.ts';
import {
  type ClientHello,
  ECDSA_P256_SHA256,
  message,
  readCertificate,
  readCertificateVerify,
  readEncryptedExtensions,
  readServerHello,
  type ServerHello,
  signedContent,
  writeClientHello,
} from './messages.ts';
import { GROUPS, type Group, p256Verify, SUITES } from './primitives.ts';
import { applicationSecrets, finishedMac, handshakeSecrets } from './schedule.ts';
import { agree } from './server.ts';
import { guarded, RecordStream, type TlsHost } from './stream.ts';
import { equal } from './wire.ts';
import { readCertificate as parseCertificate } from './x509/certificate.ts';

export interface ClientOptions {
  /** The name to ask for (SNI), or null: an address of numbers is no name. */
  readonly serverName: string | null;
  readonly protocols: readonly string[];
  /** Looks at the server's certificates, its own first; the alert that tells what is wrong with them, or null. */
  readonly check: (chain: readonly Uint8Array[]) => AlertName | null;
  /** Groups that a key share is sent for at once; the first of all otherwise. */
  readonly shares?: readonly Group['name'][];
  /** Names of suites, instead of all. */
  readonly suites?: readonly string[];
}

/** Shake hands with a server. Errors: TlsError (the connection is then ended), Truncated, SystemError. */
export function connectTls(connection: Connection, host: TlsHost, options: ClientOptions): Promise<TlsConnection> {
  const stream = new RecordStream(connection, host, 'client');
  return guarded(stream, () => shake(stream, options));
}

async function shake(stream: RecordStream, options: ClientOptions): Promise<TlsConnection> {
  const { answer, hello, group, secret } = await greet(stream, options);
  const suite = SUITES.find(({ id }) => id === answer.suite && hello.suites.includes(id));
  if (!suite || answer.share === null || !equal(answer.sessionId, hello.sessionId)) {
    throw new TlsError('illegal_parameter', 'the ServerHello does not fit the ClientHello');
  }
  const handshake = handshakeSecrets(agree(group, secret, answer.share), stream.transcript.hash());
  stream.readWith(suite, handshake.server);

  const protocol = readEncryptedExtensions(await stream.expect('EncryptedExtensions'));
  if (protocol !== null && !options.protocols.includes(protocol)) throw new TlsError('illegal_parameter', 'a protocol nobody asked for');
  const chain = readCertificate(await stream.expect('Certificate'));
  stream.putChangeCipherSpec();
  stream.writeWith(suite, handshake.client);
  const problem = options.check(chain);
  if (problem !== null) throw new TlsError(problem, "the server's certificate is not good");
  const signed = signedContent(stream.transcript.hash());
  const signature = readCertificateVerify(await stream.expect('CertificateVerify'));
  if (!p256Verify(signature, signed, publicKey(chain)))
    throw new TlsError('decrypt_error', 'the server has not the key of its certificate');
  const expected = finishedMac(handshake.server, stream.transcript.hash());
  if (!equal(await stream.expect('Finished'), expected)) throw new TlsError('decrypt_error', "the server's Finished does not fit");

  const application = applicationSecrets(handshake.master, stream.transcript.hash());
  stream.readWith(suite, application.server);
  stream.put(message('Finished', finishedMac(handshake.client, stream.transcript.hash())));
  await stream.flush();
  stream.writeWith(suite, application.client);
  return new TlsConnection(stream, { suite, group: group.name, protocol, serverName: options.serverName, chain });
}

function publicKey([der]: readonly Uint8Array[]): Uint8Array {
  const certificate = der && parseCertificate(der);
  if (!certificate) throw new TlsError('bad_certificate', 'the certificate cannot be read');
  if (certificate.publicKey === null) throw new TlsError('unsupported_certificate', 'the certificate has no key on P-256');
  return certificate.publicKey;
}

interface Greeting {
  readonly answer: ServerHello;
  readonly hello: ClientHello;
  readonly group: Group;
  readonly secret: Uint8Array;
}

/** Send the ClientHello, and another one when the server asks for it. */
async function greet(stream: RecordStream, options: ClientOptions): Promise<Greeting> {
  const first = options.shares ?? GROUPS.slice(0, 1).map(({ name }) => name);
  let offered = GROUPS.filter(({ name }) => first.includes(name)).map((group) => ({ group, ...group.keys(stream.random(group.seed)) }));
  const base = {
    random: stream.random(32),
    sessionId: stream.random(32),
    suites: SUITES.filter(({ name }) => options.suites?.includes(name) ?? true).map(({ id }) => id),
    serverName: options.serverName,
    groups: GROUPS.map(({ id }) => id),
    signatures: [ECDSA_P256_SHA256],
    protocols: options.protocols,
  };
  for (let retried = false; ; retried = true) {
    const hello: ClientHello = { ...base, shares: new Map(offered.map(({ group, share }) => [group.id, share])) };
    stream.put(writeClientHello(hello));
    await stream.flush();
    const answer = readServerHello(await stream.expect('ServerHello'));
    const group = GROUPS.find(({ id }) => id === answer.group);
    const mine = offered.find((one) => one.group === group);
    if (answer.share !== null) {
      if (!mine) throw new TlsError('illegal_parameter', 'a key share of a group that was not offered');
      return { answer, hello, group: mine.group, secret: mine.secret };
    }
    if (retried) throw new TlsError('unexpected_message', 'a second HelloRetryRequest');
    if (!group || mine) throw new TlsError('illegal_parameter', 'a HelloRetryRequest that changes nothing');
    offered = [{ group, ...group.keys(stream.random(group.seed)) }];
    // The transcript has both messages: the first now counts by its hash, in front of the second.
    stream.transcript.retry();
  }
}
