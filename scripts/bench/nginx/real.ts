/** The machine's own nginx, where one is installed, on ports of its own and with nothing of the machine's configuration. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../lib/static-server.ts';
import { BEHIND_BYTES, configuration, files } from './setting.ts';

export interface RealServer {
  readonly version: string;
  readonly port: number;
  readonly behind: number;
  /** Process of its worker. */
  readonly worker: number;
  close(): Promise<void>;
}

/** Starts it. A sentence says why there is none. */
export async function openReal(): Promise<RealServer | string> {
  const version = /nginx\/[\d.]+/.exec(String(spawnSync('nginx', ['-v']).stderr))?.[0];
  if (version === undefined) return 'nginx is not installed on this machine';
  const folder = mkdtempSync(join(tmpdir(), 'bench-nginx-'));
  // Its worker runs as another user.
  chmodSync(folder, 0o755);
  for (const [name, data] of Object.entries(files())) writeFileSync(join(folder, name), data);
  const [port, behind] = [await freePort(), await freePort()];
  const conf = join(folder, 'nginx.conf');
  writeFileSync(conf, configuration({ port, behind, root: folder, logs: folder, main: `pid ${folder}/pid;\ndaemon off;` }));
  const upstream = spawn(process.execPath, [join(import.meta.dirname, 'behind.ts'), String(behind), String(BEHIND_BYTES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const nginx = spawn('nginx', ['-c', conf], { stdio: 'inherit' });
  await Promise.all([once(upstream.stdout, 'data'), answers(port)]);
  const worker = Number(readFileSync(`/proc/${nginx.pid}/task/${nginx.pid}/children`, 'utf8').split(' ')[0]);
  const close = async (): Promise<void> => {
    await Promise.all([ended(nginx, 'SIGTERM'), ended(upstream, 'SIGTERM')]);
    rmSync(folder, { recursive: true });
  };
  return { version, port, behind, worker, close };
}

/** Until somebody listens there. */
export async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = connect({ port, host: '127.0.0.1' });
    const connected = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody listens on port ${port}`);
}

export async function ended(process: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(process, 'exit');
  process.kill(signal);
  await exit;
}
