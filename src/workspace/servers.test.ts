import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { Bench, healthy } from './servers/testing.ts';
import { commandLine } from './servers.ts';

describe('start', () => {
  it('starts each when the one before it listens', async () => {
    const bench = new Bench();
    bench.behave = (pid, program) => {
      bench.calls.push(`${program} listens`);
      healthy(bench)(pid, program);
    };
    await bench.start();
    expect(bench.calls).toEqual(['spawn uwsgi', 'uwsgi listens', 'spawn nginx', 'nginx listens']);
    expect(bench.steps).toEqual(['Starting uwsgi', 'Starting nginx', 'Waiting for a worker with Python loaded']);
  });

  it('counts a child that listens for its parent', async () => {
    const bench = new Bench();
    bench.behave = (pid, program) => healthy(bench)(program === 'nginx' ? bench.fork(pid, 'nginx') : pid, program);
    await expect(bench.start()).resolves.toBeUndefined();
  });

  it("fails with the program's own output when it exits", async () => {
    const bench = new Bench();
    bench.behave = (pid) => {
      bench.print(pid, 'user x not found.\n');
      bench.exit(pid, 1);
    };
    await expect(bench.start()).rejects.toMatchObject({
      message: 'uwsgi ended while it was starting',
      why: expect.stringContaining('exit code is 1'),
      output: 'user x not found.\n',
    });
    expect(bench.printed).toEqual([
      'uwsgi: $ uwsgi --ini /srv/shop/uwsgi.ini\n',
      'uwsgi: user x not found.\n',
      'uwsgi: [uwsgi ended: exit code 1]\n',
    ]);
    expect(bench.calls).toEqual(['spawn uwsgi']);
  });

  it('notices when the first dies while the second starts', async () => {
    const bench = new Bench();
    let uwsgi = 0;
    bench.behave = (pid, program) => {
      bench.listen(pid);
      if (program === 'uwsgi') uwsgi = pid;
      else bench.exit(uwsgi, 22);
    };
    await expect(bench.start()).rejects.toMatchObject({ message: 'uwsgi ended while it was starting' });
  });

  it('names the signal that ended it', async () => {
    const bench = new Bench();
    bench.behave = (pid) => bench.exit(pid, null, 'SIGKILL');
    await expect(bench.start()).rejects.toMatchObject({ why: 'It was ended by SIGKILL.' });
  });

  it('fails at once when uwsgi ends, with any exit code, or says that it has no workers', async () => {
    const ended = new Bench({ listen: 5000, ready: 5000, stop: 40, quiet: 20 });
    ended.behave = (pid, program) => {
      ended.listen(pid);
      if (program === 'nginx') ended.exit(2, 0);
    };
    await expect(ended.start()).rejects.toMatchObject({
      message: 'uwsgi ended while it was starting',
      why: expect.stringContaining('code is 0'),
    });
    const none = new Bench({ listen: 5000, ready: 5000, stop: 40, quiet: 20 });
    none.behave = (pid, program) => {
      none.listen(pid);
      if (program === 'uwsgi') none.print(pid, 'mapped\n*** Operational MODE: no-workers ***\nmore\n');
    };
    await expect(none.start()).rejects.toMatchObject({
      message: 'uwsgi starts no workers',
      output: 'mapped\n*** Operational MODE: no-workers ***',
    });
  });

  it('can be called off, and what it started can be killed though the trace has not told of it yet', async () => {
    const bench = new Bench({ listen: 5000, ready: 5000, stop: 5000, quiet: 20 });
    const off = new AbortController();
    const see = bench.servers.see.bind(bench.servers);
    bench.servers.see = () => {};
    bench.behave = () => off.abort(new Error('called off'));
    await expect(bench.start(off.signal)).rejects.toThrow('called off');
    bench.servers.see = see;
    bench.onSignal = (pid, signal) => bench.exit(pid, null, signal);
    await bench.stop(true);
    expect(bench.calls).toEqual(['spawn uwsgi', 'kill 2 SIGKILL']);
  });

  it('does not wait for ever for who never listens or never gets a worker', async () => {
    const silent = new Bench();
    await expect(silent.start()).rejects.toThrow('uwsgi does not listen');
    const idle = new Bench();
    idle.behave = (pid) => idle.listen(pid);
    await expect(idle.start()).rejects.toThrow('uwsgi has no worker ready');
  });

  it('tells who has never listened in this sandbox from who hangs later', async () => {
    const bench = new Bench();
    await expect(bench.start()).rejects.toMatchObject({ message: 'uwsgi does not listen', neverListened: true });
    // not the first start, but nothing has listened yet
    bench.behave = (pid, program) => program === 'uwsgi' && bench.listen(pid);
    await expect(bench.start()).rejects.toMatchObject({ message: 'nginx does not listen', neverListened: true });
    // an endless loop at import
    bench.behave = (pid) => bench.listen(pid);
    await expect(bench.start()).rejects.toMatchObject({ message: 'uwsgi has no worker ready', neverListened: false });
    bench.behave = () => {};
    await expect(bench.start()).rejects.toMatchObject({ message: 'uwsgi does not listen', neverListened: false });
  });
});

describe('stop', () => {
  it('asks the masters to stop and waits for their children', async () => {
    const bench = new Bench();
    bench.behave = healthy(bench);
    await bench.start();
    bench.fork(0, 'sh');
    bench.calls.length = 0;
    // pids: uwsgi 2, its worker 3, nginx 4, sh 5
    bench.onSignal = (pid) => {
      if (pid === 2) bench.exit(3, 0);
      bench.exit(pid, 0);
    };
    await bench.stop();
    expect(bench.calls).toEqual(['kill 2 SIGTERM', 'kill 4 SIGTERM']);
  });

  it('kills who does not listen, orphans too', async () => {
    const bench = new Bench();
    bench.behave = healthy(bench);
    await bench.start();
    bench.calls.length = 0;
    bench.onSignal = (pid, signal) => {
      if (signal === 'SIGKILL' || pid === 2) bench.exit(pid, null, signal);
    };
    await bench.stop();
    expect(bench.calls).toEqual(['kill 2 SIGTERM', 'kill 4 SIGTERM', 'kill 3 SIGKILL', 'kill 4 SIGKILL']);
  });

  it('loses no time with who hung in the start', async () => {
    const bench = new Bench();
    bench.behave = (pid) => bench.listen(pid);
    await expect(bench.start()).rejects.toThrow('uwsgi has no worker ready');
    bench.calls.length = 0;
    bench.onSignal = (pid, signal) => bench.exit(pid, null, signal);
    await bench.stop();
    expect(bench.calls).toEqual(['kill 2 SIGKILL', 'kill 3 SIGKILL']);
  });

  it('says so when they are still there', async () => {
    const bench = new Bench();
    bench.behave = healthy(bench);
    await bench.start();
    await expect(bench.stop()).rejects.toThrow('The servers do not stop');
  });
});

it('knows what came after the last start; a reload by hand is none', async () => {
  const bench = new Bench();
  const log: TraceEvent[] = [];
  const see = bench.servers.see.bind(bench.servers);
  bench.servers.see = (events) => {
    log.push(...events);
    see(events);
  };
  const readies = () => bench.servers.sinceStart(log).filter(({ type }) => type === 'uwsgi.ready').length;
  bench.behave = healthy(bench);
  bench.t = 1;
  await bench.start();
  bench.see(bench.fork(2, 'uwsgi'), 'uwsgi.ready', { worker: 2 });
  expect(readies()).toBe(2);
  bench.t = 2;
  bench.see(2, 'process.signal', { signal: 'SIGHUP', from: 9 });
  expect(readies()).toBe(2);
  bench.onSignal = (pid, signal) => bench.exit(pid, null, signal);
  await bench.stop(true);
  bench.t = 3;
  bench.behave = (pid) => bench.exit(pid, 1);
  await expect(bench.start()).rejects.toThrow('ended');
  expect(readies()).toBe(0);
});

it('writes a command as one would type it', () => {
  expect(commandLine({ program: 'nginx', args: ['-g', 'daemon off;'] })).toBe("nginx -g 'daemon off;'");
});
