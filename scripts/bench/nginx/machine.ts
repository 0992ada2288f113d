/** Clients of this machine for the published ports of a sandbox and for a real server, and what Linux says of memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { LoadResult } from '../engine/programs.ts';
import type { Subject } from './measure.ts';

/** Load by a client in a process of its own. */
export const loadFromMachine: Subject['load'] = async (...args): Promise<LoadResult> => {
  const client = spawn(process.execPath, [join(import.meta.dirname, 'client.ts'), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  client.stdout.on('data', (bytes) => {
    output += bytes;
  });
  const [code] = await once(client, 'close');
  if (code !== 0) throw new Error(`the client ended with ${code}`);
  return JSON.parse(output);
};

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

/** Processes that this one has started, oldest first. Empty where the system does not tell. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  } catch {
    return [];
  }
}

/** Memory of a process; pages that it shares with others count in part. NaN where the system does not tell. */
export function megabytes(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
