/**
 * A plain client on Node that keeps a server busy, in a process of its own: `client.ts PORT CONNECTIONS WARM-UP MEASURED
 * REQUEST`. Each connection is kept and sends a request when the answer to the one before is whole. Prints a LoadResult.
 */
import { connect, type Socket } from 'node:net';
import { percentile } from '../../lib/figures.ts';
import type { LoadResult } from '../engine/programs.ts';

const [port = 0, connections = 0, warmUp = 0, measured = 0] = process.argv.slice(2, 6).map(Number);
const request = process.argv[6] ?? '';
const begin = performance.now() + warmUp;
const end = begin + measured;
const times: number[] = [];
let size = 0;

/** The size of an answer, from its head. */
function sizeOf(answer: string): number {
  const head = answer.indexOf('\r\n\r\n') + 4;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer)?.[1];
  if (!answer.startsWith('HTTP/1.1 200 ') || head < 4 || length === undefined)
    throw new Error(`no answer with a length: ${answer.slice(0, 200)}`);
  return head + Number(length);
}

async function client(): Promise<void> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let sent = performance.now();
  let expected = 0;
  let got = 0;
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('the server closed the connection')));
  socket.on('data', (bytes) => {
    // Every answer is like the first one.
    if (expected === 0) expected = sizeOf(bytes.toString('latin1'));
    got += bytes.length;
    if (got < expected) return;
    if (got > expected) return reject(new Error(`${got} bytes came instead of ${expected}`));
    size = expected;
    got = 0;
    const now = performance.now();
    if (now >= begin && now <= end) times.push(now - sent);
    if (now >= end) return resolve();
    sent = now;
    socket.write(request);
  });
  socket.write(request);
  await promise.finally(() => socket.destroy());
}

await Promise.all(Array.from({ length: connections }, client));
if (times.length === 0) throw new Error('no answer in the time that was measured');
console.log(
  JSON.stringify({
    rate: (times.length / measured) * 1000,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    size,
  } satisfies LoadResult),
);
