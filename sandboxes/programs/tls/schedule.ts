/** From the shared secret to all keys (RFC 8446, 7.1): pure functions. There are no pre-shared keys here. */
import { bytesOf, concat } from '../http/bytes.ts';
import { HASH, hkdfExpand, hkdfExtract, hmacSha256, type Suite, sha256 } from './primitives.ts';
import { number, vector } from './wire.ts';

const NOTHING = new Uint8Array(0);
const ZEROS = new Uint8Array(HASH);

/** HKDF-Expand-Label. */
export function expandLabel(secret: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
  return hkdfExpand(secret, concat([number(length, 2), vector(1, bytesOf(`tls13 ${label}`)), vector(1, context)]), length);
}

const derive = (secret: Uint8Array, label: string, transcript: Uint8Array): Uint8Array => expandLabel(secret, label, transcript, HASH);

export interface Secrets {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** Secrets of the handshake's records, from the key exchange and the hash of both hellos; `master` is for what follows. */
export function handshakeSecrets(shared: Uint8Array, hellos: Uint8Array): Secrets & { readonly master: Uint8Array } {
  const early = hkdfExtract(ZEROS, ZEROS);
  const handshake = hkdfExtract(derive(early, 'derived', sha256(NOTHING)), shared);
  return {
    client: derive(handshake, 'c hs traffic', hellos),
    server: derive(handshake, 's hs traffic', hellos),
    master: hkdfExtract(derive(handshake, 'derived', sha256(NOTHING)), ZEROS),
  };
}

/** Secrets of the application's records, from the hash of all up to the server's Finished. */
export function applicationSecrets(master: Uint8Array, transcript: Uint8Array): Secrets {
  return { client: derive(master, 'c ap traffic', transcript), server: derive(master, 's ap traffic', transcript) };
}

/** The next secret of a direction, after KeyUpdate. */
export const nextSecret = (secret: Uint8Array): Uint8Array => expandLabel(secret, 'traffic upd', NOTHING, HASH);

/** Key and nonce of a direction's records. */
export function trafficKeys(suite: Pick<Suite, 'keyLength'>, secret: Uint8Array): { readonly key: Uint8Array; readonly iv: Uint8Array } {
  return { key: expandLabel(secret, 'key', NOTHING, suite.keyLength), iv: expandLabel(secret, 'iv', NOTHING, 12) };
}

/** What stands in the Finished message of the end that owns `secret`. */
export const finishedMac = (secret: Uint8Array, transcript: Uint8Array): Uint8Array =>
  hmacSha256(expandLabel(secret, 'finished', NOTHING, HASH), transcript);
