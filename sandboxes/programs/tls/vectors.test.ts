/** The key schedule and the records against RFC 8448, section 3 ("Simple 1-RTT Handshake"). */
import { describe, expect, test } from 'vitest';
import { concat } from '../http/bytes.ts';
import { readClientHello, readServerHello, writeServerHello } from './messages.ts';
import { GROUPS, SUITES, sha256 } from './primitives.ts';
import { CONTENT, firstRecord, Keys } from './record.ts';
import { applicationSecrets, finishedMac, handshakeSecrets, trafficKeys } from './schedule.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

const CLIENT_HELLO = bytes(
  '010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302010000910000000b0009000006736572766572' +
    'ff01000100000a00140012001d0017001800190100010101020103010400230000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae' +
    '4d5413691e529aaf2c002b0003020304000d0020001e040305030603020308040805080604010501060102010402050206020202002d00020101001c00024001',
);
const SERVER_HELLO = bytes(
  '020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c9828876112095fe66762bdbf7c6' +
    '72e156d6cc253b833df1dd69b1b04e751f0f002b00020304',
);
const FLIGHT = bytes(
  '080000240022000a00140012001d00170018001901000101010201030104001c000240010000000' +
    '00b0001b9000001b50001b0308201ac30820115a003020102020102300d06092a864886f70d01010b0500300e310c300a06035504031303727361301e170d3136303733' +
    '303031323335395a170d3236303733303031323335395a300e310c300a0603550403130372736130819f300d06092a864886f70d010101050003818d003081890281' +
    '8100b4bb498f8279303d980836399b36c6988c0c68de55e1bdb826d3901a2461eafd2de49a91d015abbc9a95137ace6c1af19eaa6af98c7ced43120998e187a80ee0' +
    'ccb0524b1b018c3e0b63264d449a6d38e22a5fda430846748030530ef0461c8ca9d9efbfae8ea6d1d03e2bd193eff0ab9a8002c47428a6d35a8d88d79f7f1e3f0203' +
    '010001a31a301830090603551d1304023000300b0603551d0f0404030205a0300d06092a864886f70d01010b05000381810085aad2a0e5b9276b908c65f73a726717' +
    '0618a54c5f8a7b337d2df7a594365417f2eae8f8a58c8f8172f9319cf36b7fd6c55b80f21a03015156726096fd335e5e67f2dbf102702e608ccae6bec1fc63a42a99' +
    'be5c3eb7107c3c54e9b9eb2bd5203b1c3b84e0a8b2f759409ba3eac9d91d402dcc0cc8f8961229ac9187b42b4de10000' +
    '0f000084080400805a747c5d88fa9bd2e55ab085a61015b7211f824cd484145ab3ff52f1fda8477b0b7abc90db78e2d33a5c141a078653fa6bef780c5ea248eeaaa7' +
    '85c4f394cab6d30bbe8d4859ee511f602957b15411ac027671459e46445c9ea58c181e818e95b8c3fb0bf3278409d3be152a3da5043e063dda65cdf5aea20d53dfac' +
    'd42f74f3',
);
const SHARED = bytes('8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d');
const AES = SUITES.find(({ name }) => name === 'TLS_AES_128_GCM_SHA256');
if (!AES) throw new Error('no AES suite');

describe('RFC 8448', () => {
  const handshake = handshakeSecrets(SHARED, sha256(concat([CLIENT_HELLO, SERVER_HELLO])));

  test('handshake secrets', () => {
    expect(hex(handshake.client)).toBe('b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21');
    expect(hex(handshake.server)).toBe('b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38');
    expect(hex(handshake.master)).toBe('18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919');
  });

  test('keys of a direction', () => {
    const { key, iv } = trafficKeys(AES, handshake.server);
    expect([hex(key), hex(iv)]).toEqual(['3fce516009c21727d0f2e4e86ee403bc', '5d313eb2671276ee13000b30']);
  });

  const finished = concat([bytes('14000020'), finishedMac(handshake.server, sha256(concat([CLIENT_HELLO, SERVER_HELLO, FLIGHT])))]);
  const application = applicationSecrets(handshake.master, sha256(concat([CLIENT_HELLO, SERVER_HELLO, FLIGHT, finished])));

  test('Finished of the server and application secrets', () => {
    expect(hex(finished)).toBe('140000209b9b141d906337fbd2cbdce71df4deda4ab42c309572cb7fffee5454b78f0718');
    expect(hex(application.client)).toBe('9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5');
    expect(hex(application.server)).toBe('a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643');
  });

  test('records of the client: data, then close_notify', () => {
    const data = Uint8Array.from({ length: 50 }, (_, i) => i);
    const keys = new Keys(AES, application.client);
    const record =
      '1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4';
    expect(hex(keys.seal(CONTENT.applicationData, data))).toBe(record);
    expect(hex(keys.seal(CONTENT.alert, Uint8Array.of(1, 0)))).toBe('1703030013c9872760655666b74d7ff1153efd6db6d0b0e3');
    const raw = firstRecord(bytes(record));
    expect(raw && new Keys(AES, application.client).open(raw)).toEqual({ type: CONTENT.applicationData, content: data });
  });

  test('messages are read, and the ServerHello is written', () => {
    const hello = readClientHello(CLIENT_HELLO.subarray(4));
    expect(hello).toMatchObject({ serverName: 'server', suites: [0x1301, 0x1303, 0x1302], protocols: [] });
    expect(hello.shares.get(0x1d)).toHaveLength(32);
    const answer = readServerHello(SERVER_HELLO.subarray(4));
    expect(answer).toMatchObject({ suite: 0x1301, group: 0x1d });
    // The RFC's server writes its two extensions the other way round; read again, they say the same.
    expect(readServerHello(writeServerHello(answer).subarray(4))).toEqual(answer);
  });

  test('key exchange', () => {
    const secret = bytes('49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005');
    const x25519 = GROUPS.find(({ name }) => name === 'x25519');
    expect(hex(x25519?.keys(secret).share ?? secret)).toBe('99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c');
    const share = bytes('c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f');
    expect(hex(x25519?.shared(secret, share) ?? secret)).toBe(hex(SHARED));
  });
});
