import { afterEach, expect, test } from 'vitest';
import { createLocalSandbox, type LocalSandbox } from '../../host/local.ts';

let sandbox: LocalSandbox;
afterEach(() => sandbox.dispose());

async function out(program: string, args: readonly string[]): Promise<string> {
  const process = await sandbox.spawn(program, args);
  await process.exited;
  return process.output();
}

/** A server with a Unix socket that two children hold too, and a TCP port; two clients wait. */
async function serve(): Promise<number> {
  sandbox = createLocalSandbox({
    files: { '/run/shop/': '', '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\n' },
    programs: {
      uwsgi: async (host) => {
        if (host.inherited.length === 0) {
          const shop = await host.listen({ path: '/run/shop/shop.sock' }, { backlog: 100 });
          await host.listen({ port: 80 }, { backlog: 511 });
          for (let i = 0; i < 2; i++) await host.spawn('uwsgi', ['worker'], { listeners: [shop] });
          for (let i = 0; i < 2; i++) await host.connect({ path: '/run/shop/shop.sock' });
          await host.print('ready');
        }
        await host.sleep(60_000);
        return 0;
      },
    },
  });
  const server = await sandbox.spawn('uwsgi');
  await expect.poll(server.output).toBe('ready');
  return server.pid;
}

test('ss -lxp: one socket, who waits, who holds it', async () => {
  const pid = await serve();
  const lines = (await out('ss', ['-lxp'])).split('\n');
  expect(lines[0]).toBe('Netid State  Recv-Q Send-Q       Local Address:Port Peer Address:Port Process');
  expect(lines[1]).toBe(
    `u_str LISTEN 2      100    /run/shop/shop.sock 1               * 0    users:(("uwsgi",pid=${pid},fd=3),("uwsgi",pid=${pid + 1},fd=3),("uwsgi",pid=${pid + 2},fd=3))`,
  );
  expect(lines).toHaveLength(3);
});

test('ss -ltn and its names without -n', async () => {
  const pid = await serve();
  expect(await out('ss', ['-ltn'])).toBe(
    'State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nLISTEN 0      511          0.0.0.0:80        0.0.0.0:*\n',
  );
  expect(await out('ss', ['-ltp'])).toMatch(new RegExp(`0\\.0\\.0\\.0:http.* users:\\(\\("uwsgi",pid=${pid},fd=4\\)\\)\n$`));
  expect((await out('ss', ['-l'])).split('\n')).toHaveLength(4);
  expect(await out('ss', [])).toContain('add -l');
  expect(await out('ss', ['-q'])).toMatch(/^ss: invalid option -- 'q'\n/);
});

test('ps draws the family', async () => {
  const pid = await serve();
  const forest = await out('ps', ['-o', 'pid,ppid,args', '--forest']);
  expect(forest).not.toContain('error');
  const all = await out('ps', ['-eo', 'pid,args', '--forest']);
  expect(all).toContain(`${pid} uwsgi\n`);
  expect(all).toMatch(new RegExp(`${pid + 1}  \\\\_ uwsgi worker\n *${pid + 2}  \\\\_ uwsgi worker\n`));
  expect(await out('ps', ['-o', 'pid,ppid,args', '--ppid', String(pid)])).toMatch(
    new RegExp(`^ +PID +PPID COMMAND\n *${pid + 1} +${pid} uwsgi worker\n *${pid + 2} +${pid} uwsgi worker\n$`),
  );
});
