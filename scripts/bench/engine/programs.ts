/**
 * Sandbox programs that only the benchmark has: a client that keeps a server busy, and the bare echo over three processes
 * that the server's rate is compared with. They use the same streams as the product's programs and nothing else.
 */
import type { Connection, Host, Program } from '../../../sandboxes/host/host.ts';
import { programs as product } from '../../../sandboxes/programs/registry.ts';
import { numbers } from '../numbers/inside.ts';
import { filler, OK } from './filler.ts';

/** What `load` prints, as JSON. */
export interface LoadResult {
  readonly rate: number;
  /** Milliseconds that a request took: the middle one, and the one that 99 % are not above. */
  readonly p50: number;
  readonly p99: number;
  /** Bytes of an answer. */
  readonly size: number;
}

/** Reads from `connection` until `size` bytes have come. */
async function take(connection: Connection, size: number): Promise<Uint8Array> {
  let first: Uint8Array | null = null;
  for (let got = 0; got < size; ) {
    const bytes = await connection.read();
    if (bytes === null) throw new Error(`the connection ended after ${got} of ${size} bytes`);
    first ??= bytes;
    got += bytes.length;
    if (got > size) throw new Error(`${got} bytes came instead of ${size}`);
  }
  return first ?? new Uint8Array(0);
}

const startsWithOk = (bytes: Uint8Array): boolean => [...OK].every((character, index) => bytes[index] === character.charCodeAt(0));

/** Takes the first answer and gives its size, from its head: every later one must have the same. */
async function measureAnswer(connection: Connection): Promise<number> {
  const decoder = new TextDecoder();
  let text = '';
  let got = 0;
  for (;;) {
    const bytes = await connection.read();
    if (bytes === null) throw new Error(`no answer with a length: ${text}`);
    got += bytes.length;
    text += decoder.decode(bytes.subarray(0, 4096));
    const end = text.indexOf('\r\n\r\n');
    const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
    if (end < 0) continue;
    if (length === undefined) throw new Error(`no answer with a length: ${text}`);
    const size = end + 4 + Number(length);
    if (got < size) await take(connection, size - got);
    return size;
  }
}

/** `load PORT CONNECTIONS WARM-UP MEASURED REQUEST`: requests over kept connections, each after the answer to the one before. */
const load: Program = async (host: Host) => {
  const [port = 0, connections = 0, warmUp = 0, measured = 0] = host.args.slice(0, 4).map(Number);
  const request = new TextEncoder().encode(host.args[4]);
  const times: number[] = [];
  let size = 0;
  const open = async (): Promise<Connection> => {
    const connection = await host.connect({ port });
    await connection.write(request);
    size = await measureAnswer(connection);
    return connection;
  };
  const all = await Promise.all(Array.from({ length: connections }, open));
  const begin = host.now() + warmUp;
  const end = begin + measured;
  const client = async (connection: Connection): Promise<void> => {
    for (let sent = host.now(); sent < end; ) {
      await connection.write(request);
      const answer = await take(connection, size);
      if (!startsWithOk(answer)) throw new Error(`not a 200: ${new TextDecoder().decode(answer)}`);
      const now = host.now();
      if (now >= begin && now <= end) times.push(now - sent);
      sent = now;
    }
    connection.close();
  };
  await Promise.all(all.map(client));
  if (times.length === 0) throw new Error('no answer in the time that was measured');
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  const result: LoadResult = { rate: (times.length / measured) * 1000, p50: at(0.5), p99: at(0.99), size };
  await host.print(JSON.stringify(result));
  return 0;
};

/**
 * `echo PORT PROCESSES REQUEST ANSWER [UPSTREAM SENT RECEIVED]`: answers every REQUEST bytes with ANSWER bytes; with an
 * upstream port it first sends SENT bytes there and waits for RECEIVED bytes, each time over a connection of its own, as the
 * uwsgi protocol has it; with `kept` as the last word, over one upstream connection for each client's. Several processes
 * share the listening socket.
 */
const echo: Program = async (host) => {
  const [port = 0, processes = 1, request = 0, answer = 0, upstream = 0, sent = 0, received = 0] = host.args.map(Number);
  const [inherited] = host.inherited;
  const listener = inherited ?? (await host.listen({ port }, { backlog: 511 }));
  if (inherited === undefined) {
    for (let more = 1; more < processes; more++) await host.spawn('echo', host.args, { listeners: [listener] });
  }
  const [reply, packet] = [filler(answer), new Uint8Array(sent)];
  const kept = host.args.at(-1) === 'kept';
  const serve = async (client: Connection): Promise<void> => {
    const line = kept && upstream !== 0 ? await host.connect({ port: upstream }) : null;
    for (;;) {
      await take(client, request);
      if (line !== null) {
        await line.write(packet);
        await take(line, received);
      } else if (upstream !== 0) {
        const once = await host.connect({ port: upstream }, { first: packet });
        await take(once, received);
        once.close();
      }
      await client.write(reply);
    }
  };
  for (let client = await listener.accept(); client !== null; client = await listener.accept()) {
    // A client that leaves ends its own loop.
    void serve(client).catch(() => client.close());
  }
  return 0;
};

/** `sip PORT BYTES REQUEST`: takes so many bytes of an answer, says so, and then nothing more, but keeps the connection. */
const sip: Program = async (host) => {
  const [port = 0, wanted = 0] = host.args.slice(0, 2).map(Number);
  const connection = await host.connect({ port });
  await connection.write(host.args[2] ?? '');
  for (let got = 0; got < wanted; ) got += (await connection.read())?.length ?? wanted;
  host.event('progress', { what: 'sip', value: 1 });
  await new Promise(() => {});
  return 0;
};

export const programs: Readonly<Record<string, Program>> = { ...product, load, echo, sip, numbers };
