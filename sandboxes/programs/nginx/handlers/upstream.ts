/** Guards one upstream connection: its time limits, and a client that goes away meanwhile. */
import { type Connection, isSystemError } from '../../../host/host.ts';
import type { Deadline } from '../../http/deadlines.ts';
import type { Request } from '../request.ts';

/** Why there is no (whole) answer from upstream: the status for the client and the words for the error log. */
export class UpstreamFailure extends Error {
  readonly status: number;
  readonly level: 'error' | 'crit' | 'alert';
  constructor(status: number, level: 'error' | 'crit' | 'alert', message: string) {
    super(message);
    this.status = status;
    this.level = level;
  }
}

export class Watch {
  readonly connection: Connection;
  readonly #request: Request;
  #timedOut = false;
  #ended = false;

  constructor(request: Request, connection: Connection) {
    this.#request = request;
    this.connection = connection;
    request.client.onGone = () => this.end();
    if (request.client.gone) this.end();
  }

  /** Write the request. Throws UpstreamFailure. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.connection.write(bytes);
    } catch (error) {
      // What upstream had already answered is still to be read: only a reset loses it.
      if (isSystemError(error, 'EPIPE') && !this.#ended) return;
      throw this.failure(error, 'sending request to upstream', 'writev()');
    }
  }

  /** One step of reading, within uwsgi_read_timeout. Throws UpstreamFailure for what the connection throws. */
  async read<T>(step: () => Promise<T>, action: string): Promise<T> {
    const { deadlines } = this.#request.client.worker;
    const deadline: Deadline = deadlines.set(this.#request.settings.uwsgiReadTimeout, () => {
      this.#timedOut = true;
      this.end();
    });
    try {
      const result = await step();
      // A read that this process itself ended says "end of stream", or nothing special.
      if (this.#ended) throw new UpstreamFailure(499, 'error', 'client closed connection');
      return result;
    } catch (error) {
      throw this.failure(error, action, 'recv()');
    } finally {
      deadlines.cancel(deadline);
    }
  }

  /** Let the connection go, at the end or early. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#request.client.onGone = null;
    this.connection.close();
  }

  /** The failure behind an error; an error that is none comes back as it is. */
  failure(error: unknown, action: string, call: string): unknown {
    if (this.#timedOut) {
      return new UpstreamFailure(504, 'error', `upstream timed out (110: Connection timed out) while ${action}`);
    }
    if (this.#request.client.gone) return new UpstreamFailure(499, 'error', 'client closed connection');
    if (!isSystemError(error)) return error;
    return new UpstreamFailure(502, 'error', `${call} failed (${error.errno}: ${error.strerror}) while ${action}`);
  }
}
