/** For tests: two ends of a connection in memory, with hands on the bytes between them, and an identity. */
import type { Connection } from '../../host/host.ts';
import { P256_SEED, p256SecretKey } from './primitives.ts';
import type { Identity } from './server.ts';
import type { TlsHost } from './stream.ts';
import type { AltName } from './x509/certificate.ts';
import { makeCertificate, writePrivateKey } from './x509/make.ts';
import { writePem } from './x509/pem.ts';

/** Changes the n-th piece that an end writes (from 0); null drops it. */
export type Tamper = (bytes: Uint8Array, n: number) => Uint8Array | null;

class MemoryEnd implements Connection {
  readonly id = 'c1';
  readonly address = { port: 443 };
  readonly peer = '127.0.0.1';
  readonly written: Uint8Array[] = [];
  other: MemoryEnd | null = null;
  readonly #tamper: Tamper;
  #inbox: (Uint8Array | null)[] = [];
  #reader: ((bytes: Uint8Array | null) => void) | null = null;

  constructor(tamper: Tamper) {
    this.#tamper = tamper;
  }

  read(): Promise<Uint8Array | null> {
    const first = this.#inbox[0];
    if (first === null) return Promise.resolve(null);
    if (first !== undefined) return Promise.resolve(this.#inbox.shift() ?? null);
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    const data = Uint8Array.from(bytes as Uint8Array);
    const changed = this.#tamper(data, this.written.length);
    this.written.push(data);
    if (changed) this.other?.push(changed);
  }

  push(bytes: Uint8Array | null): void {
    const reader = this.#reader;
    this.#reader = null;
    if (reader) {
      if (bytes === null) this.#inbox.push(null);
      reader(bytes);
    } else this.#inbox.push(bytes);
  }

  end(): void {
    this.other?.push(null);
  }

  close(): void {
    this.end();
  }

  onPeerClosed(): void {}
}

const asIs: Tamper = (bytes) => bytes;

export function pair({ client = asIs, server = asIs }: { client?: Tamper; server?: Tamper } = {}): {
  client: MemoryEnd;
  server: MemoryEnd;
} {
  const ends = { client: new MemoryEnd(client), server: new MemoryEnd(server) };
  ends.client.other = ends.server;
  ends.server.other = ends.client;
  return ends;
}

/** A host that counts its events. */
export function testHost(): TlsHost & { readonly events: { type: string; data: object }[] } {
  const events: { type: string; data: object }[] = [];
  return {
    events,
    event: (type, data) => void events.push({ type, data }),
    mayKeep: () => true,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
}

export const DAY = 86_400_000;

/** A key and a certificate that it signed itself. */
export function testIdentity(name: string, altNames: readonly AltName[] = [], at = Date.now(), days = 30): Identity {
  const key = p256SecretKey(crypto.getRandomValues(new Uint8Array(P256_SEED)));
  const serial = crypto.getRandomValues(new Uint8Array(20));
  const request = { secret: key, serial, subject: [['CN', name] as const], altNames, notBefore: at, notAfter: at + days * DAY };
  return { key, chain: [makeCertificate(request)] };
}

/** An identity as the files of `ssl_certificate` and `ssl_certificate_key`. */
export function testFiles({ chain, key }: Identity): { readonly certificate: string; readonly key: string } {
  return {
    certificate: chain.map((der) => writePem({ label: 'CERTIFICATE', der })).join(''),
    key: writePem({ label: 'PRIVATE KEY', der: writePrivateKey(key) }),
  };
}
