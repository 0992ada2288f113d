/**
 * The cryptography that TLS and certificates need, from the audited @noble packages: nothing of it is written here. They
 * are plain JavaScript because the sandbox's frame is no secure context and has no `crypto.subtle`.
 */
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

/** Bytes of a SHA-256 hash, and so of every secret. */
export const HASH = 32;
/** Bytes that sealing adds. */
export const TAG = 16;

export const sha256 = (data: Uint8Array): Uint8Array => nobleSha256(data);
/** For key identifiers and fingerprints only: nothing relies on it. */
export const sha1 = (data: Uint8Array): Uint8Array => nobleSha1(data);
export const hmacSha256 = (key: Uint8Array, data: Uint8Array): Uint8Array => hmac(nobleSha256, key, data);
export const hkdfExtract = (salt: Uint8Array, secret: Uint8Array): Uint8Array => extract(nobleSha256, secret, salt);
export const hkdfExpand = (secret: Uint8Array, info: Uint8Array, length: number): Uint8Array => expand(nobleSha256, secret, info, length);

/** A cipher suite: its number on the wire, its name, and how a record is sealed. */
export interface Suite {
  readonly id: number;
  readonly name: string;
  readonly keyLength: number;
  seal(key: Uint8Array, nonce: Uint8Array, header: Uint8Array, plain: Uint8Array): Uint8Array;
  /** Throws when the tag does not fit. */
  open(key: Uint8Array, nonce: Uint8Array, header: Uint8Array, sealed: Uint8Array): Uint8Array;
}

/** In the order in which a server takes them: ChaCha20 is the faster one in JavaScript. */
export const SUITES: readonly Suite[] = [
  {
    id: 0x1303,
    name: 'TLS_CHACHA20_POLY1305_SHA256',
    keyLength: 32,
    seal: (key, nonce, header, plain) => chacha20poly1305(key, nonce, header).encrypt(plain),
    open: (key, nonce, header, sealed) => chacha20poly1305(key, nonce, header).decrypt(sealed),
  },
  {
    id: 0x1301,
    name: 'TLS_AES_128_GCM_SHA256',
    keyLength: 16,
    seal: (key, nonce, header, plain) => gcm(key, nonce, header).encrypt(plain),
    open: (key, nonce, header, sealed) => gcm(key, nonce, header).decrypt(sealed),
  },
];

/** A group for the key exchange. */
export interface Group {
  readonly id: number;
  /** As the IANA registry has it. */
  readonly name: 'x25519' | 'secp256r1';
  /** Random bytes that `keys` wants to make a private key of. */
  readonly seed: number;
  keys(seed: Uint8Array): { readonly secret: Uint8Array; readonly share: Uint8Array };
  /** Throws for a share that is none. */
  shared(secret: Uint8Array, share: Uint8Array): Uint8Array;
}

export const GROUPS: readonly Group[] = [
  {
    id: 0x001d,
    name: 'x25519',
    seed: 32,
    keys: (secret) => ({ secret, share: x25519.getPublicKey(secret) }),
    shared: (secret, share) => x25519.getSharedSecret(secret, share),
  },
  {
    id: 0x0017,
    name: 'secp256r1',
    seed: 48,
    keys: (seed) => {
      const secret = p256SecretKey(seed);
      return { secret, share: p256PublicKey(secret) };
    },
    shared: (secret, share) => {
      // TLS knows the uncompressed form only (RFC 8446, 4.2.8.2).
      if (share[0] !== 4) throw new Error('not an uncompressed point');
      return p256.getSharedSecret(secret, share).subarray(1);
    },
  },
];

/** Random bytes that `p256SecretKey` wants: more than a key has, so that no key is likelier than another. */
export const P256_SEED = 48;
export const p256SecretKey = (seed: Uint8Array): Uint8Array => p256.utils.randomSecretKey(seed);
/** Uncompressed: 4, x, y. */
export const p256PublicKey = (secret: Uint8Array): Uint8Array => p256.getPublicKey(secret, false);
/** ECDSA over SHA-256, as DER. */
export const p256Sign = (data: Uint8Array, secret: Uint8Array): Uint8Array => p256.sign(data, secret, { format: 'der', lowS: false });
export function p256Verify(signature: Uint8Array, data: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return p256.verify(signature, data, publicKey, { format: 'der', lowS: false });
  } catch {
    // Not DER, or not a point of the curve.
    return false;
  }
}
