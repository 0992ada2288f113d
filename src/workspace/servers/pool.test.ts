import { describe, expect, it } from 'vitest';
import { Bench, healthy } from './testing.ts';

describe('the pool', () => {
  it('is all there when as many workers are ready as uWSGI said it would start', async () => {
    const bench = new Bench({ listen: 5000, ready: 5000, stop: 40, quiet: 20 });
    bench.behave = (pid, program) => {
      if (program === 'uwsgi') bench.print(pid, 'mapped 1234 bytes (1 KB) for 3 cores\n');
      healthy(bench)(pid, program);
    };
    await bench.start();
    const seen: string[] = [];
    const all = bench.servers.allReady(new AbortController().signal).then((ready) => seen.push(`all: ${ready}`));
    bench.see(bench.fork(2, 'uwsgi'), 'uwsgi.ready', { worker: 2 });
    // a worker of somebody else's pool does not count
    bench.see(bench.fork(0, 'uwsgi'), 'uwsgi.ready', { worker: 1 });
    await Promise.resolve();
    expect(seen).toEqual([]);
    bench.see(bench.fork(2, 'uwsgi'), 'uwsgi.ready', { worker: 3 });
    await all;
    expect(seen).toEqual(['all: true']);
  });

  it('is as large as uWSGI said last, after a reload, and what it prints is not kept for ever', async () => {
    const bench = new Bench({ listen: 5000, ready: 40, stop: 40, quiet: 20 });
    bench.behave = (pid, program) => {
      if (program === 'uwsgi') bench.print(pid, 'mapped 1234 bytes (1 KB) for 1 cores\n');
      healthy(bench)(pid, program);
    };
    await bench.start();
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(true);
    // a line in two parts, and much after it
    bench.print(2, 'reloading\nmapped 1234 bytes (1 KB)');
    bench.print(2, ' for 2 cores\n');
    bench.print(2, '[pid: 3] GET /\n'.repeat(10_000));
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(false);
    bench.see(bench.fork(2, 'uwsgi'), 'uwsgi.ready', { worker: 2 });
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(true);
  });

  it('explains an end with the end of what was printed', async () => {
    const bench = new Bench({ listen: 5000, ready: 5000, stop: 40, quiet: 20 });
    bench.behave = (pid) => {
      bench.print(pid, 'x'.repeat(200_000));
      bench.print(pid, 'the last word\n');
      bench.exit(pid, 1);
    };
    const failure = await bench.start().catch((error: unknown) => error);
    expect((failure as { output: string }).output).toMatch(/^x{1,64000}the last word\n$/);
  });

  it('is not waited for without end', async () => {
    const bench = new Bench();
    bench.behave = (pid, program) => {
      if (program === 'uwsgi') bench.print(pid, 'mapped 1234 bytes (1 KB) for 2 cores\n');
      healthy(bench)(pid, program);
    };
    await bench.start();
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(false);
  });

  it('may be missing: a lesson with only nginx', async () => {
    const bench = new Bench(undefined, ['nginx']);
    bench.behave = healthy(bench);
    await bench.start();
    expect(bench.steps).toEqual(['Starting nginx']);
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(true);
  });
});
