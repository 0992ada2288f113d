/** Kept connections by address and port. A teaching browser opens as many as it has requests under way, up to a limit. */
import { type Connection, type Host, SystemError } from '../../host/host.ts';
import { Deadlines } from '../http/deadlines.ts';
import { HttpConnection, type HttpUrl } from '../http/exchange.ts';

const MOST = 64;
/** Milliseconds that a TLS handshake may take, as in Chromium. */
const HANDSHAKE = 30_000;

interface Origin {
  readonly idle: HttpConnection[];
  open: number;
  readonly waiting: (() => void)[];
}

export class Pool {
  readonly #host: Host;
  readonly #origins = new Map<string, Origin>();
  /** Closed by the server while they were in use. */
  readonly #gone = new WeakSet<HttpConnection>();
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
   * be closed. Throws what connecting and TLS throw, and ETIMEDOUT for a handshake that takes too long.
   */
  async take(ip: string, url: HttpUrl, onConnected: (connection: Connection) => void): Promise<{ http: HttpConnection; reused: boolean }> {
    const origin = this.#origin(ip, url);
    for (;;) {
      const idle = origin.idle.pop();
      if (idle) return { http: idle, reused: true };
      if (origin.open < MOST) break;
      await new Promise<void>((resolve) => origin.waiting.push(resolve));
    }
    origin.open++;
    try {
      const connection = await this.#connect(ip, url, onConnected);
      const http = new HttpConnection(connection);
      connection.onPeerClosed(() => this.#forget(origin, http));
      return { http, reused: false };
    } catch (error) {
      this.#closed(origin);
      throw error;
    }
  }

  /** Hand a connection back, to be kept or closed. */
  giveBack(ip: string, url: HttpUrl, http: HttpConnection, keep: boolean): void {
    const origin = this.#origin(ip, url);
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

  /** Only certificates that the machine trusts are good enough. */
  async #connect(ip: string, { secure, host, port }: HttpUrl, onConnected: (connection: Connection) => void): Promise<Connection> {
    const connection = await this.#host.connect({ port, ip });
    onConnected(connection);
    if (!secure) return connection;
    let late = false;
    const deadline = this.#deadlines.set(this.#handshake, () => {
      late = true;
      connection.close();
    });
    try {
      const { AUTHORITIES, authorities, connectHttps } = await import('../tls/index.ts');
      const trusted = await authorities(this.#host, AUTHORITIES);
      return (await connectHttps(connection, this.#host, host, trusted, { commonName: false })).tls;
    } catch (error) {
      connection.close();
      throw late ? new SystemError('ETIMEDOUT') : error;
    } finally {
      this.#deadlines.cancel(deadline);
    }
  }

  #origin(ip: string, { secure, host, port }: HttpUrl): Origin {
    // A connection over TLS is for one name.
    const key = `${ip}:${port} ${secure ? host : ''}`;
    let origin = this.#origins.get(key);
    if (!origin) {
      origin = { idle: [], open: 0, waiting: [] };
      this.#origins.set(key, origin);
    }
    return origin;
  }
}
