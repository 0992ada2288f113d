/** What a conformance case is, and the few words that cases are written in. */
import { type Child, type Connection, type ErrorCode, type Host, isSystemError, type PipeReader, type Program } from '../host.ts';

export interface Case {
  /** `group: what holds`. */
  readonly name: string;
  /** Throws when it does not hold. Runs as root in a process of its own, in a fresh empty directory. */
  readonly run: (host: Host) => Promise<void>;
}

export interface Group {
  readonly cases: readonly Case[];
  /** Programs that the cases start. */
  readonly programs: Readonly<Record<string, Program>>;
}

/** Names the cases of a group. */
export function group(name: string, cases: Readonly<Record<string, Case['run']>>, programs: Readonly<Record<string, Program>> = {}): Group {
  return { cases: Object.entries(cases).map(([what, run]) => ({ name: `${name}: ${what}`, run })), programs };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
export const bytes = (text: string): Uint8Array => encoder.encode(text);
export const text = (data: Uint8Array | null): string => (data === null ? '<end>' : decoder.decode(data));

export function equal(actual: unknown, expected: unknown, what = 'value'): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: got ${a}, expected ${b}`);
}

export function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
}

/** The promise must reject with that error. */
export async function fails(code: ErrorCode, promise: Promise<unknown>): Promise<void> {
  const outcome = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (!isSystemError(outcome, code)) throw new Error(`expected ${code}, got ${outcome}`);
}

/** What the promise gives, or `late` when it gives nothing within that time. */
export function within<T>(host: Host, ms: number, promise: Promise<T>): Promise<T | 'late'> {
  return Promise.race([promise, host.sleep(ms).then(() => 'late' as const)]);
}

/** Asks again until it holds. */
export async function eventually(host: Host, what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let n = 0; n < 300; n++) {
    if (await holds()) return;
    await host.sleep(10);
  }
  throw new Error(`never so: ${what}`);
}

interface Readable {
  read(): Promise<Uint8Array | null>;
}

/** Everything up to the end of stream. */
export async function readAll(from: Readable): Promise<string> {
  const parts = new TextDecoder();
  let all = '';
  for (let part = await from.read(); part !== null; part = await from.read()) all += parts.decode(part, { stream: true });
  return all;
}

/** Reads until that many bytes have come. */
export async function readBytes(from: Readable, count: number): Promise<Uint8Array> {
  const all = new Uint8Array(count);
  for (let got = 0; got < count; ) {
    const part = await from.read();
    if (part === null) throw new Error(`end of stream after ${got} of ${count} bytes`);
    all.set(part, got);
    got += part.length;
  }
  return all;
}

/** Lines that a child writes, one at a time. */
export class Lines {
  #from: PipeReader;
  #rest = '';

  constructor(child: Child) {
    if (child.stdout === null) throw new Error('the child was not spawned with stdout: pipe');
    this.#from = child.stdout;
  }

  async next(): Promise<string> {
    for (;;) {
      const at = this.#rest.indexOf('\n');
      if (at >= 0) {
        const line = this.#rest.slice(0, at);
        this.#rest = this.#rest.slice(at + 1);
        return line;
      }
      const part = await this.#from.read();
      if (part === null) throw new Error(`the child's output ended; rest: ${JSON.stringify(this.#rest)}`);
      this.#rest += text(part);
    }
  }
}

/** Two ends of a connection inside one process. */
export async function pair(host: Host, path = 'pair.sock'): Promise<[client: Connection, server: Connection]> {
  const listener = await host.listen({ path });
  const [client, server] = await Promise.all([host.connect({ path }), listener.accept()]);
  listener.close();
  await host.fs.remove(path);
  if (server === null) throw new Error('accept() gave nothing');
  return [client, server];
}

/** A connection to a child that runs `program` with the listener it inherits; the child gets the server's end. */
export async function withPeer(
  host: Host,
  program: string,
  args: readonly string[] = [],
): Promise<[connection: Connection, child: Child, lines: Lines]> {
  const listener = await host.listen({ path: 'peer.sock' });
  const child = await host.spawn(program, args, { listeners: [listener], stdout: 'pipe' });
  const connection = await host.connect({ path: 'peer.sock' });
  listener.close();
  return [connection, child, new Lines(child)];
}

/** The connection that a child started by `withPeer` has with its parent. */
export async function acceptOne(host: Host): Promise<Connection> {
  const connection = await host.inherited[0]?.accept();
  if (!connection) throw new Error('no connection to accept');
  return connection;
}
