/** Our client against our server in one thread, with hands on the bytes between them. */
import { describe, expect, test } from 'vitest';
import { bytesOf, byteText, concat } from '../http/bytes.ts';
import { type AlertName, TlsError } from './alerts.ts';
import { type ClientOptions, connectTls } from './client.ts';
import type { TlsConnection } from './connection.ts';
import { ECDSA_P256_SHA256, message, readServerHello, signedContent, writeCertificateVerify, writeClientHello } from './messages.ts';
import { GROUPS, SUITES } from './primitives.ts';
import { plainRecord } from './record.ts';
import { handshakeSecrets } from './schedule.ts';
import { acceptTls, type ServerOptions } from './server.ts';
import { RecordStream } from './stream.ts';
import { pair, type Tamper, testHost, testIdentity } from './testing.ts';
import { number } from './wire.ts';

const IDENTITY = testIdentity('localhost');
const OTHER = testIdentity('other.test');

interface Setup {
  readonly client?: Partial<ClientOptions>;
  readonly server?: Partial<ServerOptions>;
  /** Hands on what the client (the server) writes. */
  readonly fromClient?: Tamper;
  readonly fromServer?: Tamper;
}

type Outcome = TlsConnection | { readonly alert: AlertName; readonly by: string } | Error;

const outcome = (error: unknown): Outcome =>
  error instanceof TlsError ? { alert: error.alert, by: error.by } : error instanceof Error ? error : new Error(String(error));

async function shake({ client = {}, server = {}, fromClient, fromServer }: Setup = {}) {
  const ends = pair({ ...(fromClient && { client: fromClient }), ...(fromServer && { server: fromServer }) });
  const hosts = { client: testHost(), server: testHost() };
  const [ours, theirs] = await Promise.all([
    connectTls(ends.client, hosts.client, { serverName: 'localhost', protocols: ['http/1.1'], check: () => null, ...client }).catch(
      outcome,
    ),
    acceptTls(ends.server, hosts.server, { identity: () => IDENTITY, protocols: ['http/1.1'], ...server }).catch(outcome),
  ]);
  return { ends, hosts, client: ours as Outcome, server: theirs as Outcome };
}

/** A handshake that has to succeed. */
async function connected(setup: Setup = {}) {
  const result = await shake(setup);
  const { client, server } = result;
  if (!('agreed' in client) || !('agreed' in server)) throw new Error(`no handshake: ${JSON.stringify([client, server])}`);
  return { ...result, client, server };
}

const self = (alert: AlertName): object => ({ alert, by: 'self' });
const peer = (alert: AlertName): object => ({ alert, by: 'peer' });

describe('handshake', () => {
  test('both ends agree, and data goes both ways sealed', async () => {
    const { client, server, ends, hosts } = await connected();
    expect(client.agreed).toMatchObject({ protocol: 'http/1.1', group: 'x25519', suite: { name: 'TLS_CHACHA20_POLY1305_SHA256' } });
    expect(client.agreed.chain).toEqual(IDENTITY.chain);
    expect(server.agreed.serverName).toBe('localhost');
    await client.write('GET / secret');
    await server.write('answer');
    expect(byteText((await server.read()) ?? Uint8Array.of())).toBe('GET / secret');
    expect(byteText((await client.read()) ?? Uint8Array.of())).toBe('answer');
    expect(byteText(concat(ends.client.written))).not.toContain('secret');
    // The name is asked for in the open, the certificate comes sealed.
    expect(byteText(concat(ends.client.written))).toContain('localhost');
    expect(byteText(concat(ends.server.written))).not.toContain('localhost');
    const told = hosts.server.events.map(({ type, data }) => ('message' in data ? data.message : type));
    expect(told).toEqual(['ServerHello', 'EncryptedExtensions', 'Certificate', 'CertificateVerify', 'Finished', 'tls.ready', 'tls.record']);
    const last = ends.server.written.at(-1) ?? Uint8Array.of();
    expect(hosts.server.events.at(-1)?.data).toEqual({
      conn: 'c1',
      plain: 6,
      data: 'answer',
      bytes: 28,
      head: Buffer.from(last.subarray(5, 21)).toString('hex'),
    });
  });

  test('every suite and group', async () => {
    for (const suite of ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256']) {
      for (const group of ['x25519', 'secp256r1'] as const) {
        const { client, server } = await connected({ client: { suites: [suite], shares: [group] }, server: { groups: [group] } });
        expect(server.agreed).toMatchObject({ group, suite: { name: suite } });
        await client.write('x');
        expect(await server.read()).toEqual(bytesOf('x'));
      }
    }
  });

  test('a client without a fitting key share is asked for another', async () => {
    for (const setup of [{ client: { shares: [] } }, { server: { groups: ['secp256r1'] as const } }]) {
      const { client, hosts } = await connected(setup);
      expect(hosts.client.events.filter(({ data }) => 'message' in data && data.message === 'ClientHello')).toHaveLength(2);
      expect(client.agreed.group).toBe('server' in setup ? 'secp256r1' : 'x25519');
    }
  });

  test('the server chooses its certificate by the name asked for', async () => {
    const server = { identity: (name: string | null) => (name === 'other.test' ? OTHER : IDENTITY) };
    expect((await connected({ server, client: { serverName: 'other.test' } })).client.agreed.chain).toEqual(OTHER.chain);
    expect((await connected({ server, client: { serverName: null } })).client.agreed.chain).toEqual(IDENTITY.chain);
  });

  test('records in pieces of one byte', async () => {
    const { client, server, ends } = await connected();
    await client.write('0123456789');
    const record = ends.client.written.at(-1) ?? Uint8Array.of();
    expect(await server.read()).toEqual(bytesOf('0123456789'));
    // The same again, byte by byte: it is the next record that is read, so these have to be refused.
    for (const byte of record) ends.server.push(Uint8Array.of(byte));
    await expect(server.read()).rejects.toMatchObject({ alert: 'bad_record_mac' });
  });

  test('a large write is cut into records', async () => {
    const { client, server, hosts } = await connected();
    const data = Uint8Array.from({ length: 40_000 }, (_, i) => i % 251);
    await client.write(data);
    const parts: Uint8Array[] = [];
    while (parts.reduce((sum, part) => sum + part.length, 0) < data.length) parts.push((await server.read()) ?? Uint8Array.of());
    expect(concat(parts)).toEqual(data);
    expect(
      hosts.client.events.flatMap(({ type, data: event }) => (type === 'tls.record' && 'plain' in event ? [event.plain] : [])),
    ).toEqual([16384, 16384, 7232]);
  });

  test('new keys on the way', async () => {
    const { client, server } = await connected();
    await client.updateKeys();
    await client.write('after');
    expect(await server.read()).toEqual(bytesOf('after'));
    await server.write('and back');
    expect(await client.read()).toEqual(bytesOf('and back'));
  });

  test('close_notify ends the stream; an end without it is an error', async () => {
    const first = await connected();
    first.client.close();
    expect(await first.server.read()).toBeNull();
    const second = await connected();
    second.ends.client.end();
    await expect(second.server.read()).rejects.toThrow('in the middle of TLS');
  });
});

describe('what does not fit', () => {
  const noCommon: [string, Setup, object, object][] = [
    ['no protocol', { client: { protocols: ['h2'] } }, peer('no_application_protocol'), self('no_application_protocol')],
    ['no cipher suite', { client: { suites: [] } }, peer('handshake_failure'), self('handshake_failure')],
    ['a certificate the client does not want', { client: { check: () => 'unknown_ca' } }, self('unknown_ca'), peer('unknown_ca')],
    [
      'a server without the key of its certificate',
      { server: { identity: () => ({ chain: IDENTITY.chain, key: OTHER.key }) } },
      self('decrypt_error'),
      peer('decrypt_error'),
    ],
  ];
  test.each(noCommon)('%s', async (_, setup, client, server) => {
    const result = await shake(setup);
    expect([result.client, result.server]).toEqual([client, server]);
  });

  /** Changes a byte of the n-th write. */
  const flip =
    (write: number, at: number): Tamper =>
    (bytes, n) => {
      if (n === write) bytes.set([(bytes.at(at) ?? 0) ^ 1], at < 0 ? bytes.length + at : at);
      return bytes;
    };
  const replace =
    (write: number, by: Uint8Array): Tamper =>
    (bytes, n) =>
      n === write ? by : bytes;

  const fromServer: [string, Tamper, AlertName][] = [
    ['the key share changed on its way', flip(0, 110), 'bad_record_mac'],
    ['a changed tag', flip(0, -1), 'bad_record_mac'],
    ['no TLS at all', replace(0, bytesOf('HTTP/1.1 400 Bad Request\r\n')), 'protocol_version'],
    ['a record that is too large', replace(0, concat([Uint8Array.of(22, 3, 3), number(16_385, 2)])), 'record_overflow'],
    ['a sealed record that is too large', replace(0, concat([Uint8Array.of(23, 3, 3), number(16_641, 2)])), 'record_overflow'],
    ['another message first', replace(0, plainRecord(22, message('Finished', new Uint8Array(32)))), 'unexpected_message'],
    ['an empty handshake record', replace(0, plainRecord(22, new Uint8Array(0))), 'unexpected_message'],
    ['a ServerHello cut short', replace(0, plainRecord(22, message('ServerHello', new Uint8Array(20)))), 'decode_error'],
    [
      'a ServerHello of TLS 1.2',
      replace(0, plainRecord(22, message('ServerHello', number(0x303, 2), new Uint8Array(36)))),
      'protocol_version',
    ],
    ['a message without end', replace(0, plainRecord(22, Uint8Array.of(2, 255, 255, 255))), 'illegal_parameter'],
    ['data in the middle of the handshake', replace(0, plainRecord(23, bytesOf('x'))), 'unexpected_message'],
    ['a change_cipher_spec with something in it', replace(0, plainRecord(20, Uint8Array.of(2))), 'unexpected_message'],
  ];
  test.each(fromServer)('from the server: %s', async (_, tamper, alert) => {
    const { client } = await shake({ fromServer: tamper });
    expect(client).toEqual(self(alert));
  });

  const fromClient: [string, Tamper, AlertName][] = [
    ['a Finished whose seal is broken', flip(1, -1), 'bad_record_mac'],
    ['a ClientHello with a byte too many', (bytes, n) => (n === 0 ? longer(bytes) : bytes), 'decode_error'],
    ['a ClientHello of TLS 1.2', replace(0, plainRecord(22, oldHello())), 'protocol_version'],
    ['a key share that is no point', (bytes, n) => (n === 0 ? zeroShare(bytes) : bytes), 'illegal_parameter'],
  ];
  test.each(fromClient)('from the client: %s', async (_, tamper, alert) => {
    const { server } = await shake({ fromClient: tamper });
    expect(server).toEqual(self(alert));
  });

  test('a random changed on its way: the ends have different keys', async () => {
    const { client, server } = await shake({ fromClient: flip(0, 20) });
    expect([client, server]).toEqual([self('bad_record_mac'), peer('bad_record_mac')]);
  });

  test('a Finished that is sealed rightly and says the wrong thing', async () => {
    const ends = pair();
    const server = acceptTls(ends.server, testHost(), { identity: () => IDENTITY, protocols: [] }).catch(outcome);
    const stream = new RecordStream(ends.client, testHost(), 'client');
    const [suite, x25519] = [SUITES[0], GROUPS[0]];
    if (!suite || !x25519) throw new Error('nothing to offer');
    const { secret, share } = x25519.keys(stream.random(x25519.seed));
    const hello = { random: stream.random(32), sessionId: stream.random(32), suites: [suite.id], serverName: null, protocols: [] };
    stream.put(writeClientHello({ ...hello, groups: [x25519.id], shares: new Map([[x25519.id, share]]), signatures: [ECDSA_P256_SHA256] }));
    await stream.flush();
    const answer = readServerHello(await stream.expect('ServerHello'));
    const secrets = handshakeSecrets(x25519.shared(secret, answer.share ?? share), stream.transcript.hash());
    stream.writeWith(suite, secrets.client);
    stream.put(message('Finished', new Uint8Array(32)));
    await stream.flush();
    expect(await server).toEqual(self('decrypt_error'));
  });

  test('a connection that ends in the middle of a record', async () => {
    const ends = pair();
    const client = connectTls(ends.client, testHost(), { serverName: null, protocols: [], check: () => null });
    ends.client.push(Uint8Array.of(22, 3, 3, 0, 90, 2, 0, 0));
    ends.client.push(null);
    await expect(client).rejects.toThrow('in the middle of TLS');
  });

  test('the text that is signed names TLS 1.3 and the server', () => {
    expect(byteText(signedContent(new Uint8Array(32))).slice(64, 97)).toBe('TLS 1.3, server CertificateVerify');
    expect(writeCertificateVerify(Uint8Array.of(1, 2)).subarray(4)).toEqual(Uint8Array.of(4, 3, 0, 2, 1, 2));
  });
});

/** The same ClientHello with one byte more behind its extensions. */
function longer(record: Uint8Array): Uint8Array {
  const body = concat([record.subarray(9), Uint8Array.of(0)]);
  return plainRecord(22, message('ClientHello', body));
}

/** What a client of TLS 1.2 says first. */
function oldHello(): Uint8Array {
  return message('ClientHello', number(0x303, 2), new Uint8Array(32), Uint8Array.of(0, 0, 2, 0x13, 1, 1, 0));
}

/** The x25519 share stands at the end of our ClientHello: all zero, it gives an all-zero secret. */
function zeroShare(record: Uint8Array): Uint8Array {
  return record.fill(0, record.length - 32);
}
