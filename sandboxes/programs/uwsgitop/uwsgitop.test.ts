import { afterEach, expect, test } from 'vitest';
import type { Host } from '../../host/host.ts';
import { createLocalSandbox, type LocalSandbox } from '../../host/local.ts';
import recorded from '../uwsgi/fixtures/stats.json' with { type: 'json' };

/** A stats server that says what the real one was recorded saying, one answer after the other. */
const recording =
  (...answers: readonly unknown[]) =>
  async (host: Host): Promise<number> => {
    const listener = await host.listen({ path: '/stats.sock' });
    await host.print('ready\n');
    for (const answer of answers) {
      const connection = await listener.accept();
      await connection?.write(typeof answer === 'string' ? answer : JSON.stringify(answer));
      connection?.close();
    }
    return 0;
  };

let sandbox: LocalSandbox;
afterEach(() => sandbox.dispose());

async function start(...answers: readonly unknown[]): Promise<void> {
  sandbox = createLocalSandbox({ programs: { recording: recording(...answers) } });
  const server = await sandbox.spawn('recording');
  await expect.poll(server.output).toBe('ready\n');
}

test('one look: header, columns, the busiest worker first', async () => {
  await start(recorded.cheaper);
  const top = await sandbox.spawn('uwsgitop', ['/stats.sock']);
  expect(await top.exited).toEqual({ code: 0, signal: null });
  const [head, node, columns, ...workers] = top.stdout().split('\n');
  expect(head).toMatch(/^uwsgi-2\.0\.21-debian - \w{3} \w{3} [ \d]\d [\d:]{8} \d{4} - req: 36 - RPS: 0 - lq: 0 - tx: 4\.1K$/);
  expect(node).toMatch(/^node: sandbox - cwd: \/srv\/shop\/app - uid: 0 - gid: 0 - masterpid: \d+$/);
  expect(columns).toBe(' WID\t%\tPID\tREQ\tRPS\tEXC\tSIG\tSTATUS\tAVG\tRSS\tVSZ\tTX\tReSpwn\tHC\tRunT\tLastSpwn');
  expect(workers).toContain(' 2\t47.2\t0\t17\t0\t0\t0\tcheap\t701ms\t0\t0\t1.9K\t1\t0\t11930.079\t05:53:55');
  expect(workers).toContain(' 0\t0.0\t0\t0\t0\t0\t0\tcheap\t0ms\t0\t0\t0\t0\t0\t0.0\t--:--:--');
  const requests = workers.slice(0, -1).map((line) => Number(line.split('\t')[3]));
  expect(requests).toEqual(requests.toSorted((a, b) => b - a));
});

test('with --frequency it looks again, and knows how many requests a second', async () => {
  const later = { ...recorded['after-tcp'], workers: recorded['after-tcp'].workers.map((worker) => ({ ...worker, requests: 1000 })) };
  await start(recorded['after-tcp'], later);
  const top = await sandbox.spawn('uwsgitop', ['--frequency', '1', '/stats.sock']);
  await expect.poll(() => top.stdout().match(/RPS: (\d+)/g)?.length, { timeout: 5000 }).toBe(2);
  sandbox.kill(top.pid, 'SIGINT');
  expect((await top.exited).signal).toBe('SIGINT');
  const [first, second] = [...top.stdout().matchAll(/RPS: (\d+)/g)].map(([, rate]) => Number(rate));
  expect(first).toBe(0);
  // 3992 requests more, in a little more than a second.
  expect(second).toBeGreaterThan(1000);
  expect(second).toBeLessThanOrEqual(3992);
});

test('nobody there, nonsense, no address', async () => {
  await start('nonsense');
  const run = async (...args: string[]): Promise<string> => {
    const top = await sandbox.spawn('uwsgitop', args);
    const { code } = await top.exited;
    return `${code} ${top.stderr()}`;
  };
  expect(await run('127.0.0.1:1717')).toBe('1 uwsgitop: 127.0.0.1:1717: [Errno 111] Connection refused\n');
  expect(await run('/stats.sock')).toBe('1 uwsgitop: /stats.sock: this is no stats server of uWSGI\n');
  expect(await run()).toMatch(/^2 usage: uwsgitop/);
});
