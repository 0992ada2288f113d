/** Clients of this machine for the published ports of a sandbox and for a real server. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { printedBy } from '../../lib/processes.ts';
import type { LoadResult } from '../engine/programs.ts';
import type { Subject } from './measure.ts';

/** Load by a client in a process of its own. */
export const loadFromMachine: Subject['load'] = async (...args): Promise<LoadResult> =>
  (await printedBy(join(import.meta.dirname, 'client.ts'), args.map(String))) as LoadResult;

/** A client that takes so many bytes of an answer and then no more. Gives what ends it. */
export async function sipFromMachine(port: number, bytes: number, request: string): Promise<() => void> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  socket.write(request);
  let got = 0;
  await new Promise<void>((resolve) => {
    socket.on('data', (part) => {
      got += part.length;
      if (got < bytes) return;
      socket.pause();
      resolve();
    });
  });
  return () => socket.destroy();
}
