/**
 * What Python prints, on its way out of a process that may not yield for a long time.
 *
 * Synchronous Python cannot wait for the kernel to take its output. So it is handed over now and then, slowed down by
 * short real waits when it floods, and cut off when it does not stop.
 */
import type { Host } from '../../host/host.ts';
import { pause } from './sleep.ts';

const HAND_OVER_EVERY_MS = 20;
const FLOOD_BYTES = 64 * 1024;
const FLOOD_PAUSE_MS = 50;
const MOST_BYTES_A_CALL = 1024 * 1024;

export class PythonOutput {
  #host: Host;
  #print: (bytes: Uint8Array, stream: 1 | 2) => void;
  /** Bytes since Python last yielded. */
  #bytes = 0;
  #next = FLOOD_BYTES;
  #handedOver = 0;
  #cut = false;

  constructor(host: Host, print: (bytes: Uint8Array, stream: 1 | 2) => void) {
    this.#host = host;
    this.#print = print;
  }

  /** Python wrote this, within a call. */
  write(bytes: Uint8Array, stream: 1 | 2): void {
    this.#bytes += bytes.length;
    if (this.#bytes > MOST_BYTES_A_CALL) {
      if (!this.#cut)
        this.#print(new TextEncoder().encode('\n[sandbox] more than 1 MB of output without a pause: the rest is not shown\n'), 2);
      this.#cut = true;
      return;
    }
    this.#print(bytes, stream);
    const now = this.#host.now();
    if (now - this.#handedOver >= HAND_OVER_EVERY_MS) {
      this.#handedOver = now;
      this.#host.flush();
    }
    if (this.#bytes >= this.#next) {
      this.#next += FLOOD_BYTES;
      this.#host.flush();
      pause(FLOOD_PAUSE_MS);
    }
  }

  /** A call into Python has returned. */
  yielded(): void {
    this.#bytes = 0;
    this.#next = FLOOD_BYTES;
    this.#cut = false;
  }
}
