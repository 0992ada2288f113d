/** The server's handshake (RFC 8446, 2): TLS 1.3 with an ECDSA certificate, no tickets, no client certificates. */
import type { Connection } from '../../host/host.ts';
import { TlsError } from './alerts.ts';
import { type Agreed, TlsConnection } from './connection.ts';
import {
  type ClientHello,
  ECDSA_P256_SHA256,
  message,
  readClientHello,
  signedContent,
  writeCertificate,
  writeCertificateVerify,
  writeEncryptedExtensions,
  writeServerHello,
} from './messages.ts';
import { GROUPS, type Group, p256Sign, SUITES, type Suite } from './primitives.ts';
import { applicationSecrets, finishedMac, handshakeSecrets } from './schedule.ts';
import { guarded, RecordStream, type TlsHost } from './stream.ts';
import { equal } from './wire.ts';

/** A certificate with its chain, and its key: 32 bytes of P-256. */
export interface Identity {
  readonly chain: readonly Uint8Array[];
  readonly key: Uint8Array;
}

export interface ServerOptions {
  /** Who the server is for a client that asks for this name; null when it asks for none. */
  readonly identity: (serverName: string | null) => Identity;
  /** Protocols for ALPN, best first. */
  readonly protocols: readonly string[];
  /** Names of groups, instead of all. */
  readonly groups?: readonly Group['name'][];
  /** See TlsConnection. */
  readonly onFault?: (error: unknown) => unknown;
}

/** Shake hands with a client. Errors: TlsError (the connection is then ended), Truncated, SystemError. */
export function acceptTls(connection: Connection, host: TlsHost, options: ServerOptions): Promise<TlsConnection> {
  const stream = new RecordStream(connection, host, 'server');
  return guarded(stream, () => shake(stream, options));
}

interface Choice {
  readonly hello: ClientHello;
  readonly suite: Suite;
  readonly group: Group;
  readonly share: Uint8Array;
}

async function shake(stream: RecordStream, options: ServerOptions): Promise<TlsConnection> {
  const { hello, suite, group, share } = await choose(stream, options);
  const protocol = chooseProtocol(hello, options.protocols);
  const identity = options.identity(hello.serverName);

  const { secret, share: own } = group.keys(stream.random(group.seed));
  const shared = agree(group, secret, share);
  const serverHello = { random: stream.random(32), sessionId: hello.sessionId, suite: suite.id, group: group.id, share: own };
  stream.put(writeServerHello(serverHello));
  if (hello.sessionId.length > 0) stream.putChangeCipherSpec();

  const handshake = handshakeSecrets(shared, stream.transcript.hash());
  stream.readWith(suite, handshake.client);
  stream.writeWith(suite, handshake.server);
  stream.put(writeEncryptedExtensions(protocol));
  stream.put(writeCertificate(identity.chain));
  stream.put(writeCertificateVerify(p256Sign(signedContent(stream.transcript.hash()), identity.key)));
  stream.put(message('Finished', finishedMac(handshake.server, stream.transcript.hash())));
  await stream.flush();

  const application = applicationSecrets(handshake.master, stream.transcript.hash());
  stream.writeWith(suite, application.server);
  const expected = finishedMac(handshake.client, stream.transcript.hash());
  if (!equal(await stream.expect('Finished'), expected)) throw new TlsError('decrypt_error', "the client's Finished does not fit");
  stream.readWith(suite, application.client);

  const agreed: Agreed = { suite, group: group.name, protocol, serverName: hello.serverName, chain: identity.chain };
  return new TlsConnection(stream, agreed, options.onFault);
}

/** Read the ClientHello and choose from it; when it has no key share of a common group, ask for another one. */
async function choose(stream: RecordStream, options: ServerOptions): Promise<Choice> {
  const first = readClientHello(await stream.expect('ClientHello'));
  const suite = SUITES.find(({ id }) => first.suites.includes(id));
  if (!suite) throw new TlsError('handshake_failure', 'no cipher suite in common');
  if (!first.signatures.includes(ECDSA_P256_SHA256)) throw new TlsError('handshake_failure', 'the client cannot check ECDSA with P-256');
  const groups = GROUPS.filter(({ id, name }) => first.groups.includes(id) && (options.groups?.includes(name) ?? true));
  const shared = groups.find(({ id }) => first.shares.has(id));
  const group = shared ?? groups[0];
  if (!group) throw new TlsError('handshake_failure', 'no group in common');
  const share = first.shares.get(group.id);
  if (share) return { hello: first, suite, group, share };

  stream.transcript.retry();
  stream.put(writeServerHello({ random: null, sessionId: first.sessionId, suite: suite.id, group: group.id, share: null }));
  if (first.sessionId.length > 0) stream.putChangeCipherSpec();
  await stream.flush();
  const second = readClientHello(await stream.expect('ClientHello'));
  const given = second.shares.get(group.id);
  if (!given || second.shares.size > 1 || !second.suites.includes(suite.id) || second.serverName !== first.serverName) {
    throw new TlsError('illegal_parameter', 'the second ClientHello is not the one asked for');
  }
  return { hello: second, suite, group, share: given };
}

/** The secret that both ends have in common. Throws illegal_parameter for a share that is none. */
export function agree(group: Group, secret: Uint8Array, share: Uint8Array): Uint8Array {
  try {
    return group.shared(secret, share);
  } catch {
    throw new TlsError('illegal_parameter', 'a key share that is none');
  }
}

function chooseProtocol({ protocols }: ClientHello, own: readonly string[]): string | null {
  if (protocols.length === 0) return null;
  const found = own.find((protocol) => protocols.includes(protocol));
  if (found === undefined) throw new TlsError('no_application_protocol', 'no protocol in common');
  return found;
}
