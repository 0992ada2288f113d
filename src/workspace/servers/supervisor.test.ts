import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../../sandboxes/host/events.ts';
import { Bench, healthy } from './testing.ts';

describe('the supervisor', () => {
  const LONG = { listen: 5000, ready: 5000, stop: 5000, quiet: 20 };
  /** Its services: uwsgi 3 with worker 4, and nginx 6, whose parent 5 has ended. */
  const boots = (bench: Bench) => (pid: number) => {
    bench.listen(pid);
    const uwsgi = bench.fork(pid, 'uwsgi');
    bench.see(bench.fork(uwsgi, 'uwsgi'), 'uwsgi.ready', { worker: 1 });
    const before = bench.fork(pid, 'nginx');
    bench.fork(before, 'nginx');
    bench.exit(before, 0);
    bench.print(pid, 'systemd[2]: Started shop.service - shop.\nsystemd[2]: Startup finished in 1.234s.\n');
  };

  it('has started when all its services have, and what they read counts', async () => {
    const bench = new Bench(LONG, ['systemd']);
    bench.behave = boots(bench);
    await bench.start();
    expect(bench.steps).toEqual(['Starting systemd', 'Waiting for a worker with Python loaded']);
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(true);
    const role = { type: 'process.role', t: 1, seq: 1, role: 'master' } as const;
    const events: TraceEvent[] = [
      { ...role, pid: 3, server: 'uwsgi' },
      { ...role, pid: 6, server: 'nginx' },
    ];
    const all = (program: string) => ({ program, what: 'all' });
    expect(bench.servers.readersIn(events)).toEqual([all('uwsgi'), all('nginx')]);

    // a reload: the master of nginx is in the background, and was started by a process of its like
    bench.servers.see(events);
    const worker = bench.fork(6, 'nginx');
    const hup = (pid: number): TraceEvent => ({ type: 'process.signal', t: 2, seq: 1, pid, signal: 'SIGHUP', from: 9 });
    expect(bench.servers.readersIn([hup(6)])).toEqual([all('nginx')]);
    expect(bench.servers.readersIn([hup(3)])).toEqual([all('uwsgi')]);
    expect(bench.servers.readersIn([hup(worker), hup(4)])).toEqual([]);
  });

  it('after a chain reload the code was read anew where each worker loads it, and never the options', async () => {
    const bench = new Bench(LONG, ['systemd']);
    bench.behave = boots(bench);
    await bench.start();
    const over: TraceEvent = { type: 'log', t: 3, seq: 1, pid: 3, text: 'Mon Nov 23 11:00:00 2026 - chain reloading complete' };
    bench.see(3, 'uwsgi.app', { where: 'master', ms: 1, ok: true });
    expect(bench.servers.readersIn([over])).toEqual([]);
    bench.see(4, 'uwsgi.app', { where: 'worker', ms: 1, ok: true });
    expect(bench.servers.readersIn([over])).toEqual([{ program: 'uwsgi', what: 'code' }]);
  });

  it('fails with the service that does not start', async () => {
    const bench = new Bench(LONG, ['systemd']);
    bench.behave = (pid) => {
      bench.listen(pid);
      bench.print(pid, 'no such file\nsystemd[2]: Failed to start shop.service - shop.\n');
    };
    await expect(bench.start()).rejects.toMatchObject({
      message: 'shop.service did not start',
      why: 'systemctl status shop.service says more.',
    });
  });

  it('is asked first to stop, and stops its services itself', async () => {
    const bench = new Bench(LONG);
    bench.behave = healthy(bench);
    await bench.start();
    // uwsgi 2, its worker 3, nginx 4; the learner's systemctl has started a supervisor 5, which started another nginx 6
    const systemd = bench.fork(0, 'systemd');
    bench.fork(systemd, 'nginx');
    bench.calls.length = 0;
    bench.onSignal = (pid) => {
      if (pid === systemd) bench.exit(6, 0);
      if (pid === 2) bench.exit(3, 0);
      bench.exit(pid, 0);
    };
    await bench.stop();
    expect(bench.calls).toEqual(['kill 5 SIGTERM', 'kill 2 SIGTERM', 'kill 4 SIGTERM']);
  });

  it('is killed before its services when it does not end: it would start them again', async () => {
    const bench = new Bench({ listen: 40, ready: 40, stop: 40, quiet: 20 }, ['systemd']);
    bench.behave = boots(bench);
    await bench.start();
    bench.calls.length = 0;
    bench.onSignal = (pid, signal) => signal === 'SIGKILL' && bench.exit(pid, null, signal);
    await bench.stop();
    expect(bench.calls).toEqual(['kill 2 SIGTERM', 'kill 2 SIGKILL', 'kill 3 SIGKILL', 'kill 4 SIGKILL', 'kill 6 SIGKILL']);
  });
});
