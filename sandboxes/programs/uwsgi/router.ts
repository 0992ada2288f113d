/**
 * The HTTP router of `http`: a process of its own that takes HTTP from clients and hands it to the workers in the uwsgi
 * protocol. It never waits for a worker with anything else to do, so clients that are slow keep no worker busy. What comes
 * back it passes on as it is, and then closes: no kept connections. Recorded of uWSGI 2.0.21's plugin http.
 */
import type { Address, Connection, Host, Listener } from '../../host/host.ts';
import { isSystemError } from '../../host/host.ts';
import { Deadlines } from '../http/deadlines.ts';
import { BadHead, parseRequest, type RequestHead } from '../http/head.ts';
import { CutShort, HeadTooLarge, Reader } from '../http/reader.ts';
import { bodyLength, httpVariables } from './http.ts';
import type { Log } from './log.ts';
import { encodePacket, MAX_VARIABLES, ProtocolError } from './protocol.ts';

/** What the master hands to the router, in its environment. */
export interface RouterStart {
  /** Where the workers listen. */
  readonly to: Address;
  /** Seconds without a byte in either direction after which a client is given up. */
  readonly timeout: number;
  readonly logto: string | null;
  readonly title: string;
}

export const ROUTER_START = 'UWSGI_SANDBOX_ROUTER';

/** Route until somebody ends it, which is the master with SIGKILL. */
export async function runRouter(host: Host, log: Log, { to, timeout, title }: RouterStart): Promise<number> {
  host.setTitle(title);
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) host.onSignal(signal, 'ignore');
  const router = new Router(host, log, to, timeout * 1000);
  await Promise.all(host.inherited.map((listener) => router.serve(listener)));
  return 0;
}

class Router {
  #host: Host;
  #log: Log;
  #to: Address;
  #timeout: number;
  #deadlines: Deadlines;

  constructor(host: Host, log: Log, to: Address, timeout: number) {
    this.#host = host;
    this.#log = log;
    this.#to = to;
    this.#timeout = timeout;
    this.#deadlines = new Deadlines(host);
  }

  async serve(listener: Listener): Promise<void> {
    for (let client = await listener.accept(); client !== null; client = await listener.accept()) void this.#serveOne(client);
  }

  async #serveOne(client: Connection): Promise<void> {
    const open = [client];
    const close = (): void => {
      for (const one of open) one.close();
    };
    const idle = new IdleTime(this.#deadlines, this.#timeout, close);
    try {
      const reader = new Reader(client);
      const head = await readHead(reader);
      if (head === null) return;
      const packet = encodePacket(httpVariables(head, client, 'http'));
      const worker = await this.#host.connect(this.#to);
      open.push(worker);
      client.onPeerClosed(close);
      await worker.write(packet);
      void sendBody(reader, head, worker, idle).catch(() => {});
      await this.#answer(worker, client, head, idle);
    } catch (error) {
      // The other end is shown a closed connection, and nothing is said: as the real one does.
      if (!isSystemError(error) && !(error instanceof ProtocolError)) throw error;
    } finally {
      idle.end();
      close();
    }
  }

  async #answer(worker: Connection, client: Connection, { headers }: RequestHead, idle: IdleTime): Promise<void> {
    try {
      await pass(worker, client, idle);
    } catch (error) {
      if (!isSystemError(error, 'ECONNRESET')) throw error;
      const key = headers.find((header) => header.key === 'host')?.value ?? '';
      this.#log.line(
        `[uwsgi-http key: ${key} client_addr: ${client.peer} client_port: 0] hr_instance_read(): ${error.strerror} [plugins/http/http.c line 647]`,
      );
    }
  }
}

/** Null for what is no HTTP, and when the client leaves before its end. Throws what the connection throws. */
async function readHead(reader: Reader): Promise<RequestHead | null> {
  try {
    const text = await reader.head({ line: MAX_VARIABLES, total: MAX_VARIABLES });
    return text === null ? null : parseRequest(text);
  } catch (error) {
    if (error instanceof BadHead || error instanceof CutShort || error instanceof HeadTooLarge) return null;
    throw error;
  }
}

/** As much as the head says, and nothing of what may come behind it. */
async function sendBody(reader: Reader, { headers }: RequestHead, worker: Connection, idle: IdleTime): Promise<void> {
  let left = bodyLength(headers);
  while (left > 0 && (reader.hasBuffered || (await reader.more()))) {
    const bytes = reader.buffered.slice(0, left);
    reader.skip(bytes.length);
    left -= bytes.length;
    idle.start();
    await worker.write(bytes);
  }
}

async function pass(from: Connection, to: Connection, idle: IdleTime): Promise<void> {
  for (let bytes = await from.read(); bytes !== null; bytes = await from.read()) {
    idle.start();
    await to.write(bytes);
  }
}

/** Calls `passed` when nothing has happened for so many milliseconds. */
class IdleTime {
  #deadlines: Deadlines;
  #ms: number;
  #passed: () => void;
  #deadline: ReturnType<Deadlines['set']>;

  constructor(deadlines: Deadlines, ms: number, passed: () => void) {
    this.#deadlines = deadlines;
    this.#ms = ms;
    this.#passed = passed;
    this.#deadline = deadlines.set(ms, passed);
  }

  /** Something has happened. */
  start(): void {
    this.end();
    this.#deadline = this.#deadlines.set(this.#ms, this.#passed);
  }

  end(): void {
    this.#deadlines.cancel(this.#deadline);
  }
}
