/**
 * `--publish`: opens a port of this machine on 127.0.0.1 and carries each connection to a port of the sandbox. A process of
 * the sandbox like any other, but one that only the command line starts and that may use the machine's network.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Connection, Host, Program } from '../host.ts';
import { LOOPBACK } from './channel.ts';

/** Arguments: the machine's port, the sandbox's port. Prints `ready`, or the reason why not on standard error. */
export const publish: Program = async (host) => {
  const [machinePort = 0, sandboxPort = 0] = host.args.map(Number);
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  try {
    server.listen(machinePort, LOOPBACK);
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error;
    const why = reason === 'EADDRINUSE' ? 'another program uses it' : reason === 'EACCES' ? 'this user may not open it' : reason;
    await host.printError(`sandbox: cannot publish on port ${machinePort} of this machine: ${why}\n`);
    return 1;
  }
  server.on('connection', (socket) => void carry(host, socket, sandboxPort));
  await host.print('ready\n');
  await once(server, 'close');
  return 0;
};

async function carry(host: Host, socket: Socket, port: number): Promise<void> {
  // What goes wrong on the machine's side shows in 'close', which always comes.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let connection: Connection;
  try {
    connection = await host.connect({ port });
  } catch {
    socket.resetAndDestroy();
    return;
  }
  void closed.then(() => connection.close());
  try {
    await Promise.all([upload(socket, connection), download(connection, socket, closed)]);
  } catch {
    // The sandbox's side was reset: so is the machine's.
    socket.resetAndDestroy();
  }
}

async function upload(socket: Socket, connection: Connection): Promise<void> {
  await new Promise<void>((ended) => {
    socket.once('end', ended);
    socket.once('close', ended);
    let underWay = 0;
    socket.on('data', (chunk: Buffer) => {
      // Where there is room a write is done before more can come; where not, what comes must wait.
      if (++underWay > 1) socket.pause();
      connection.write(new Uint8Array(chunk)).then(
        () => {
          if (--underWay === 0) socket.resume();
        },
        () => {
          // The server takes no more: its answer may still be on its way. Read on, so that the end is seen.
          socket.removeAllListeners('data').resume();
        },
      );
    });
  });
  connection.end();
}

async function download(connection: Connection, socket: Socket, closed: Promise<void>): Promise<void> {
  for (let part = await connection.read(); part !== null; part = await connection.read()) {
    if (!socket.write(part)) await Promise.race([once(socket, 'drain').catch(() => {}), closed]);
  }
  socket.end();
}
