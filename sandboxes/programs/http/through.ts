/** A connection that passes everything on to another one: what differs is for those who extend it. */
import type { Address, Connection } from '../../host/host.ts';

export class Through implements Connection {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get id(): string {
    return this.#connection.id;
  }

  get address(): Address {
    return this.#connection.address;
  }

  get peer(): string {
    return this.#connection.peer;
  }

  read(): Promise<Uint8Array | null> {
    return this.#connection.read();
  }

  write(bytes: Uint8Array | string): Promise<void> {
    return this.#connection.write(bytes);
  }

  end(): void {
    this.#connection.end();
  }

  close(): void {
    this.#connection.close();
  }

  onPeerClosed(callback: () => void): void {
    this.#connection.onPeerClosed(callback);
  }
}
