/** Guards one upstream connection: its time limits, and a client that goes away meanwhile. */
import { type Connection, isSystemError } from '../../../host/host.ts';
import type { NextCase, PassSettings } from '../config/pass-model.ts';
import type { Request } from '../request.ts';

/** Why there is no (whole) answer from upstream: the status for the client and the words for the error log. */
export class UpstreamFailure extends Error {
  readonly status: number;
  readonly level: 'error' | 'crit' | 'alert';
  /** What kind of failure it is, for deciding about the next server; null when no other server would help. */
  readonly kind: NextCase | null;
  constructor(status: number, level: 'error' | 'crit' | 'alert', kind: NextCase | null, message: string) {
    super(message);
    this.status = status;
    this.level = level;
    this.kind = kind;
  }
}

export const timedOut = (action: string): UpstreamFailure =>
  new UpstreamFailure(504, 'error', 'timeout', `upstream timed out (110: Connection timed out) while ${action}`);

const clientGone = (): UpstreamFailure => new UpstreamFailure(499, 'error', null, 'client closed connection');

export class Watch {
  readonly connection: Connection;
  readonly #request: Request;
  readonly #settings: PassSettings;
  #timedOut = false;
  #ended = false;

  constructor(request: Request, settings: PassSettings, connection: Connection) {
    this.#request = request;
    this.#settings = settings;
    this.connection = connection;
    if (settings.ignoreAbort) return;
    request.client.onGone = () => this.end();
    if (request.client.gone) this.end();
  }

  /** Write a part of the request, within the send timeout. Throws UpstreamFailure. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#within(this.#settings.sendTimeout, () => this.connection.write(bytes));
    } catch (error) {
      // What upstream had already answered is still to be read: only a reset loses it.
      if (isSystemError(error, 'EPIPE') && !this.#ended) return;
      throw this.failure(error, 'sending request to upstream', 'writev()');
    }
  }

  /** One step of reading, within the read timeout. Throws UpstreamFailure for what the connection throws. */
  async read<T>(step: () => Promise<T>, action: string): Promise<T> {
    try {
      const result = await this.#within(this.#settings.readTimeout, step);
      // A read that this process itself ended says "end of stream", or nothing special.
      if (this.#ended) throw clientGone();
      return result;
    } catch (error) {
      throw this.failure(error, action, 'recv()');
    }
  }

  async #within<T>(limit: number, step: () => Promise<T>): Promise<T> {
    const { deadlines } = this.#request.client.worker;
    const deadline = deadlines.set(limit, () => {
      this.#timedOut = true;
      this.end();
    });
    try {
      return await step();
    } finally {
      deadlines.cancel(deadline);
    }
  }

  /** Let the connection go, at the end or early. */
  end(): void {
    if (this.#ended) return;
    this.release();
    this.connection.close();
  }

  /** Watch no more, but leave the connection open for another request. */
  release(): void {
    this.#ended = true;
    this.#request.client.onGone = null;
  }

  /** The failure behind an error; an error that is none comes back as it is. */
  failure(error: unknown, action: string, call: string): unknown {
    if (this.#timedOut) return timedOut(action);
    if (this.#request.client.gone && !this.#settings.ignoreAbort) return clientGone();
    if (!isSystemError(error)) return error;
    return new UpstreamFailure(502, 'error', 'error', `${call} failed (${error.errno}: ${error.strerror}) while ${action}`);
  }
}
