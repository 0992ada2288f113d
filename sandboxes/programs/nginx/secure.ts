/** A connection to a port for TLS: the handshake, or plain HTTP by a client that has mistaken the port. */
import { type Connection, isSystemError, SystemError } from '../../host/host.ts';
import { Through } from '../http/through.ts';
import type { Agreed } from '../tls/connection.ts';
import type { Server } from './config/model.ts';
import type { Problem } from './head.ts';
import type { Worker } from './worker.ts';

export interface Secured {
  readonly connection: Connection;
  /** Null for plain HTTP. */
  readonly tls: Agreed | null;
  /** The server that the client asked for in the handshake: it is the default one for the requests. */
  readonly server: Server;
}

/** The answer to plain HTTP on a port for TLS. */
export const PLAIN_HTTP: Problem = {
  status: 497,
  detail: 'The plain HTTP request was sent to HTTPS port',
  log: 'client sent plain HTTP request to HTTPS port while reading client request headers',
};

/** Shake hands. Null when that failed: the reason is in the error log, and the connection is closed. */
export async function secure(worker: Worker, connection: Connection, number: number): Promise<Secured | null> {
  const { router, deadlines, host } = worker;
  const virtual = router.virtual(connection.address);
  const { fallback } = virtual;
  const { address } = connection;
  const server = 'port' in address ? `${address.ip ?? '0.0.0.0'}:${address.port}` : '';
  const log = (text: string): void =>
    worker.logs.error(fallback.location.settings.errorLogs, 'info', `*${number} ${text}, client: ${connection.peer}, server: ${server}`);
  const { acceptTls, openSslWords, TlsError, Truncated } = await import('../tls/index.ts');

  let late = false;
  const deadline = deadlines.set(router.limits(fallback).headerTimeout, () => {
    late = true;
    log('client timed out (110: Connection timed out) while SSL handshaking');
    connection.close();
  });
  let chosen = fallback;
  try {
    const first = await connection.read();
    if (first === null) {
      if (!late) log('client closed connection while SSL handshaking');
      connection.close();
      return null;
    }
    const whole = new Again(connection, first);
    const [byte = 0] = first;
    // A TLS record of the handshake, or a ClientHello of SSL 2; text begins with neither.
    if (byte !== 22 && byte < 128) return { connection: whole, tls: null, server: fallback };
    const secured = await acceptTls(whole, host, {
      protocols: ['http/1.1', 'http/1.0', 'http/0.9'],
      identity: (name) => {
        if (name !== null) chosen = virtual.find(name).server;
        const identity = chosen.identity ?? fallback.identity;
        if (!identity) throw new Error('no certificate');
        return identity;
      },
      onFault: (error) => {
        // Many clients do not take leave in TLS.
        if (error instanceof Truncated) return null;
        if (!(error instanceof TlsError)) return error;
        log(`SSL_read() failed (SSL: error:${openSslWords(error)}) while waiting for request`);
        return new SystemError('ECONNRESET', 'read()');
      },
    });
    return { connection: secured, tls: secured.agreed, server: chosen };
  } catch (error) {
    if (late) return null;
    if (error instanceof TlsError) {
      const alert = error.by === 'peer' ? `:SSL alert number ${error.code}` : '';
      log(`SSL_do_handshake() failed (SSL: error:${openSslWords(error)}${alert}) while SSL handshaking`);
    } else if (error instanceof Truncated) log('peer closed connection in SSL handshake while SSL handshaking');
    else if (isSystemError(error)) log(`peer closed connection in SSL handshake (${error.errno}: ${error.strerror}) while SSL handshaking`);
    else throw error;
    connection.close();
    return null;
  } finally {
    deadlines.cancel(deadline);
  }
}

/** A connection of which a piece was read already: it comes first again. */
class Again extends Through {
  #first: Uint8Array | null;

  constructor(connection: Connection, first: Uint8Array) {
    super(connection);
    this.#first = first;
  }

  override read(): Promise<Uint8Array | null> {
    const first = this.#first;
    this.#first = null;
    return first ? Promise.resolve(first) : super.read();
  }
}
