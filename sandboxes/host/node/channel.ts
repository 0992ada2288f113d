/** Messages over one loopback TCP connection, and what travels between the kernel's process and the sandbox's processes. */
import { connect, type Socket } from 'node:net';
import type { LinkMessage, Start, ToKernel, ToProcess } from '../wire.ts';
import { Decoder, encode } from './codec.ts';

export const LOOPBACK = '127.0.0.1';

/** Environment of a sandbox process: where the kernel listens, and what to tell it first. */
export const PORT_VARIABLE = 'SANDBOX_KERNEL_PORT';
export const TOKEN_VARIABLE = 'SANDBOX_TOKEN';

/** The first message on every connection: the token proves who calls. A process tells the kernel where it listens. */
export interface Hello {
  readonly token: string;
  readonly port: number;
}

/** Kernel to process: what to run; a link to lay (towards `port`, or null: the other one calls); or a batch. */
export type Down =
  | { readonly start: Start }
  | { readonly link: { readonly pid: number; readonly token: string; readonly port: number | null } }
  | readonly ToProcess[];

/** Process to kernel, after its hello. */
export type Up = readonly ToKernel[];

/** Process to process, after the hello of the one that called. */
export type Across = readonly LinkMessage[];

export class Channel {
  #socket: Socket;
  #decoder = new Decoder();
  onMessage: (message: unknown) => void = () => {};
  onClose: () => void = () => {};
  closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      for (const message of this.#decoder.push(chunk)) this.onMessage(message);
    });
    // Why it broke does not matter: the other process is gone, and 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.onClose();
    });
  }

  /** Messages may be sent at once; they go when the connection stands. */
  static connect(port: number): Channel {
    return new Channel(connect(port, LOOPBACK));
  }

  send(message: unknown): void {
    if (!this.#socket.writableEnded) this.#socket.write(encode(message));
  }

  /** No more messages from here: closes when everything has been sent and the other end has heard it. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
