/** The client as a process of the machine: `outside.ts TASK`, a task of client.ts as JSON. Prints what came of it, as JSON. Its clock is the date's. */
import { connect as connectPlain, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectSealed, createSecureContext } from 'node:tls';
import { type Asking, doIt, type Line, type Watching } from './client.ts';

const task: Asking | Watching = JSON.parse(process.argv[2] ?? '');
const host = '127.0.0.1';
/** Read once: the authorities that Node brings along would cost more than the handshake. */
const secureContext = createSecureContext();

function lineOf(socket: Socket): Line {
  const come: (Uint8Array | null)[] = [];
  let waiting: ((bytes: Uint8Array | null) => void) | null = null;
  const give = (bytes: Uint8Array | null): void => {
    if (waiting === null) come.push(bytes);
    else waiting(bytes);
    waiting = null;
  };
  socket.on('data', give);
  socket.on('close', () => give(null));
  return {
    read: () =>
      new Promise((resolve) => {
        const bytes = come.shift();
        if (bytes === undefined) waiting = resolve;
        else resolve(bytes);
      }),
    write: (bytes) => new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve()))),
    close: () => void socket.destroy(),
  };
}

const connect = (): Promise<Line> =>
  new Promise((resolve, reject) => {
    const socket: Socket = task.sealed
      ? connectSealed(
          { port: task.port, host, servername: 'localhost', secureContext, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] },
          () => resolve(lineOf(socket)),
        )
      : connectPlain({ port: task.port, host, noDelay: true }, () => resolve(lineOf(socket)));
    // After it has connected a failure is the end of what can be read.
    socket.on('error', reject);
  });

console.log(JSON.stringify(await doIt({ connect, now: () => performance.timeOrigin + performance.now(), sleep }, task)));
