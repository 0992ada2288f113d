/** The client as a program of the sandbox: `numbers TASK`, a task of client.ts as JSON. Prints what came of it, as JSON. */
import type { Connection, Program } from '../../../sandboxes/host/host.ts';
import { type Asking, doIt, type Line, type Watching } from './client.ts';

export const numbers: Program = async (host) => {
  const task: Asking | Watching = JSON.parse(host.args[0] ?? '');
  const connect = async (): Promise<Line> => {
    const connection: Connection = await host.connect({ port: task.port });
    if (!task.sealed) return connection;
    const { connectTls } = await import('../../../sandboxes/programs/tls/index.ts');
    return connectTls(connection, host, { serverName: 'localhost', protocols: ['http/1.1'], check: () => null });
  };
  await host.print(JSON.stringify(await doIt({ connect, now: () => host.now(), sleep: (ms) => host.sleep(ms) }, task)));
  return 0;
};
