/** The machine's own nginx, where one is installed, on ports of its own and with nothing of the machine's configuration. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childrenOf } from '../../lib/processes.ts';
import { nginxVersion, RealServers } from '../../lib/real-server.ts';
import { freePort } from '../../lib/static-server.ts';
import { BEHIND_BYTES, configuration, files } from './setting.ts';

export interface RealServer {
  /** `nginx/1.22.1` */
  readonly version: string;
  readonly port: number;
  readonly behind: number;
  /** Process of its worker. */
  readonly worker: number;
  close(): Promise<void>;
}

/** Starts it. A sentence says why there is none. */
export async function openReal(): Promise<RealServer | string> {
  const version = nginxVersion();
  if (version === null) return 'nginx is not installed on this machine';
  const servers = new RealServers('bench-nginx');
  const { folder } = servers;
  for (const [name, data] of Object.entries(files())) writeFileSync(join(folder, name), data);
  const [port, behind] = [await freePort(), await freePort()];
  const conf = join(folder, 'nginx.conf');
  writeFileSync(conf, configuration({ port, behind, root: folder, logs: folder, main: `pid ${folder}/pid;` }));
  const upstream = spawn(process.execPath, [join(import.meta.dirname, 'behind.ts'), String(behind), String(BEHIND_BYTES)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const close = async (): Promise<void> => {
    upstream.kill();
    await servers.close();
  };
  try {
    const { pid = 0 } = servers.startNginx(conf);
    await Promise.all([once(upstream.stdout, 'data'), servers.answers(port)]);
    const [worker = 0] = childrenOf(pid);
    return { version: `nginx/${version}`, port, behind, worker, close };
  } catch (error) {
    await close();
    throw error;
  }
}
