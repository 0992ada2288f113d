/** The master's side of the stats server: its socket, and the picture of the instance at this moment. */
import { type Connection, type Host, isSystemError, type Listener } from '../../host/host.ts';
import type { Log } from './log.ts';
import { type Slot, workerState } from './slot.ts';
import { openStats, socketFd, statsFd } from './socket.ts';
import type { Instance } from './startup.ts';
import { statsJson, unstarted } from './stats.ts';

/** What of the master it looks at. */
export interface Watched {
  slots(): readonly Slot[];
  /** Are ended workers not replaced any more? */
  ending(): boolean;
  /** Resolves when the master does not sleep. */
  awake(): Promise<void>;
  /** A connection wakes the master, as every event of its does. */
  wake(): void;
}

export class StatsServer {
  #host: Host;
  #log: Log;
  #instance: Instance;
  #watched: Watched;
  #listener: Listener | null = null;
  /** The queue of the socket when it was last measured, and how long it may get: a Unix socket tells neither. */
  #queue = 0;
  #maxQueue = 0;

  constructor(host: Host, log: Log, instance: Instance, watched: Watched) {
    this.#host = host;
    this.#log = log;
    this.#instance = instance;
    this.#watched = watched;
  }

  /** Listen, when the configuration says where. False when that failed, and why is said. */
  async open(): Promise<boolean> {
    const { options } = this.#instance;
    const address = options.stats;
    if (address === null) return true;
    const listener = await openStats(this.#host, address, options);
    if (!('accept' in listener)) {
      this.#log.line(...listener.lines);
      return false;
    }
    this.#listener = listener;
    this.#log.line(`*** Stats server enabled on ${address} fd: ${statsFd(options)} ***`);
    void this.#serve(listener);
    return true;
  }

  close(): void {
    this.#listener?.close();
  }

  /** At each tick: how many wait at a TCP socket, and a line when it is full. */
  async measureQueue(): Promise<void> {
    const { options, listener } = this.#instance;
    if ('path' in listener.address) return;
    this.#queue = await listener.waiting();
    this.#maxQueue = listener.backlog;
    if (this.#queue === 0 || this.#queue < this.#maxQueue) return;
    const name = options.sockets[0]?.address ?? '';
    this.#log.dated(
      `*** uWSGI listen queue of socket "${name}" (fd: ${socketFd(options)}) full !!! (${this.#queue}/${this.#maxQueue}) ***`,
    );
  }

  async #serve(listener: Listener): Promise<void> {
    for (let connection = await listener.accept(); connection !== null; connection = await listener.accept()) {
      await this.#answer(connection);
      this.#watched.wake();
    }
  }

  async #answer(connection: Connection): Promise<void> {
    await this.#watched.awake();
    try {
      await connection.write(this.#picture());
    } catch (error) {
      // Who asked has left.
      if (!isSystemError(error)) throw error;
    } finally {
      connection.close();
    }
  }

  #picture(): string {
    const { pid, uid, gid, cwd } = this.#host;
    const { options, loaded, appStartup } = this.#instance;
    const [socket] = options.sockets;
    const slots = this.#watched.slots();
    const notYet = unstarted(loaded ? appStartup : null);
    return statsJson({
      pid,
      uid,
      gid,
      cwd,
      thunderLock: options.thunderLock,
      socket: { name: socket?.address ?? '', protocol: socket?.protocol ?? '', queue: this.#queue, maxQueue: this.#maxQueue },
      workers: Array.from({ length: options.processes }, (_, i) => {
        const slot = slots[i];
        return slot ? workerState(slot, this.#watched.ending()) : notYet;
      }),
    });
  }
}
