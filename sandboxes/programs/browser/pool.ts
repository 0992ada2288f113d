/** Kept connections by address and port. A teaching browser opens as many as it has requests under way, up to a limit. */
import { type Connection, type Host, SystemError } from '../../host/host.ts';
import { Deadlines } from '../http/deadlines.ts';
import { HttpConnection, type HttpUrl } from '../http/exchange.ts';
import type { CertificateFacts } from './messages.ts';

const MOST = 64;
/** Milliseconds that a TLS handshake may take, as in Chromium. */
const HANDSHAKE = 30_000;

interface Origin {
  readonly idle: HttpConnection[];
  open: number;
  readonly waiting: (() => void)[];
}

/** A connection to send a request over, and what its server's certificate is worth (null without TLS). */
export interface Taken {
  readonly http: HttpConnection;
  readonly reused: boolean;
  readonly certificate: CertificateFacts | null;
}

/** Where a request goes. */
export interface Target {
  readonly ip: string;
  readonly url: HttpUrl;
  /** Fingerprint of a certificate that is taken though it is not trusted. */
  readonly accept: string | undefined;
}

/** Who does not trust a server's certificate looks at it. */
export class NotPrivate extends Error {
  readonly certificate: CertificateFacts;
  constructor(certificate: CertificateFacts) {
    super('the certificate is not trusted');
    this.certificate = certificate;
  }
}

export class Pool {
  readonly #host: Host;
  readonly #origins = new Map<string, Origin>();
  /** Closed by the server while they were in use. */
  readonly #gone = new WeakSet<HttpConnection>();
  readonly #certificates = new WeakMap<HttpConnection, CertificateFacts>();
  readonly #deadlines: Deadlines;
  readonly #handshake: number;

  /** `handshake`: milliseconds that TLS may take to begin. */
  constructor(host: Host, handshake = HANDSHAKE) {
    this.#host = host;
    this.#handshake = handshake;
    this.#deadlines = new Deadlines(host);
  }

  /**
   * An idle connection, a new one, or the next that is given back. `onConnected` gets a new one before TLS, so that it can
   * be closed. Throws what connecting and TLS throw, NotPrivate, and ETIMEDOUT for a handshake that takes too long.
   */
  async take(target: Target, onConnected: (connection: Connection) => void): Promise<Taken> {
    const origin = this.#origin(target);
    for (;;) {
      const idle = origin.idle.pop();
      if (idle) return { http: idle, reused: true, certificate: this.#certificates.get(idle) ?? null };
      if (origin.open < MOST) break;
      await new Promise<void>((resolve) => origin.waiting.push(resolve));
    }
    origin.open++;
    try {
      const { connection, certificate } = await this.#connect(target, onConnected);
      const http = new HttpConnection(connection);
      if (certificate) this.#certificates.set(http, certificate);
      connection.onPeerClosed(() => this.#forget(origin, http));
      return { http, reused: false, certificate };
    } catch (error) {
      this.#closed(origin);
      throw error;
    }
  }

  /** Hand a connection back, to be kept or closed. */
  giveBack(target: Target, http: HttpConnection, keep: boolean): void {
    const origin = this.#origin(target);
    if (keep && !this.#gone.has(http)) {
      origin.idle.push(http);
      origin.waiting.shift()?.();
    } else {
      http.connection.close();
      this.#closed(origin);
    }
  }

  /** The server closed an idle connection. One that is in use finds out by itself. */
  #forget(origin: Origin, http: HttpConnection): void {
    this.#gone.add(http);
    const at = origin.idle.indexOf(http);
    if (at < 0) return;
    origin.idle.splice(at, 1);
    http.connection.close();
    this.#closed(origin);
  }

  #closed(origin: Origin): void {
    origin.open--;
    origin.waiting.shift()?.();
  }

  /** Only certificates that the machine trusts are good enough, or the one that the visitor accepted. */
  async #connect({ ip, url, accept }: Target, onConnected: (connection: Connection) => void): Promise<Secured> {
    const { secure, host, port } = url;
    const connection = await this.#host.connect({ port, ip });
    onConnected(connection);
    if (!secure) return { connection, certificate: null };
    let late = false;
    const deadline = this.#deadlines.set(this.#handshake, () => {
      late = true;
      connection.close();
    });
    try {
      return await this.#secure(connection, host, accept);
    } catch (error) {
      connection.close();
      throw late ? new SystemError('ETIMEDOUT') : error;
    } finally {
      this.#deadlines.cancel(deadline);
    }
  }

  async #secure(connection: Connection, host: string, accept: string | undefined): Promise<Secured> {
    const [{ AUTHORITIES, authorities, connectHttps, Untrusted, verifyChain }, { factsOf }] = await Promise.all([
      import('../tls/index.ts'),
      import('./certificate.ts'),
    ]);
    const trusted = await authorities(this.#host, AUTHORITIES);
    const now = this.#host.date();
    try {
      const { tls, certificate } = await connectHttps(connection, this.#host, host, accept === undefined ? trusted : null, {
        commonName: false,
      });
      const facts = certificate && factsOf(certificate, host, verifyChain(tls.agreed.chain, trusted, now), now);
      if (facts?.trouble && facts.fingerprint !== accept) throw new NotPrivate(facts);
      return { connection: tls, certificate: facts };
    } catch (error) {
      if (error instanceof Untrusted && error.certificate) throw new NotPrivate(factsOf(error.certificate, host, error.problem, now));
      throw error;
    }
  }

  #origin({ ip, url: { secure, host, port }, accept = '' }: Target): Origin {
    // A connection over TLS is for one name, and for what was accepted under it.
    const key = `${ip}:${port} ${secure ? `${host} ${accept}` : ''}`;
    let origin = this.#origins.get(key);
    if (!origin) {
      origin = { idle: [], open: 0, waiting: [] };
      this.#origins.set(key, origin);
    }
    return origin;
  }
}

interface Secured {
  readonly connection: Connection;
  readonly certificate: CertificateFacts | null;
}
