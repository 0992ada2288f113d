/** How long a worker waits for the bytes of a request, with one timer for all requests instead of one each. */
import type { Host } from '../../host/host.ts';
import type { Sent } from './request.ts';

/** The real one's socket-timeout, ms. */
const SOCKET_TIMEOUT = 4000;
const LOOK_EVERY = 500;

export class Patience {
  #host: Host;
  #deadline = 0;
  #expire: (() => void) | null = null;
  #looking = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** What `reading` gives, or `late` when it takes too long. One at a time. */
  wait(reading: Promise<Uint8Array | null>): Promise<Sent> {
    return new Promise((resolve, reject) => {
      this.#deadline = this.#host.now() + SOCKET_TIMEOUT;
      const expire = (): void => resolve('late');
      this.#expire = expire;
      if (!this.#looking) void this.#look();
      const over = (): void => {
        if (this.#expire === expire) this.#expire = null;
      };
      reading.then(over, over);
      reading.then(resolve, reject);
    });
  }

  async #look(): Promise<void> {
    this.#looking = true;
    while (this.#expire !== null) {
      await this.#host.sleep(LOOK_EVERY);
      if (this.#host.now() >= this.#deadline) this.#expire?.();
    }
    this.#looking = false;
  }
}
